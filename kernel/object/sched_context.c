/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling contexts: what they are bound to, and their invocations. */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

bool sc_may_bind(struct sched_context *sc, const struct tcb *t)
{
    if (sc->tcb || t->sc)
        return false;
    bool blocked = thread_stopped(t) && t->state != THREAD_INACTIVE;
    return !blocked || (sc_active(sc) && refill_usable(sc, this_cpu()->now));
}

void sc_bind_tcb(struct sched_context *sc, struct tcb *t)
{
    sc_donate(sc, t);
    sched_wake(t);
}

void sc_unbind_tcb(struct sched_context *sc)
{
    struct tcb *t = sc->tcb;

    thread_stall(t);
    sched_dequeue(t);
    t->sc = NULL;
    sc->tcb = NULL;
}

void sc_unbind_notification(struct sched_context *sc)
{
    if (!sc || !sc->notification)
        return;
    sc->notification->sc = NULL;
    sc->notification = NULL;
}

void sc_donate(struct sched_context *sc, struct tcb *to)
{
    if (sc->tcb)
        sc_unbind_tcb(sc);
    sc->tcb = to;
    to->sc = sc;
    sched_migrate(to, sc->core);
}

static void unbind_all(struct sched_context *sc)
{
    if (sc->tcb)
        sc_unbind_tcb(sc);
    sc_unbind_notification(sc);
    /* The stack of calls stays, but there is nothing to be handed back through it. */
    if (sc->reply)
        sc->reply->next = 0;
    sc->reply = NULL;
}

void sc_destroy(struct sched_context *sc)
{
    struct cpu *cpu = this_cpu();

    if (sc->yield_from)
        sc_complete_yield(sc->yield_from);
    unbind_all(sc);
    if (cpu->sc == sc) {
        cpu->sc = NULL;
        cpu->consumed = 0;
        cpu->reprogram = true;
    }
    sc->refill_max = 0;
}

word sc_take_consumed(struct sched_context *sc)
{
    struct cpu *cpu = this_cpu();

    if (cpu->sc == sc)
        sched_commit(cpu);
    word us = arch_ticks_to_us(sc->consumed);
    sc->consumed = 0;
    return us;
}

/* --- YieldTo --- */

void sc_cancel_yield(struct tcb *yielder)
{
    if (!yielder->yield_to)
        return;
    yielder->yield_to->yield_from = NULL;
    yielder->yield_to = NULL;
}

void sc_complete_yield(struct tcb *yielder)
{
    struct sched_context *sc = yielder->yield_to;

    if (!sc)
        return;
    sc_cancel_yield(yielder);
    word consumed = sc_take_consumed(sc);
    if (!yielder->is_call)
        return;
    arch_set_mr(yielder, 0, consumed);
    message_head(yielder, 0, info_make(seL4_NoError, 0, 0, 1));
}

static enum status yield_to(struct invocation *inv, struct sched_context *sc)
{
    struct tcb *t = sc->tcb;
    struct tcb *caller = inv->caller;

    if (!t || t == caller || t->priority > caller->mcp)
        return inv_fail(inv, seL4_IllegalOperation);

    if (sc->yield_from)
        sc_complete_yield(sc->yield_from);
    if (!thread_schedulable(t))
        return inv_result(inv, sc_take_consumed(sc));

    /* A schedulable thread that is not current is in its ready queue. */
    sched_dequeue(t);
    ready_push(t);
    if (t->core != inv->cpu->core || t->priority < caller->priority)
        return inv_result(inv, sc_take_consumed(sc));

    caller->yield_to = sc;
    caller->is_call = inv->how.call;
    sc->yield_from = caller;
    caller->state = THREAD_RUNNING;
    ready_remove(t);
    ready_push(caller);
    ready_push(t);
    inv->cpu->choose = true;
    return STATUS_NO_REPLY;
}

/* --- binding by invocation --- */

static enum status bind(struct invocation *inv, struct sched_context *sc, struct cap cap)
{
    if (cap_is(cap, CAP_THREAD)) {
        struct tcb *t = cap_object(cap);
        if (!sc_may_bind(sc, t))
            return inv_fail(inv, seL4_IllegalOperation);
        sc_bind_tcb(sc, t);
        return STATUS_OK;
    }
    if (cap_is(cap, CAP_NOTIFICATION)) {
        struct notification *ntfn = cap_object(cap);
        if (sc->notification || ntfn->sc)
            return inv_fail(inv, seL4_IllegalOperation);
        sc->notification = ntfn;
        ntfn->sc = sc;
        return STATUS_OK;
    }
    return inv_fail1(inv, seL4_InvalidCapability, 1);
}

static enum status unbind_object(struct invocation *inv, struct sched_context *sc, struct cap cap)
{
    if (cap_is(cap, CAP_THREAD)) {
        if (!sc->tcb || sc->tcb != cap_object(cap) || sc->tcb == inv->caller)
            return inv_fail(inv, seL4_IllegalOperation);
        sc_unbind_tcb(sc);
        return STATUS_OK;
    }
    if (cap_is(cap, CAP_NOTIFICATION)) {
        if (sc->notification != cap_object(cap))
            return inv_fail(inv, seL4_IllegalOperation);
        sc_unbind_notification(sc);
        return STATUS_OK;
    }
    return inv_fail1(inv, seL4_InvalidCapability, 1);
}

enum status sched_context_decode(struct invocation *inv)
{
    struct sched_context *sc = cap_object(inv->cap);

    if (sc->tcb)
        thread_stall(sc->tcb);

    switch (inv->label) {
    case SchedContextBind:
        if (inv->caps < 1)
            return inv_fail(inv, seL4_TruncatedMessage);
        return bind(inv, sc, inv->extra[0]->cap);
    case SchedContextUnbind:
        if (sc->tcb == inv->caller)
            return inv_fail(inv, seL4_IllegalOperation);
        unbind_all(sc);
        return STATUS_OK;
    case SchedContextUnbindObject:
        if (inv->caps < 1)
            return inv_fail(inv, seL4_TruncatedMessage);
        return unbind_object(inv, sc, inv->extra[0]->cap);
    case SchedContextConsumed:
        return inv_result(inv, sc_take_consumed(sc));
    case SchedContextYieldTo:
        return yield_to(inv, sc);
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}
