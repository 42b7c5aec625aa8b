/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reply objects, and the stack of calls on which a scheduling context was handed down. Every reply
 * of a stack points at its older neighbour (prev) and its younger one (next); the youngest points
 * at the scheduling context.
 */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

void reply_push(struct tcb *caller, struct tcb *callee, struct reply *reply, bool donate)
{
    struct sched_context *sc = caller->sc;

    reply->tcb = caller;
    caller->reply = reply;
    sched_set_state(caller, THREAD_ON_REPLY);
    if (!donate || !sc || callee->sc)
        return;
    reply->prev = sc->reply;
    if (sc->reply)
        sc->reply->next = (word)(uintptr_t)reply;
    reply_set_head(sc, reply);
    sc_donate(sc, callee);
}

/*
 * Takes the reply out of its stack, which is cut in two if it was in the middle. `give_back`: the
 * scheduling context of a stack's head returns to the caller.
 */
static void detach(struct reply *reply, bool give_back)
{
    struct tcb *caller = reply->tcb;
    struct reply *below = reply->prev;

    if (below)
        below->next = 0;
    if (reply->next & REPLY_HEAD) {
        struct sched_context *sc = (struct sched_context *)(reply->next & ~(word)REPLY_HEAD);
        reply_set_head(sc, give_back ? below : NULL);
        if (give_back && !caller->sc)
            sc_donate(sc, caller);
    } else if (reply->next) {
        ((struct reply *)reply->next)->prev = NULL;
    }
    reply->prev = NULL;
    reply->next = 0;
    reply->tcb = NULL;
    caller->reply = NULL;
}

void reply_remove_tcb(struct tcb *caller)
{
    detach(caller->reply, false);
}

void reply_clear(struct reply *reply)
{
    struct tcb *t = reply->tcb;

    if (!t)
        return;
    if (t->state == THREAD_ON_REPLY) {
        detach(reply, true);
        t->fault.type = seL4_Fault_NullFault;
        t->state = THREAD_INACTIVE;
    } else {
        ipc_cancel(t);
    }
}

/* The thread runs again, if its scheduling context lets it. */
static void resume(struct tcb *t, enum seL4_Fault_tag answered)
{
    struct sched_context *sc = t->sc;
    struct cpu *cpu = this_cpu();

    if (sc && sc_active(sc) && sc != cpu->sc && answered != seL4_Fault_Timeout &&
        !sc_round_robin(sc) && !refill_usable(sc, cpu->now) && fault_timeout(t))
        return;
    sched_wake(t);
}

void reply_transfer(struct tcb *replier, struct reply *reply, bool can_grant)
{
    struct tcb *t = reply->tcb;

    if (!t || t->state != THREAD_ON_REPLY)
        return;
    enum seL4_Fault_tag fault = t->fault.type;
    detach(reply, true);
    if (fault == seL4_Fault_NullFault) {
        message_transfer(replier, t, NULL, 0, can_grant);
        t->state = THREAD_RUNNING;
    } else {
        t->state = fault_reply(t, replier) ? THREAD_RESTART : THREAD_INACTIVE;
        t->fault.type = seL4_Fault_NullFault;
    }
    if (!thread_stopped(t))
        resume(t, fault);
}
