/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers as user level sees and sets them: seL4_UserContext, messages of faults, replies. */
#include "arch.h"
#include "ipc.h"
#include "switch.h"
#include "vcpu.h"

#define SPSR_MODE_MASK 0x1fu
#define SPSR_MODE_EL0T 0x0u
#define SPSR_MODE_EL1T 0x4u
#define SPSR_MODE_EL1H 0x5u

/* Where a word of a context lives: which word of struct regs. x[n] is n. */
#define PLACE(field) (offsetof(struct regs, field) / sizeof(word))
enum place {
    SP = PLACE(sp),
    SPSR = PLACE(spsr),
    PC = PLACE(restart_pc),
    TPIDR = PLACE(tpidr_el0), /* from here on: in the hardware of the core that runs the thread */
    TPIDRRO = PLACE(tpidrro_el0),
};

/* seL4_UserContext, and (first 34) the order of a timeout reply. */
static const uint8_t context_order[ARCH_CONTEXT_REGS] = {
    PC, SP, SPSR, 0,  1,  2,  3,  4,  5,  6,  7,  8,  16, 17, 18, 29, 30,    9,
    10, 11, 12,   13, 14, 15, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, TPIDR, TPIDRRO,
};

word context_sanitise_spsr(const struct tcb *t, word spsr)
{
    word mode = spsr & SPSR_MODE_MASK;

    if (t->arch.vcpu == NULL)
        return (spsr & SPSR_NZCV) | SPSR_DEFAULT;
    if (mode == SPSR_MODE_EL0T || mode == SPSR_MODE_EL1T || mode == SPSR_MODE_EL1H)
        return spsr;
    return SPSR_DEFAULT;
}

word arch_get_context(const struct tcb *t, unsigned i)
{
    const word *words = (const word *)&t->arch.regs;
    unsigned place = context_order[i];

    if (place < TPIDR || !thread_loaded_here(t))
        return words[place];
    return place == TPIDR ? READ_SYSREG(tpidr_el0) : READ_SYSREG(tpidrro_el0);
}

/* Not part of its caller, whose every other way needs no stack frame. */
static __attribute__((noinline)) void set_thread_register(struct tcb *t, enum place place,
                                                          word value)
{
    bool loaded = thread_loaded_here(t);

    if (place == TPIDR) {
        t->arch.regs.tpidr_el0 = value;
        if (loaded)
            WRITE_SYSREG(tpidr_el0, value);
    } else {
        t->arch.regs.tpidrro_el0 = value;
        if (loaded)
            WRITE_SYSREG(tpidrro_el0, value);
    }
}

void arch_set_context(struct tcb *t, unsigned i, word value)
{
    word *words = (word *)&t->arch.regs;
    unsigned place = context_order[i];

    if (place >= TPIDR)
        set_thread_register(t, place, value);
    else if (place == PC)
        arch_set_pc(t, value);
    else
        words[place] = place == SPSR ? context_sanitise_spsr(t, value) : value;
}

void arch_tcb_init(struct tcb *t)
{
    t->arch.regs.spsr = SPSR_DEFAULT;
}

/* --- faults --- */

/*
 * Fault messages and what the reply to them sets. What is in t->fault.data: VMFault address,
 * instruction flag, ESR; VCPUFault ESR; the others their number.
 */

#define GENERAL_REGISTERS 31u

static bool has_extension(const struct tcb *t)
{
    return (t->flags & KEEL_TCB_FAULT_REGS) != 0 && t->arch.vcpu != NULL &&
           t->fault.type >= FAULT_ARCH_FIRST;
}

static __attribute__((noinline)) unsigned put_unknown_syscall(struct tcb *receiver,
                                                              const struct tcb *t)
{
    const struct regs *regs = &t->arch.regs;
    word words[seL4_UnknownSyscall_Length];

    for (unsigned i = 0; i < 8; i++)
        words[i] = regs->x[i];
    words[seL4_UnknownSyscall_FaultIP] = regs->restart_pc;
    words[seL4_UnknownSyscall_SP] = regs->sp;
    words[seL4_UnknownSyscall_LR] = regs->pc;
    words[seL4_UnknownSyscall_SPSR] = regs->spsr;
    words[seL4_UnknownSyscall_Syscall] = t->fault.data[0];
    return message_put(receiver, words, seL4_UnknownSyscall_Length);
}

static __attribute__((noinline)) unsigned put_user_exception(struct tcb *receiver,
                                                             const struct tcb *t)
{
    const struct regs *regs = &t->arch.regs;
    word words[] = {regs->restart_pc, regs->sp, regs->spsr, t->fault.data[0], t->fault.data[1]};

    return message_put(receiver, words, seL4_UserException_Length);
}

/* Two words at once: LDP and STP. */
typedef unsigned __int128 __attribute__((aligned(8), may_alias)) pair;

/* The words of extension 1 that do not go into registers. */
static inline unsigned put_registers(const struct tcb *t, seL4_IPCBuffer *buffer)
{
    const struct regs *regs = &t->arch.regs;

    if (buffer == NULL)
        return ARCH_MSG_REGS;
    buffer->msg[KEEL_FAULT_SPSR] = regs->spsr;
    const pair *from = (const pair *)&regs->x[0];
    pair *to = (pair *)&buffer->msg[KEEL_FAULT_X0];
#pragma clang loop unroll(full)
    for (unsigned i = 0; i < GENERAL_REGISTERS / 2; i++)
        to[i] = from[i];
    buffer->msg[KEEL_FAULT_X0 + 30] = regs->x[30];
    return KEEL_FAULT_LENGTH;
}

static inline void put_four(struct tcb *receiver, word mr0, word mr1, word mr2, word mr3)
{
    arch_set_mr(receiver, 0, mr0);
    arch_set_mr(receiver, 1, mr1);
    arch_set_mr(receiver, 2, mr2);
    arch_set_mr(receiver, 3, mr3);
}

static inline unsigned put_arch_fault(const struct tcb *t, struct tcb *receiver,
                                      seL4_IPCBuffer *buffer)
{
    enum seL4_Fault_tag type = t->fault.type;
    word pc = t->arch.regs.restart_pc;
    word data0 = t->fault.data[0];
    bool extension = has_extension(t);

    if (type == seL4_Fault_VMFault) {
        put_four(receiver, pc, data0, t->fault.data[1], t->fault.data[2]);
        return extension ? put_registers(t, buffer) : seL4_VMFault_Length;
    }
    if (!extension) {
        arch_set_mr(receiver, 0, data0);
        return 1;
    }
    put_four(receiver, data0, pc, 0, 0);
    return put_registers(t, buffer);
}

__attribute__((always_inline)) unsigned
arch_fault_message(const struct tcb *faulter, struct tcb *receiver, seL4_IPCBuffer *buffer)
{
    if (likely(faulter->fault.type >= FAULT_ARCH_FIRST))
        return put_arch_fault(faulter, receiver, buffer);
    if (faulter->fault.type == seL4_Fault_UnknownSyscall)
        return put_unknown_syscall(receiver, faulter);
    return put_user_exception(receiver, faulter);
}

static __attribute__((noinline)) void reply_unknown_syscall(struct tcb *t,
                                                            const struct tcb *replier,
                                                            const seL4_IPCBuffer *buffer,
                                                            unsigned length)
{
    struct regs *regs = &t->arch.regs;

    for (unsigned i = 0; i < length && i < 8; i++)
        regs->x[i] = message_word(replier, buffer, i);
    if (length > 8)
        arch_set_pc(t, message_word(replier, buffer, 8));
    if (length > 9)
        regs->sp = message_word(replier, buffer, 9);
    /* Word 10, the address after the trap, has no lasting effect. */
    if (length > 11)
        regs->spsr = context_sanitise_spsr(t, message_word(replier, buffer, 11));
}

/* PC, SP and SPSR, which are the first words of a context as well. */
static __attribute__((noinline)) void reply_user_exception(struct tcb *t, const struct tcb *replier,
                                                           unsigned length)
{
    for (unsigned i = 0; i < length && i <= seL4_UserException_SPSR; i++)
        arch_set_context(t, i, arch_get_mr(replier, i));
}

/* MR0: PC; MR1: number of the first register, MR2..: values. */
static inline void reply_registers(struct tcb *t, const struct tcb *replier,
                                   const seL4_IPCBuffer *buffer, unsigned length)
{
    if (length >= 1)
        arch_set_pc(t, arch_get_mr(replier, 0));
    if (length < 3)
        return;
    word first = arch_get_mr(replier, 1);
    if (first >= GENERAL_REGISTERS)
        return;
    t->arch.regs.x[first] = arch_get_mr(replier, 2);
    for (unsigned i = 3; i < length && first + i - 2 < GENERAL_REGISTERS; i++)
        t->arch.regs.x[first + i - 2] = message_word(replier, buffer, i);
}

__attribute__((always_inline)) bool arch_fault_reply(struct tcb *faulter, const struct tcb *replier,
                                                     const seL4_IPCBuffer *buffer, word label,
                                                     unsigned length)
{
    if (likely(faulter->fault.type >= FAULT_ARCH_FIRST)) {
        if (has_extension(faulter))
            reply_registers(faulter, replier, buffer, length);
        return true;
    }
    if (faulter->fault.type == seL4_Fault_UnknownSyscall)
        reply_unknown_syscall(faulter, replier, buffer, length);
    else
        reply_user_exception(faulter, replier, length);
    return label == 0;
}
