/* SPDX-License-Identifier: BSD-2-Clause */
/* Endpoints: synchronous messages. The queue is of senders or of receivers, never both. */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

static struct tcb *first_in(const struct endpoint *ep, enum thread_state state)
{
    struct tcb *t = ep->queue.head;
    return t && t->state == state ? t : NULL;
}

/* The receiver no longer holds its reply object. */
static void unlink_reply(struct tcb *t)
{
    if (t->reply) {
        t->reply->tcb = NULL;
        t->reply = NULL;
    }
}

static void enqueue(struct tcb *t, struct endpoint *ep, enum thread_state state)
{
    t->queue = &ep->queue;
    sched_set_state(t, state);
    ipc_queue_insert(&ep->queue, t);
}

/* The sender of a Call or fault waits for the answer, if there is a way to give one. */
static void await_reply(struct tcb *sender, struct tcb *receiver, struct reply *reply, bool allowed,
                        bool donate)
{
    if (reply && allowed) {
        reply_push(sender, receiver, reply, donate);
        return;
    }
    sender->fault.type = seL4_Fault_NullFault;
    sched_set_state(sender, THREAD_INACTIVE);
}

void endpoint_send(struct tcb *sender, struct cap cap, struct send how)
{
    struct endpoint *ep = cap_object(cap);
    bool can_grant = cap_rights(cap) & SEL4_RIGHT_GRANT;
    bool can_grant_reply = cap_rights(cap) & SEL4_RIGHT_GRANTREPLY;
    struct tcb *dest = first_in(ep, THREAD_ON_RECEIVE);

    if (!dest) {
        if (!how.block)
            return;
        sender->badge = cap.data;
        sender->is_call = how.call;
        sender->can_grant = can_grant;
        sender->can_grant_reply = can_grant_reply;
        enqueue(sender, ep, THREAD_ON_SEND);
        return;
    }
    queue_remove(&ep->queue, dest);
    struct reply *reply = dest->reply;
    unlink_reply(dest);
    message_transfer(sender, dest, ep, cap.data, can_grant);
    if (how.call)
        await_reply(sender, dest, reply, can_grant || can_grant_reply, how.donate);
    else if (how.donate && !dest->sc && sender->sc)
        sc_donate(sender->sc, dest);
    dest->state = THREAD_RUNNING;
    sched_wake(dest);
}

/* Takes the message of the first sender. */
static void receive_from(struct tcb *receiver, struct endpoint *ep, struct tcb *sender,
                         struct reply *reply)
{
    bool donate = sender->sc && sender->fault.type != seL4_Fault_Timeout;

    queue_remove(&ep->queue, sender);
    message_transfer(sender, receiver, ep, sender->badge, sender->can_grant);
    if (sender->is_call) {
        await_reply(sender, receiver, reply, sender->can_grant || sender->can_grant_reply, donate);
        return;
    }
    sender->state = THREAD_RUNNING;
    sched_wake(sender);
}

void endpoint_receive(struct tcb *receiver, struct endpoint *ep, bool block, struct reply *reply)
{
    struct notification *ntfn = receiver->bound_notification;

    if (reply && reply->tcb && reply->tcb != receiver)
        ipc_cancel(reply->tcb);
    if (ntfn && ntfn->active) {
        notification_complete(receiver, ntfn);
        return;
    }
    if (ntfn && block)
        notification_reclaim_sc(ntfn, receiver);

    struct tcb *sender = first_in(ep, THREAD_ON_SEND);
    if (sender) {
        receive_from(receiver, ep, sender, reply);
    } else if (block) {
        receiver->reply = reply;
        if (reply)
            reply->tcb = receiver;
        enqueue(receiver, ep, THREAD_ON_RECEIVE);
    } else {
        arch_set_reg(receiver, REG_BADGE, 0);
    }
}

void ipc_cancel(struct tcb *t)
{
    switch (t->state) {
    case THREAD_ON_SEND:
    case THREAD_ON_RECEIVE:
    case THREAD_ON_NOTIFICATION:
        queue_remove(t->queue, t);
        if (t->state == THREAD_ON_RECEIVE)
            unlink_reply(t);
        break;
    case THREAD_ON_REPLY:
        reply_remove_tcb(t);
        break;
    default:
        return;
    }
    t->fault.type = seL4_Fault_NullFault;
    t->state = THREAD_INACTIVE;
}

/* A thread taken off the queue repeats its call; a faulter has nothing to repeat. */
static void restart(struct tcb *t)
{
    bool faulted = t->fault.type != seL4_Fault_NullFault;

    ipc_cancel(t);
    if (faulted)
        return;
    t->state = THREAD_RESTART;
    sched_wake(t);
}

void ipc_cancel_all(struct tcb_queue *queue)
{
    while (queue->head)
        restart(queue->head);
}

enum status endpoint_cancel_badged(struct endpoint *ep, word badge)
{
    struct tcb *t = first_in(ep, THREAD_ON_SEND);

    while (t) {
        struct tcb *next = t->next;
        if (t->badge == badge && t->fault.type == seL4_Fault_NullFault) {
            restart(t);
            /* Preempted only after progress: it all begins anew. */
            if (next && preemption_point())
                return STATUS_PREEMPTED;
        }
        t = next;
    }
    return STATUS_OK;
}
