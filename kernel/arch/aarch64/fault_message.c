/* SPDX-License-Identifier: BSD-2-Clause */
/* Fault messages and what the reply to them sets. */
#include "arch.h"
#include "arch_fault.h"
#include "context.h"

/* Extension 1: four words as on seL4 (padded), SPSR, x0..x30. */
#define EXT_PLAIN_WORDS 4
#define EXT_GENERAL     31u

/* A message being written. */
struct writer {
    struct tcb *receiver;
    seL4_IPCBuffer *buffer; /* NULL: only the words in registers */
    unsigned count;
};

static void put(struct writer *w, word value)
{
    if (w->count < ARCH_MSG_REGS)
        arch_set_mr(w->receiver, w->count, value);
    else if (w->buffer != NULL)
        w->buffer->msg[w->count] = value;
    else
        return;
    w->count++;
}

static word get(const struct tcb *replier, const seL4_IPCBuffer *buffer, unsigned i)
{
    return i < ARCH_MSG_REGS ? arch_get_mr(replier, i) : buffer->msg[i];
}

static bool has_extension(const struct tcb *t)
{
    return (t->flags & KEEL_TCB_FAULT_REGS) != 0 && t->arch.vcpu != NULL &&
           t->fault.type >= FAULT_ARCH_FIRST;
}

static __attribute__((noinline)) void put_unknown_syscall(struct writer *w, const struct tcb *t)
{
    const struct regs *regs = &t->arch.regs;

    for (unsigned i = 0; i < 8; i++)
        put(w, regs->x[i]);
    put(w, regs->restart_pc);
    put(w, regs->sp);
    put(w, regs->pc); /* in the place of the link register */
    put(w, regs->spsr);
    put(w, t->fault.data[0]);
}

/* Two words at once: LDP and STP. */
typedef unsigned __int128 __attribute__((aligned(8), may_alias)) pair;

/* The words of extension 1 in the buffer. */
static inline unsigned put_registers(const struct tcb *t, seL4_IPCBuffer *buffer)
{
    const struct regs *regs = &t->arch.regs;

    if (buffer == NULL)
        return EXT_PLAIN_WORDS;
    word *out = &buffer->msg[EXT_PLAIN_WORDS];
    out[0] = regs->spsr;
    const pair *from = (const pair *)&regs->x[0];
    pair *to = (pair *)&out[1];
#pragma clang loop unroll(full)
    for (unsigned i = 0; i < EXT_GENERAL / 2; i++)
        to[i] = from[i];
    out[1 + 30] = regs->x[30];
    return EXT_PLAIN_WORDS + 1 + EXT_GENERAL;
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
    word data1 = t->fault.data[1];
    bool extension = has_extension(t);

    if (type == seL4_Fault_VMFault) {
        put_four(receiver, pc, data0, data1, t->fault.data[2]);
        return extension ? put_registers(t, buffer) : EXT_PLAIN_WORDS;
    }
    if (!extension) {
        arch_set_mr(receiver, 0, data0);
        return 1;
    }
    put_four(receiver, data0, pc, type == seL4_Fault_VCPUFault ? data1 : 0, 0);
    return put_registers(t, buffer);
}

static __attribute__((noinline)) void put_user_exception(struct writer *w, const struct tcb *t)
{
    put(w, t->arch.regs.restart_pc);
    put(w, t->arch.regs.sp);
    put(w, t->arch.regs.spsr);
    put(w, t->fault.data[0]);
    put(w, t->fault.data[1]);
}

__attribute__((always_inline)) unsigned
arch_fault_message(const struct tcb *faulter, struct tcb *receiver, seL4_IPCBuffer *buffer)
{
    struct writer w = {.receiver = receiver, .buffer = buffer};

    if (likely(faulter->fault.type >= FAULT_ARCH_FIRST))
        return put_arch_fault(faulter, receiver, buffer);
    if (faulter->fault.type == seL4_Fault_UnknownSyscall)
        put_unknown_syscall(&w, faulter);
    else
        put_user_exception(&w, faulter);
    return w.count;
}

static __attribute__((noinline)) void reply_unknown_syscall(struct tcb *t,
                                                            const struct tcb *replier,
                                                            const seL4_IPCBuffer *buffer,
                                                            unsigned length)
{
    struct regs *regs = &t->arch.regs;

    for (unsigned i = 0; i < length && i < 8; i++)
        regs->x[i] = get(replier, buffer, i);
    if (length > 8)
        arch_set_pc(t, get(replier, buffer, 8));
    if (length > 9)
        regs->sp = get(replier, buffer, 9);
    /* Word 10, the address after the trap, has no lasting effect. */
    if (length > 11)
        regs->spsr = context_sanitise_spsr(t, get(replier, buffer, 11));
}

static __attribute__((noinline)) void reply_user_exception(struct tcb *t, const struct tcb *replier,
                                                           unsigned length)
{
    if (length > 0)
        arch_set_pc(t, arch_get_mr(replier, 0));
    if (length > 1)
        t->arch.regs.sp = arch_get_mr(replier, 1);
    if (length > 2)
        t->arch.regs.spsr = context_sanitise_spsr(t, arch_get_mr(replier, 2));
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
    if (first >= EXT_GENERAL)
        return;
    t->arch.regs.x[first] = arch_get_mr(replier, 2);
    for (unsigned i = 3; i < length && first + i - 2 < EXT_GENERAL; i++)
        t->arch.regs.x[first + i - 2] = get(replier, buffer, i);
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
