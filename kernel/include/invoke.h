/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Invocations: what is asked of an object, and the answer. A decode function checks everything and
 * changes nothing until it is sure; the invoke part after it cannot fail.
 */
#ifndef KEEL_INVOKE_H
#define KEEL_INVOKE_H

#include <sel4/abi/labels.h>

#include "cpu.h"

/* How a system call or a fault sends. */
struct send {
    bool block;
    bool call;        /* an answer is wanted */
    bool donate;      /* the scheduling context may go along */
    bool first_phase; /* of a combined call: some objects refuse */
};

struct invocation {
    struct cpu *cpu;
    struct tcb *caller;
    struct slot *slot; /* of the invoked capability */
    struct cap cap;
    word label;
    unsigned length; /* message words */
    unsigned caps;   /* extra capabilities that were resolved */
    struct slot *extra[seL4_MsgMaxExtraCaps];
    const seL4_IPCBuffer
        *buffer; /* the caller's IPC buffer to read, or NULL: then length <= 4, caps 0 */
    struct send how;

    /* Answer. */
    seL4_Error error;
    unsigned results; /* words in result, of an error as well */
    word result[8];
    bool results_written; /* by inv_written, instead of result */
};

/* Message word i < length. */
word inv_arg(const struct invocation *inv, unsigned i);

/* Failures; return STATUS_ERROR so that they can be returned. */
enum status inv_fail(struct invocation *inv, seL4_Error error);
enum status inv_fail1(struct invocation *inv, seL4_Error error, word mr0);
enum status inv_fail_range(struct invocation *inv, word min, word max);
enum status inv_fail_lookup(struct invocation *inv, bool source, struct lookup_failure failure);

/* The same for an empty slot, found with so many bits of the index left. */
enum status inv_fail_missing(struct invocation *inv, bool source, word bits_left);

/* Writes the answer of a finished invocation to the caller (a Call): results or error words. */
void inv_answer(struct invocation *inv, word label);

/* Success with one result word; returns STATUS_OK. */
enum status inv_result(struct invocation *inv, word value);

/* Success with n words, more than `result` has room for: they are written to the caller now. */
enum status inv_written(struct invocation *inv, const word *words, unsigned n);

/*
 * Where a new or moved capability goes (root capability in extra[cap], index and depth): the usual
 * checks, then the slot must be empty. Returns seL4_NoError with the slot, or fails the invocation.
 */
enum status inv_dest_slot(struct invocation *inv, struct slot *root, word index, word depth,
                          struct slot **out);

/* --- ipc/lookup.c --- */

/*
 * Resolves `bits` (1..64) low bits of capptr from the CNode capability `root`. Stops at the first
 * slot that holds no CNode or when no bits are left; *left says how many remain. NULL on failure.
 */
struct slot *lookup_slot(struct cap root, word capptr, unsigned bits, unsigned *left,
                         struct lookup_failure *failure);

/* A capptr operand of thread `t`: all bits, left-over bits allowed. */
struct slot *lookup_cap(struct tcb *t, word capptr, struct lookup_failure *failure);

/* A CNode-style argument: depth 1..64 and no left-over bits. Fails the invocation. */
enum status inv_lookup_target(struct invocation *inv, bool source, struct cap root, word index,
                              word depth, struct slot **out);

/* --- objects: decode functions --- */

enum status untyped_decode(struct invocation *inv);
enum status cnode_decode(struct invocation *inv);
enum status tcb_decode(struct invocation *inv);
enum status sched_context_decode(struct invocation *inv);
enum status sched_control_decode(struct invocation *inv);
enum status irq_control_decode(struct invocation *inv);
enum status irq_handler_decode(struct invocation *inv);
enum status domain_decode(struct invocation *inv);

/* --- threads --- */

/* Initial state of a TCB in zeroed memory. */
void tcb_init(struct tcb *t);

/* Stops a thread: cancels its IPC and fault. */
void tcb_suspend(struct tcb *t);

/* Lets a stopped thread continue at its restart PC. */
void tcb_restart(struct tcb *t);

/* --- scheduling contexts --- */

/* Neither is bound, and a blocked thread is given only budget that can be used now. */
bool sc_may_bind(struct sched_context *sc, const struct tcb *t);

void sc_bind_tcb(struct sched_context *sc, struct tcb *t);
void sc_unbind_tcb(struct sched_context *sc);
void sc_unbind_notification(struct sched_context *sc);

/* Microseconds used since the last time somebody asked; starts counting anew. */
word sc_take_consumed(struct sched_context *sc);

/* Hands `sc` to thread `to`; whoever has it loses it. */
void sc_donate(struct sched_context *sc, struct tcb *to);

/* Everything bound to it is let go and it is no longer configured. */
void sc_destroy(struct sched_context *sc);

/* Ends a YieldTo: the thread that yielded gets its result if it still waits for it. */
void sc_complete_yield(struct tcb *yielder);
void sc_cancel_yield(struct tcb *yielder);

/* --- interrupts --- */

/* Marks an interrupt as the kernel's. */
void irq_reserve(unsigned irq);

/* In use, or the kernel's? */
bool irq_is_claimed(unsigned irq);

/* Makes a handler capability for a free interrupt; `control` is the IRQControl slot. */
void irq_issue_handler(unsigned irq, struct slot *control, struct slot *dest);

/* The last handler capability is gone. */
void irq_release(unsigned irq);

/* Signals who waits for the interrupt. */
void irq_raise(unsigned irq);

#endif
