/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages between threads, notifications, replies and faults. */
#ifndef KEEL_IPC_H
#define KEEL_IPC_H

#include "arch.h"

/* Message info word. */
static inline word info_make(word label, unsigned unwrapped, unsigned caps, unsigned length)
{
    return seL4_MessageInfo_new(label, unwrapped, caps, length).words[0];
}

static inline word info_label(word info)
{
    return info >> SEL4_INFO_LABEL_SHIFT;
}

static inline unsigned info_caps(word info)
{
    return (info >> SEL4_INFO_EXTRA_SHIFT) & SEL4_INFO_EXTRA_MASK;
}

/* Clamped to what a message can have. */
static inline unsigned info_length(word info)
{
    unsigned length = info & SEL4_INFO_LENGTH_MASK;
    return length > seL4_MsgMaxLength ? seL4_MsgMaxLength : length;
}

/* --- object/endpoint.c --- */

/* `cap` is to an endpoint, with the right to write. */
void endpoint_send(struct tcb *sender, struct cap cap, struct send how);
/* `reply` may be NULL (Wait). */
void endpoint_receive(struct tcb *receiver, struct endpoint *ep, bool block, struct reply *reply);
/* Takes the thread off whatever it is blocked on; it becomes inactive. */
void ipc_cancel(struct tcb *t);
/* Everybody in the queue of an endpoint or a notification restarts: the object is going. */
void ipc_cancel_all(struct tcb_queue *queue);
/* Restarts senders with this badge. STATUS_OK or STATUS_PREEMPTED. */
enum status endpoint_cancel_badged(struct endpoint *ep, word badge);

/* --- object/notification.c --- */

void notification_signal(struct notification *ntfn, word badge);
void notification_receive(struct tcb *receiver, struct notification *ntfn, bool block);
void notification_unbind(struct notification *ntfn);
/* Active: takes the badge word and gives it to the receiver. */
void notification_complete(struct tcb *receiver, struct notification *ntfn);
/* A passive thread about to run for a signal gets the notification's scheduling context. */
void notification_lend_sc(struct notification *ntfn, struct tcb *t);
/* The thread blocks again: the notification's scheduling context goes back. */
void notification_reclaim_sc(struct notification *ntfn, struct tcb *t);

/* --- object/reply.c --- */

/* The latest call that a scheduling context was handed down with; NULL: none. */
static inline void reply_set_head(struct sched_context *sc, struct reply *reply)
{
    sc->reply = reply;
    if (reply)
        reply->next = (word)(uintptr_t)sc | REPLY_HEAD;
}

/* The caller waits on `reply`; if `donate`, its scheduling context goes to the callee. */
void reply_push(struct tcb *caller, struct tcb *callee, struct reply *reply, bool donate);
/* The answer: message or fault reply to the thread that waits, which then runs. */
void reply_transfer(struct tcb *replier, struct reply *reply, bool can_grant);
/* The thread no longer waits for the answer. */
void reply_remove_tcb(struct tcb *caller);
/* Deleting the object. */
void reply_clear(struct reply *reply);

/* --- ipc/message.c --- */

/* Word i of a message in a thread's registers and buffer (NULL: i < ARCH_MSG_REGS). */
static inline word message_word(const struct tcb *t, const seL4_IPCBuffer *buffer, unsigned i)
{
    return i < ARCH_MSG_REGS ? arch_get_mr(t, i) : buffer->msg[i];
}

/* Where a message of this length is read; without a buffer it is cut to what registers hold. */
static inline const seL4_IPCBuffer *message_buffer(const struct tcb *t, unsigned *length)
{
    if (likely(*length <= ARCH_MSG_REGS))
        return NULL;
    const seL4_IPCBuffer *buffer = arch_ipc_buffer(t, false);
    if (!buffer)
        *length = ARCH_MSG_REGS;
    return buffer;
}

/* Finds the n capabilities sent along. Returns how many resolve, up to the first that does not. */
unsigned message_caps(struct tcb *sender, const seL4_IPCBuffer *buffer, unsigned n,
                      struct slot *slots[seL4_MsgMaxExtraCaps], struct lookup_failure *failure);

/* Writes a message of n words to a thread. Returns how many it has room for. */
unsigned message_put(struct tcb *receiver, const word *words, unsigned n);

/* What a receiver is told of a message. */
static inline void message_head(struct tcb *receiver, word badge, word info)
{
    arch_set_reg(receiver, REG_BADGE, badge);
    arch_set_reg(receiver, REG_INFO, info);
}

/* Copies message and capabilities; sets badge and info of the receiver. */
void message_transfer(struct tcb *sender, struct tcb *receiver, struct endpoint *ep, word badge,
                      bool grant);

/* The same for a message without capabilities from a thread that has not faulted. */
void message_copy(struct tcb *sender, struct tcb *receiver, word badge);

/* --- ipc/fast.c --- */

/*
 * A ReplyRecv of the current thread that answers an unknown system call: true if everything is
 * done, scheduling included, false if nothing is. (The other ways are entry points: cpu.h.)
 */
bool reply_receive_rare(struct cpu *cpu);

/* --- ipc/fault.c --- */

/* Sends the fault in t->fault to the fault handler, or stops the thread. */
void fault_handle(struct tcb *t);
/* Timeout fault; false if the thread has no timeout handler. */
bool fault_timeout(struct tcb *t);
/* Writes t->fault as a message to the receiver. */
void fault_message(struct tcb *faulter, struct tcb *receiver, word badge);
/* Applies the answer in the replier's message; true if the faulter is to run on. */
bool fault_reply(struct tcb *faulter, struct tcb *replier);
/* A capability fault of the thread. */
void fault_cap(struct tcb *t, word capptr, bool in_receive, const struct lookup_failure *failure);

#endif
