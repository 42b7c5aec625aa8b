/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way a VMM works: a vCPU's fault goes to a passive thread that waits for it on the same core,
 * which answers and waits again. The scheduling context just changes hands, so that nothing has to
 * be scheduled, charged or programmed. Whatever is not as simple as that is left to the general way
 * (fault_handle, send_receive), which has the same effect.
 */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

/* May `next` run at once in the place of the current thread, with its scheduling context? */
static bool can_hand_over(const struct cpu *cpu, const struct tcb *next)
{
    if (next->core != cpu->core || next->sc || next->yield_to)
        return false;
    if (cpu->action != SCHED_RESUME || cpu->candidate || cpu->reprogram)
        return false;
    if (cpu->release && refill_ready(cpu->release->sc, cpu->now))
        return false;
    return next->priority >= ready_top(cpu);
}

static void hand_over(struct cpu *cpu, struct tcb *from, struct tcb *to)
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

bool fault_handle_fast(struct cpu *cpu)
{
    struct tcb *t = cpu->current;
    struct cap cap = t->slot[TCB_FAULT].cap;

    if (!cap_is(cap, CAP_ENDPOINT) || !(cap_rights(cap) & (RIGHT_GRANT | RIGHT_GRANT_REPLY)))
        return false;
    struct endpoint *ep = cap_object(cap);
    struct tcb *handler = ep->queue.head;
    if (!handler || handler->state != THREAD_ON_RECEIVE || !handler->reply || !t->sc ||
        !can_hand_over(cpu, handler))
        return false;

    struct sched_context *sc = t->sc;
    struct reply *reply = handler->reply;
    ipc_queue_remove(&ep->queue, handler);
    handler->reply = NULL;
    fault_message(t, handler, cap.data);

    reply->tcb = t;
    t->reply = reply;
    t->state = THREAD_ON_REPLY;
    reply->prev = sc->reply;
    if (sc->reply)
        sc->reply->next = (word)(uintptr_t)reply;
    sc->reply = reply;
    reply->next = (word)(uintptr_t)sc | REPLY_HEAD;
    hand_over(cpu, t, handler);
    return true;
}

/* The reply object that answers an architecture's fault and hands back what came with it; or NULL.
 */
static struct reply *fault_answered(const struct tcb *t, word capptr)
{
    struct lookup_failure failure;
    struct slot *slot = lookup_cap((struct tcb *)t, capptr, &failure);

    if (!slot || !cap_is(slot->cap, CAP_REPLY))
        return NULL;
    struct reply *reply = cap_object(slot->cap);
    struct tcb *faulter = reply->tcb;
    if (!faulter || faulter->state != THREAD_ON_REPLY || faulter->fault.type < FAULT_ARCH_FIRST ||
        reply->next != ((word)(uintptr_t)t->sc | REPLY_HEAD))
        return NULL;
    return reply;
}

/* The endpoint to wait at if that is all there is to do there; or NULL. */
static struct endpoint *waiting_place(struct tcb *t, word capptr)
{
    struct lookup_failure failure;
    struct slot *slot = lookup_cap(t, capptr, &failure);
    struct notification *ntfn = t->bound_notification;

    if (!slot || !cap_is(slot->cap, CAP_ENDPOINT) || !(cap_rights(slot->cap) & RIGHT_READ))
        return NULL;
    if (ntfn && (ntfn->active || ntfn->sc == t->sc))
        return NULL;
    struct endpoint *ep = cap_object(slot->cap);
    return ep->queue.head && ep->queue.head->state != THREAD_ON_RECEIVE ? NULL : ep;
}

bool fault_reply_receive_fast(struct cpu *cpu)
{
    struct tcb *t = cpu->current;
    struct reply *reply = t->sc ? fault_answered(t, arch_get_reply_reg(t)) : NULL;

    if (!reply || info_caps(arch_get_info_reg(t)) != 0 || !can_hand_over(cpu, reply->tcb))
        return false;
    struct endpoint *ep = waiting_place(t, arch_get_cap_reg(t));
    if (!ep)
        return false;

    struct tcb *faulter = reply->tcb;
    struct sched_context *sc = t->sc;
    sc->reply = reply->prev;
    if (sc->reply)
        sc->reply->next = (word)(uintptr_t)sc | REPLY_HEAD;
    reply->prev = NULL;
    reply->next = 0;
    faulter->reply = NULL;
    fault_reply(faulter, t); /* always lets faults of the architecture run on */
    faulter->fault.type = FAULT_NULL;
    arch_restart(faulter);

    reply->tcb = t;
    t->reply = reply;
    t->state = THREAD_ON_RECEIVE;
    t->blocked_on = ep;
    ipc_queue_insert(&ep->queue, t);
    hand_over(cpu, t, faulter);
    return true;
}
