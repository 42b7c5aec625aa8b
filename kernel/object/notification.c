/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications: a word of badges, threads that wait for it, and what is bound to it. */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

void notification_lend_sc(struct notification *ntfn, struct tcb *t)
{
    if (!t->sc && ntfn->sc && !ntfn->sc->tcb)
        sc_donate(ntfn->sc, t);
}

void notification_reclaim_sc(struct notification *ntfn, struct tcb *t)
{
    if (!t->sc || t->sc != ntfn->sc)
        return;
    sched_dequeue(t);
    t->sc->tcb = NULL;
    t->sc = NULL;
}

static void wake_with(struct notification *ntfn, struct tcb *t, word badge)
{
    t->state = THREAD_RUNNING;
    arch_set_reg(t, REG_BADGE, badge);
    notification_lend_sc(ntfn, t);
    sched_wake(t);
}

void notification_signal(struct notification *ntfn, word badge)
{
    struct tcb *bound = ntfn->bound_tcb;

    if (ntfn->active) {
        ntfn->badges |= badge;
    } else if (ntfn->queue.head) {
        struct tcb *t = ntfn->queue.head;
        queue_remove(&ntfn->queue, t);
        wake_with(ntfn, t, badge);
    } else if (bound && bound->state == THREAD_ON_RECEIVE) {
        ipc_cancel(bound);
        wake_with(ntfn, bound, badge);
    } else {
        ntfn->active = true;
        ntfn->badges = badge;
    }
}

void notification_complete(struct tcb *receiver, struct notification *ntfn)
{
    arch_set_reg(receiver, REG_BADGE, ntfn->badges);
    ntfn->active = false;
    ntfn->badges = 0;
    if (!receiver->sc) {
        /* It gave its own away in the first phase of this call. */
        notification_lend_sc(ntfn, receiver);
        sched_wake(receiver);
    }
}

void notification_receive(struct tcb *receiver, struct notification *ntfn, bool block)
{
    if (ntfn->active) {
        notification_complete(receiver, ntfn);
    } else if (block) {
        receiver->queue = &ntfn->queue;
        sched_set_state(receiver, THREAD_ON_NOTIFICATION);
        notification_reclaim_sc(ntfn, receiver);
        ipc_queue_insert(&ntfn->queue, receiver);
    } else {
        arch_set_reg(receiver, REG_BADGE, 0);
    }
}

void notification_unbind(struct notification *ntfn)
{
    if (!ntfn->bound_tcb)
        return;
    ntfn->bound_tcb->bound_notification = NULL;
    ntfn->bound_tcb = NULL;
}
