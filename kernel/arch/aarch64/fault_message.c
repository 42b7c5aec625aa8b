/* SPDX-License-Identifier: BSD-2-Clause */
/* Fault messages and what the reply to them sets. */
#include "arch.h"
#include "arch_fault.h"
#include "context.h"

#define UNKNOWN_SYSCALL_WORDS 13
#define USER_EXCEPTION_WORDS  5

/* Extension 1: four words as on seL4 (padded), SPSR, x0..x30. */
#define EXT_PLAIN_WORDS 4
#define EXT_GENERAL     31u

/* A message being written. */
struct writer {
    struct tcb *receiver;
    word *buffer; /* NULL: only the words in registers */
    unsigned count;
};

static void put(struct writer *w, word value)
{
    if (w->count < ARCH_MSG_REGS)
        arch_set_mr(w->receiver, w->count, value);
    else if (w->buffer != NULL)
        w->buffer[BUFFER_MR + w->count] = value;
    else
        return;
    w->count++;
}

static word get(const struct tcb *replier, const word *buffer, unsigned i)
{
    return i < ARCH_MSG_REGS ? arch_get_mr(replier, i) : buffer[BUFFER_MR + i];
}

static bool has_extension(const struct tcb *t)
{
    return (t->flags & TCB_FLAG_FAULT_REGS) != 0 && t->arch.vcpu != NULL &&
           t->fault.type >= FAULT_ARCH_FIRST;
}

static void put_unknown_syscall(struct writer *w, const struct tcb *t)
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

static void put_plain(struct writer *w, const struct tcb *t)
{
    const struct fault *fault = &t->fault;

    if (fault->type == FAULT_VM)
        put(w, t->arch.regs.restart_pc);
    put(w, fault->data[0]);
    if (fault->type == FAULT_VM) {
        put(w, fault->data[1]);
        put(w, fault->data[2]);
    }
}

/* The rest of the message with extension 1. */
static void put_registers(struct writer *w, const struct tcb *t)
{
    const struct regs *regs = &t->arch.regs;

    if (t->fault.type != FAULT_VM) {
        put(w, regs->restart_pc);
        put(w, t->fault.type == FAULT_VCPU ? t->fault.data[1] : 0);
        put(w, 0);
    }
    if (w->buffer == NULL)
        return;
    word *out = &w->buffer[BUFFER_MR + EXT_PLAIN_WORDS];
    out[0] = regs->spsr;
    for (unsigned i = 0; i < EXT_GENERAL; i++)
        out[1 + i] = regs->x[i];
    w->count = EXT_PLAIN_WORDS + 1 + EXT_GENERAL;
}

unsigned arch_fault_message(const struct tcb *faulter, struct tcb *receiver, word *buffer)
{
    struct writer w = {.receiver = receiver, .buffer = buffer};
    const struct regs *regs = &faulter->arch.regs;

    if (faulter->fault.type == FAULT_UNKNOWN_SYSCALL) {
        put_unknown_syscall(&w, faulter);
    } else if (faulter->fault.type == FAULT_USER_EXCEPTION) {
        put(&w, regs->restart_pc);
        put(&w, regs->sp);
        put(&w, regs->spsr);
        put(&w, faulter->fault.data[0]);
        put(&w, faulter->fault.data[1]);
    } else {
        put_plain(&w, faulter);
        if (has_extension(faulter))
            put_registers(&w, faulter);
    }
    return w.count;
}

static void reply_unknown_syscall(struct tcb *t, const struct tcb *replier, const word *buffer,
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

static void reply_user_exception(struct tcb *t, const struct tcb *replier, unsigned length)
{
    if (length > 0)
        arch_set_pc(t, arch_get_mr(replier, 0));
    if (length > 1)
        t->arch.regs.sp = arch_get_mr(replier, 1);
    if (length > 2)
        t->arch.regs.spsr = context_sanitise_spsr(t, arch_get_mr(replier, 2));
}

/* MR0: PC; MR1: number of the first register, MR2..: values. */
static void reply_registers(struct tcb *t, const struct tcb *replier, const word *buffer,
                            unsigned length)
{
    if (length >= 1)
        arch_set_pc(t, arch_get_mr(replier, 0));
    if (length < 3)
        return;
    word first = arch_get_mr(replier, 1);
    if (first >= EXT_GENERAL)
        return;
    for (unsigned i = 2; i < length && first + i - 2 < EXT_GENERAL; i++)
        t->arch.regs.x[first + i - 2] = get(replier, buffer, i);
}

bool arch_fault_reply(struct tcb *faulter, const struct tcb *replier, const word *buffer,
                      word label, unsigned length)
{
    switch (faulter->fault.type) {
    case FAULT_UNKNOWN_SYSCALL:
        reply_unknown_syscall(faulter, replier, buffer, length);
        return label == 0;
    case FAULT_USER_EXCEPTION:
        reply_user_exception(faulter, replier, length);
        return label == 0;
    default:
        if (has_extension(faulter))
            reply_registers(faulter, replier, buffer, length);
        return true;
    }
}
