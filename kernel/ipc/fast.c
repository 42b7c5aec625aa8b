/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ways most calls and faults go: to a passive thread that waits for them on the same core,
 * which answers and waits again. The scheduling context just changes hands, so that nothing has to
 * be scheduled, charged or programmed, and nobody needs to know the time: if the budget is used up
 * or another thread's has come back, the timer's interrupt is pending and is taken next. Whatever
 * is not as simple as that is left to the general way (kernel_syscall, kernel_fault), which has the
 * same effect.
 */
#include <sel4/abi/syscalls.h>

#include "arch.h"
#include "ipc.h"
#include "sched.h"

/* Parts of the ways: each way is one piece of code without calls. */
#define FAST static inline __attribute__((always_inline))

/* What the capability pointer names, if the root CNode alone resolves it; or a null capability. */
FAST struct cap flat_lookup(const struct tcb *t, word capptr)
{
    struct cap root = t->slot[TCB_CSPACE].cap;
    unsigned radix = cnode_radix(root);

    if (!cap_is(root, CAP_CNODE) || guard_bits(root.data) + radix != WORD_BITS ||
        capptr >> radix != guard_value(root.data))
        return cap_null();
    const struct slot *slots = cap_object(root);
    return slots[capptr & MASK(radix)].cap;
}

/* May `next` run at once in the place of the current thread, with its scheduling context? */
FAST bool can_hand_over(const struct cpu *cpu, const struct tcb *next)
{
    return next->core == cpu->core && !next->sc && !next->yield_to && !cpu->choose &&
           !cpu->reprogram && next->priority >= ready_top(cpu);
}

FAST void hand_over(struct cpu *cpu, struct tcb *from, struct tcb *to)
{
    struct sched_context *sc = cpu->sc;

    from->sc = NULL;
    to->sc = sc;
    sc->tcb = to;
    to->state = THREAD_RUNNING;
    cpu->current = to;
    arch_switch_to(cpu, to);
}

/* A thread waiting at the endpoint that can take what the current thread sends; or NULL. */
FAST struct tcb *taker(const struct cpu *cpu, struct cap cap)
{
    if (!cap_is(cap, CAP_ENDPOINT) ||
        !(cap_rights(cap) & (SEL4_RIGHT_GRANT | SEL4_RIGHT_GRANTREPLY)))
        return NULL;
    const struct endpoint *ep = cap_object(cap);
    struct tcb *t = ep->queue.head;
    if (!t || t->state != THREAD_ON_RECEIVE || !t->reply || !can_hand_over(cpu, t))
        return NULL;
    return t;
}

/* Takes the thread off the queue that it heads. */
FAST void take(struct endpoint *ep, struct tcb *t)
{
    ep->queue.head = t->next;
    if (t->next)
        t->next->prev = NULL;
    else
        ep->queue.tail = NULL;
    t->next = NULL;
}

/* The current thread waits for the answer of `callee`, which goes on with its time. */
FAST void hand_down(struct cpu *cpu, struct tcb *callee)
{
    struct tcb *t = cpu->current;
    struct sched_context *sc = cpu->sc;
    struct reply *reply = callee->reply;

    callee->reply = NULL;
    reply->tcb = t;
    t->reply = reply;
    t->state = THREAD_ON_REPLY;
    reply->prev = sc->reply;
    if (sc->reply)
        sc->reply->next = (word)(uintptr_t)reply;
    reply_set_head(sc, reply);
    hand_over(cpu, t, callee);
}

bool kernel_fault_fast(struct cpu *cpu, enum seL4_Fault_tag type, word data0, word data1,
                       word data2)
{
    struct tcb *t = cpu->current;
    struct cap cap = t->slot[TCB_FAULT].cap;
    struct tcb *handler = taker(cpu, cap);

    if (unlikely(!handler))
        return false;
    t->fault.data[0] = data0;
    t->fault.data[1] = data1;
    t->fault.data[2] = data2;
    t->fault.type = type;
    unsigned length = arch_fault_message(t, handler, arch_ipc_buffer(handler, true));
    message_head(handler, cap.data, info_make(type, 0, 0, length));
    take(cap_object(cap), handler);
    hand_down(cpu, handler);
    return true;
}

FAST bool call(struct cpu *cpu)
{
    struct tcb *t = cpu->current;
    struct cap cap = flat_lookup(t, arch_get_reg(t, REG_CAP));

    if (!(cap_rights(cap) & SEL4_RIGHT_WRITE) || info_caps(arch_get_reg(t, REG_INFO)) != 0)
        return false;
    struct tcb *callee = taker(cpu, cap);
    if (unlikely(!callee))
        return false;
    take(cap_object(cap), callee);
    message_copy(t, callee, cap.data);
    hand_down(cpu, callee);
    return true;
}

/* The kinds of fault that an answer is handled here for. */
enum faults { FREQUENT, RARE };

/* Is the thread's fault, if any, of that kind and over with an answer of this label? */
FAST bool surely_goes_on(const struct tcb *caller, enum faults kind, word label)
{
    enum seL4_Fault_tag fault = caller->fault.type;

    if (kind == RARE)
        return fault == seL4_Fault_UnknownSyscall && label == 0;
    return fault == seL4_Fault_NullFault || fault >= FAULT_ARCH_FIRST;
}

/*
 * Has the thread that waits for the reply handed over its scheduling context to the current one,
 * with its latest call? Then there is such a thread.
 */
FAST bool is_latest(const struct cpu *cpu, const struct reply *reply)
{
    return reply->next == ((word)(uintptr_t)cpu->sc | REPLY_HEAD);
}

/* Is to wait all there is to do at the endpoint? */
FAST bool only_waits(const struct cpu *cpu, const struct tcb *t, const struct endpoint *ep)
{
    const struct notification *ntfn = t->bound_notification;

    if (ntfn && (ntfn->active || ntfn->sc == cpu->sc))
        return false;
    return !ep->queue.head || ep->queue.head->state == THREAD_ON_RECEIVE;
}

FAST void give_answer(struct tcb *replier, struct tcb *caller)
{
    word info = arch_get_reg(replier, REG_INFO);
    unsigned length = info_length(info);

    if (caller->fault.type == seL4_Fault_NullFault) {
        message_copy(replier, caller, 0);
        return;
    }
    const seL4_IPCBuffer *buffer = message_buffer(replier, &length);
    arch_fault_reply(caller, replier, buffer, info_label(info), length);
    caller->fault.type = seL4_Fault_NullFault;
    arch_restart(caller);
}

/* The reply at the head of the stack of calls is taken off it. */
FAST void pop(struct sched_context *sc, struct reply *reply)
{
    reply_set_head(sc, reply->prev);
    reply->prev = NULL;
    reply->next = 0;
}

FAST bool reply_receive(struct cpu *cpu, enum faults kind)
{
    struct tcb *t = cpu->current;
    word info = arch_get_reg(t, REG_INFO);
    struct cap reply_cap = flat_lookup(t, arch_get_reg(t, REG_REPLY));
    struct cap ep_cap = flat_lookup(t, arch_get_reg(t, REG_CAP));
    struct reply *reply = cap_object(reply_cap);
    struct endpoint *ep = cap_object(ep_cap);

    if (!cap_is(reply_cap, CAP_REPLY) || info_caps(info) != 0 || !is_latest(cpu, reply))
        return false;
    struct tcb *caller = reply->tcb;
    if (!surely_goes_on(caller, kind, info_label(info)) || !can_hand_over(cpu, caller))
        return false;
    if (!cap_is(ep_cap, CAP_ENDPOINT) || !(cap_rights(ep_cap) & SEL4_RIGHT_READ) ||
        !only_waits(cpu, t, ep))
        return false;

    give_answer(t, caller);
    pop(cpu->sc, reply);
    caller->reply = NULL;
    reply->tcb = t;
    t->reply = reply;
    t->state = THREAD_ON_RECEIVE;
    t->queue = &ep->queue;
    ipc_queue_insert(&ep->queue, t);
    hand_over(cpu, t, caller);
    return true;
}

bool reply_receive_rare(struct cpu *cpu)
{
    return reply_receive(cpu, RARE);
}

bool kernel_syscall_fast(struct cpu *cpu, word number)
{
    if (number == (word)seL4_SysReplyRecv)
        return reply_receive(cpu, FREQUENT);
    return number == (word)seL4_SysCall && call(cpu);
}
