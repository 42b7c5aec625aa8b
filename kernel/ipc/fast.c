/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ways most calls and faults go: to a passive thread that waits for them on the same core,
 * which answers and waits again. The scheduling context just changes hands, so that nothing has to
 * be scheduled, charged or programmed. Whatever is not as simple as that is left to the general way
 * (invoke, fault_handle, send_receive), which has the same effect.
 */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

/* Parts of the ways, and the ways themselves: one function each, with one stack frame. */
#define FAST  static inline __attribute__((always_inline))
#define WHOLE __attribute__((flatten))

/* May `next` run at once in the place of the current thread, with its scheduling context? */
FAST bool can_hand_over(const struct cpu *cpu, const struct tcb *next)
{
    if (next->core != cpu->core || next->sc || next->yield_to)
        return false;
    if (cpu->action != SCHED_RESUME || cpu->candidate || cpu->reprogram)
        return false;
    if (cpu->release && refill_ready(cpu->release->sc, cpu->now))
        return false;
    return next->priority >= ready_top(cpu);
}

FAST void hand_over(struct cpu *cpu, struct tcb *from, struct tcb *to)
{
    struct sched_context *sc = from->sc;

    from->sc = NULL;
    to->sc = sc;
    sc->tcb = to;
    to->state = THREAD_RUNNING;
    arch_switch_to(cpu, to);
    cpu->current = to;
    cpu->work_units = 0;
}

/* A thread waiting at the endpoint that can take the current thread's call; or NULL. */
FAST struct tcb *taker(const struct cpu *cpu, struct cap cap)
{
    const struct endpoint *ep = cap_object(cap);
    struct tcb *t = ep->queue.head;

    if (!(cap_rights(cap) & (RIGHT_GRANT | RIGHT_GRANT_REPLY)) || !cpu->current->sc)
        return NULL;
    if (!t || t->state != THREAD_ON_RECEIVE || !t->reply || !can_hand_over(cpu, t))
        return NULL;
    return t;
}

/* Takes the thread off the queue that it heads. */
FAST void take(struct endpoint *ep, struct tcb *t)
{
    ep->queue.head = t->ipc_next;
    if (t->ipc_next)
        t->ipc_next->ipc_prev = NULL;
    else
        ep->queue.tail = NULL;
    t->ipc_next = NULL;
}

/* The current thread waits for the answer of `callee`, which goes on with its time. */
FAST void hand_down(struct cpu *cpu, struct tcb *callee)
{
    struct tcb *t = cpu->current;
    struct sched_context *sc = t->sc;
    struct reply *reply = callee->reply;

    callee->reply = NULL;
    reply->tcb = t;
    t->reply = reply;
    t->state = THREAD_ON_REPLY;
    reply->prev = sc->reply;
    if (sc->reply)
        sc->reply->next = (word)(uintptr_t)reply;
    sc->reply = reply;
    reply->next = (word)(uintptr_t)sc | REPLY_HEAD;
    hand_over(cpu, t, callee);
}

WHOLE bool fault_handle_fast(struct cpu *cpu)
{
    struct tcb *t = cpu->current;
    struct cap cap = t->slot[TCB_FAULT].cap;
    struct tcb *handler = cap_is(cap, CAP_ENDPOINT) ? taker(cpu, cap) : NULL;

    if (!handler)
        return false;
    take(cap_object(cap), handler);
    fault_message(t, handler, cap.data);
    hand_down(cpu, handler);
    return true;
}

WHOLE bool call_fast(struct cpu *cpu, struct cap cap)
{
    struct tcb *t = cpu->current;

    if (!cap_is(cap, CAP_ENDPOINT) || !(cap_rights(cap) & RIGHT_WRITE) ||
        info_caps(arch_get_info_reg(t)) != 0)
        return false;
    struct tcb *callee = taker(cpu, cap);
    if (!callee)
        return false;
    take(cap_object(cap), callee);
    message_copy(t, callee, cap.data);
    hand_down(cpu, callee);
    return true;
}

/*
 * The reply object that answers a call, or a fault of the architecture, and hands back what came
 * with it; or NULL.
 */
FAST struct reply *answered(struct tcb *t, word capptr)
{
    struct lookup_failure failure;
    struct slot *slot = lookup_cap(t, capptr, &failure);

    if (!slot || !cap_is(slot->cap, CAP_REPLY))
        return NULL;
    struct reply *reply = cap_object(slot->cap);
    const struct tcb *caller = reply->tcb;
    if (!caller || caller->state != THREAD_ON_REPLY ||
        reply->next != ((word)(uintptr_t)t->sc | REPLY_HEAD))
        return NULL;
    enum fault_type fault = caller->fault.type;
    return fault == FAULT_NULL || fault >= FAULT_ARCH_FIRST ? reply : NULL;
}

/* The endpoint to wait at if that is all there is to do there; or NULL. */
FAST struct endpoint *waiting_place(struct tcb *t, word capptr)
{
    struct lookup_failure failure;
    struct slot *slot = lookup_cap(t, capptr, &failure);
    const struct notification *ntfn = t->bound_notification;

    if (!slot || !cap_is(slot->cap, CAP_ENDPOINT) || !(cap_rights(slot->cap) & RIGHT_READ))
        return NULL;
    if (ntfn && (ntfn->active || ntfn->sc == t->sc))
        return NULL;
    struct endpoint *ep = cap_object(slot->cap);
    return ep->queue.head && ep->queue.head->state != THREAD_ON_RECEIVE ? NULL : ep;
}

FAST void give_answer(struct tcb *replier, struct tcb *caller)
{
    if (caller->fault.type == FAULT_NULL) {
        message_copy(replier, caller, 0);
        return;
    }
    fault_reply(caller, replier); /* always lets faults of the architecture run on */
    caller->fault.type = FAULT_NULL;
    arch_restart(caller);
}

WHOLE bool reply_receive_fast(struct cpu *cpu)
{
    struct tcb *t = cpu->current;
    struct reply *reply = t->sc ? answered(t, arch_get_reply_reg(t)) : NULL;

    if (!reply || info_caps(arch_get_info_reg(t)) != 0 || !can_hand_over(cpu, reply->tcb))
        return false;
    struct endpoint *ep = waiting_place(t, arch_get_cap_reg(t));
    if (!ep)
        return false;

    struct tcb *caller = reply->tcb;
    struct sched_context *sc = t->sc;
    sc->reply = reply->prev;
    if (sc->reply)
        sc->reply->next = (word)(uintptr_t)sc | REPLY_HEAD;
    reply->prev = NULL;
    reply->next = 0;
    caller->reply = NULL;
    give_answer(t, caller);

    reply->tcb = t;
    t->reply = reply;
    t->state = THREAD_ON_RECEIVE;
    t->blocked_on = ep;
    ipc_queue_insert(&ep->queue, t);
    hand_over(cpu, t, caller);
    return true;
}
