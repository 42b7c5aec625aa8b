/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads on two cores ask for anything in any order. Nothing may be lost: every thread that can
 * run is current or in a queue, and what is bound to each other agrees about it.
 */
#include "world.h"

#define THREADS 10
#define BASICS  16 /* endpoints, notifications and replies that nobody deletes, W_FIRST_FREE.. */
#define OBJECTS 64 /* slots after them that are played with */
#define WORLDS  60 /* threads die out, so many short lives */
#define STEPS   1500
#define W(x)    ((word)(x))

static uint64_t seed;

static unsigned pick(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 33) % n;
}

static unsigned any_slot(void)
{
    return W_FIRST_FREE + BASICS + pick(OBJECTS);
}

/* To send to, receive from or answer with. */
static unsigned any_ipc_slot(void)
{
    return pick(4) ? W_FIRST_FREE + pick(BASICS) : any_slot();
}

/* --- what must hold --- */

static void check_sc(struct sched_context *sc)
{
    if (sc->tcb) {
        assert_ptr_equal(sc->tcb->sc, sc);
        assert_int_equal(sc->tcb->core, sc->core);
    }
    if (sc->notification)
        assert_ptr_equal(sc->notification->sc, sc);
    if (sc->reply)
        assert_int_equal(sc->reply->next, (word)(uintptr_t)sc | REPLY_HEAD);
    if (sc->yield_from)
        assert_ptr_equal(sc->yield_from->yield_to, sc);
    if (!sc_active(sc) || sc_round_robin(sc))
        return;
    ticks sum = 0;
    for (unsigned i = 0; i < sc->refill_count; i++)
        sum += sc->refills[(sc->refill_head + i) % sc->refill_max].amount;
    assert_int_equal(sum, sc->budget);
}

static bool in_list(const struct tcb *head, const struct tcb *t)
{
    while (head && head != t)
        head = head->next;
    return head == t;
}

static void check_blocked(struct tcb *t)
{
    switch (t->state) {
    case THREAD_ON_SEND:
    case THREAD_ON_RECEIVE:
    case THREAD_ON_NOTIFICATION:
        assert_true(in_list(t->queue->head, t));
        if (t->state == THREAD_ON_RECEIVE && t->reply)
            assert_ptr_equal(t->reply->tcb, t);
        break;
    case THREAD_ON_REPLY:
        assert_ptr_equal(t->reply->tcb, t);
        break;
    default:
        assert_null(t->reply);
        assert_int_equal(t->fault.type, seL4_Fault_NullFault);
        break;
    }
}

static void check_tcb(struct tcb *t)
{
    struct cpu *cpu = &cpus[t->core];

    if (t->sc)
        assert_ptr_equal(t->sc->tcb, t);
    if (t->bound_notification)
        assert_ptr_equal(t->bound_notification->bound_tcb, t);
    assert_int_equal(t->in_ready, in_list(cpu->ready.queue[t->priority].head, t));
    assert_int_equal(t->in_release, in_list(cpu->release.head, t));
    if (t->in_ready || t->in_release)
        assert_true(!thread_stopped(t) && t->sc);
    if (thread_schedulable(t))
        assert_true(t->in_ready != (cpu->current == t));
    check_blocked(t);
}

static void check_slot(struct slot *slot)
{
    if (slot_empty(slot))
        return;
    switch (cap_type(slot->cap)) {
    case CAP_THREAD:
        check_tcb(cap_object(slot->cap));
        break;
    case CAP_SCHED_CONTEXT:
        check_sc(cap_object(slot->cap));
        break;
    case CAP_REPLY: {
        struct reply *reply = cap_object(slot->cap);
        if (reply->tcb)
            assert_ptr_equal(reply->tcb->reply, reply);
        break;
    }
    case CAP_NOTIFICATION: {
        struct notification *ntfn = cap_object(slot->cap);
        assert_false(ntfn->active && ntfn->queue.head);
        break;
    }
    default:
        break;
    }
}

static void check(void)
{
    for (unsigned core = 0; core < cpu_count; core++) {
        const struct cpu *cpu = &cpus[core];
        assert_null(cpu->candidate);
        if (cpu->current != cpu->idle) {
            assert_true(thread_schedulable(cpu->current));
            assert_int_equal(cpu->current->core, core);
            assert_ptr_equal(cpu->sc, cpu->current->sc);
            assert_int_equal(cpu->current->state, THREAD_RUNNING);
        }
        /* Nobody better waits, unless this core has still to hear of it. */
        if (!cpu->choose)
            assert_true(ready_top(cpu) <=
                        (cpu->current == cpu->idle ? -1 : cpu->current->priority));
    }
    for (unsigned i = 1; i < W_FIRST_FREE + BASICS + OBJECTS; i++)
        check_slot(world_slot(i));
    world_check();
}

/* --- what they do --- */

static word any_word(void)
{
    static const word values[] = {0, 1, 2, 64, 63, 20, 100, 1000, 5000, 10000, ~UINT64_C(0)};

    switch (pick(4)) {
    case 0:
        return values[pick(array_len(values))];
    case 1:
        return pick(256);
    default:
        return any_slot();
    }
}

/* Arguments that have a chance of being right, else anything. */
static void arguments(struct tcb *t, word label)
{
    word words[8];

    for (unsigned i = 0; i < 8; i++)
        words[i] = any_word();
    switch (label) {
    case UntypedRetype:
        words[0] = pick(9);
        words[1] = pick(2) ? 9 : pick(12);
        words[2] = words[3] = 0;
        words[4] = any_slot();
        words[5] = 1 + pick(2);
        break;
    case SchedControlConfigureFlags:
        words[0] = 20 + pick(500);
        words[1] = pick(2) ? words[0] : words[0] + pick(2000);
        words[2] = pick(8);
        words[4] = pick(2);
        break;
    case TCBSetPriority:
    case TCBSetMCPriority:
    case TCBSetSchedParams:
        words[0] = pick(8);
        words[1] = pick(8);
        break;
    case TCBConfigure:
    case TCBSetSpace:
        words[0] = words[1] = words[2] = 0;
        break;
    case TCBSetIPCBuffer:
        words[0] = 0x1000;
        break;
    default:
        words[1] = words[3] = 64;
        words[0] = any_slot();
        words[2] = any_slot();
        break;
    }
    for (unsigned i = 0; i < 8; i++) {
        if (i < ARCH_MSG_REGS)
            t->arch.x[2 + i] = words[i];
        else
            world.buffer->msg[i] = words[i];
    }
}

static word label_for(struct cap cap)
{
    switch (cap_type(cap)) {
    case CAP_UNTYPED:
        return UntypedRetype;
    case CAP_THREAD:
        return TCBReadRegisters + pick(16);
    case CAP_CNODE:
        return CNodeRevoke + pick(8);
    case CAP_SCHED_CONTEXT:
        return SchedContextBind + pick(5);
    case CAP_SCHED_CONTROL:
        return SchedControlConfigureFlags;
    case CAP_IRQ_CONTROL:
        return IRQIssueIRQHandler;
    case CAP_IRQ_HANDLER:
        return IRQAckIRQ + pick(3);
    default:
        return pick(50);
    }
}

/* Extra capabilities: often what the method wants. */
static void extra_caps(word label)
{
    for (unsigned i = 0; i < seL4_MsgMaxExtraCaps; i++)
        world.buffer->caps_or_badges[i] = any_slot();
    switch (label) {
    case UntypedRetype:
    case CNodeCopy:
    case CNodeMint:
    case CNodeMove:
    case CNodeMutate:
    case CNodeRotate:
    case IRQIssueIRQHandler:
        world.buffer->caps_or_badges[0] = W_CNODE;
        world.buffer->caps_or_badges[1] = W_CNODE;
        break;
    case TCBConfigure:
        world.buffer->caps_or_badges[0] = W_CNODE;
        world.buffer->caps_or_badges[1] = W_VSPACE;
        world.buffer->caps_or_badges[2] = W_BUFFER;
        break;
    case TCBSetSpace:
        world.buffer->caps_or_badges[1] = W_CNODE;
        world.buffer->caps_or_badges[2] = W_VSPACE;
        break;
    case TCBSetPriority:
    case TCBSetMCPriority:
    case TCBSetSchedParams:
        world.buffer->caps_or_badges[0] = W_TCB;
        break;
    default:
        break;
    }
}

static void any_syscall(void)
{
    struct tcb *t = world_current();
    static const unsigned fixed[] = {W_UNTYPED, W_CNODE, W_CONTROL, W_CONTROL_1, W_IRQ_CONTROL};
    unsigned dest = pick(4) == 0   ? fixed[pick(array_len(fixed))]
                    : pick(2) == 0 ? any_slot()
                                   : any_ipc_slot();
    word label = label_for(world_slot(dest)->cap);

    arguments(t, label);
    extra_caps(label);
    world.buffer->receiveCNode = W_CNODE;
    world.buffer->receiveIndex = any_slot();
    world.buffer->receiveDepth = 64;
    t->arch.x[6] = any_ipc_slot();
    t->arch.x[8] = dest;
    fake.interrupt_after = pick(4) == 0;
    this_cpu()->work_units = pick(WORK_UNITS);
    int number = -1 - (int)pick(pick(2) ? 1 : 12);
    if (number == seL4_SysReplyRecv || number == seL4_SysNBSendWait)
        t->arch.x[6] = dest;
    bool send = number == seL4_SysCall || number == seL4_SysSend || number == seL4_SysNBSend;
    world_syscall(number, send ? dest : any_ipc_slot(), info_make(label, 0, pick(4), 8));
    fake.interrupt_after = 0;
}

/* Endpoints first, then the notification, then replies: see populate(). */
static unsigned any_endpoint(void)
{
    return W_FIRST_FREE + pick(2);
}

/* Mostly the thread's own, or others would be robbed of theirs all the time. */
static unsigned any_reply(const struct tcb *t)
{
    unsigned own = (unsigned)((uintptr_t)t >> seL4_TCBBits);
    return W_FIRST_FREE + 3 + (pick(16) ? own : pick(BASICS)) % (BASICS - 3);
}

/* What servers and clients do. */
static void likely_ipc(void)
{
    static const int8_t numbers[] = {seL4_SysCall,       seL4_SysCall,      seL4_SysRecv,
                                     seL4_SysRecv,       seL4_SysReplyRecv, seL4_SysReplyRecv,
                                     seL4_SysNBRecv,     seL4_SysSend,      seL4_SysNBSendRecv,
                                     seL4_SysNBSendWait, seL4_SysWait};
    struct tcb *t = world_current();
    int number = numbers[pick(array_len(numbers))];
    word info = info_make(pick(50), 0, pick(4) ? 0 : pick(4), pick(12));

    t->arch.x[6] = number == seL4_SysNBSendWait ? any_ipc_slot() : any_reply(t);
    if (number == seL4_SysReplyRecv && t->sc && t->sc->reply && pick(4)) {
        /* The right one, if it has a capability that is known. */
        for (unsigned i = 3; i < BASICS; i++)
            if (world_object(W_FIRST_FREE + i) == t->sc->reply)
                t->arch.x[6] = W_FIRST_FREE + i;
    }
    t->arch.x[8] = any_ipc_slot();
    extra_caps(InvalidInvocation);
    world_syscall(number, pick(8) ? any_endpoint() : any_ipc_slot(), info);
}

/* Servers that wait lose their own time, so that calls bring it. */
static void make_passive(void)
{
    for (unsigned i = 0; i < OBJECTS; i++) {
        struct cap cap = world_slot(W_FIRST_FREE + BASICS + i)->cap;
        if (!cap_is(cap, CAP_THREAD))
            continue;
        struct tcb *t = cap_object(cap);
        if (t->state == THREAD_ON_RECEIVE && t->sc && pick(3))
            sc_unbind_tcb(t->sc);
    }
}

/* Somebody has to live. */
static void revive(void)
{
    struct cap cap = world_slot(any_slot())->cap;

    if (cap_is(cap, CAP_THREAD)) {
        struct tcb *t = cap_object(cap);
        tcb_restart(t);
    }
    cap = world_slot(any_slot())->cap;
    if (cap_is(cap, CAP_SCHED_CONTEXT)) {
        struct sched_context *sc = cap_object(cap);
        if (sc_active(sc) && sc_may_bind(sc, world.root))
            sc_bind_tcb(sc, world.root);
    }
    if (!world.root->sc && sc_may_bind(world.sc, world.root))
        sc_bind_tcb(world.sc, world.root);
    if (!world.sc->tcb && !sc_active(world.sc))
        refill_start(world.sc, 2, 5000 * US, 0, fake.time);
    if (slot_empty(&world.root->slot[TCB_CSPACE]))
        tree_insert(world_slot(W_CNODE), &world.root->slot[TCB_CSPACE], world_slot(W_CNODE)->cap);
    thread_stall(world.root);
    tcb_restart(world.root);
    sched_finish(this_cpu());
}

static void step(void)
{
    fake.core = pick(2);
    fake.stalled_repeats = pick(2);
    if (pick(16) == 0)
        make_passive();
    if (cpus[fake.core].abandoned)
        world_abandon();
    else if (cpus[fake.core].choose)
        world_advance(0);
    else if (pick(8) == 0)
        world_advance(pick(3000));
    else if (pick(40) == 0)
        kernel_interrupt(this_cpu(), pick(ARCH_IRQS));
    else if (world_current() == this_cpu()->idle)
        pick(2) ? world_advance(pick(2000)) : revive();
    else if (pick(20) == 0)
        world_fault(pick(100));
    else if (pick(2))
        likely_ipc();
    else
        any_syscall();
    fake.time += pick(4) ? 1 : pick(100 * US);
}

static void populate(void)
{
    static const unsigned types[] = {seL4_EndpointObject,     seL4_EndpointObject,
                                     seL4_NotificationObject, seL4_ReplyObject,
                                     seL4_ReplyObject,        FAKE_OBJECT_FRAME};

    for (unsigned i = 0; i < BASICS; i++)
        world_new(i < 2   ? seL4_EndpointObject
                  : i < 3 ? seL4_NotificationObject
                          : seL4_ReplyObject,
                  0);
    for (unsigned i = 0; i < THREADS; i++) {
        struct tcb *t;
        unsigned slot = world_thread(pick(8), 20 + pick(400), 500 + pick(3000), &t);
        const unsigned spaces[] = {W_CNODE, W_VSPACE, W_BUFFER};
        assert_int_equal(world_call(slot, TCBConfigure, spaces, 3, 3, W(0), W(0), W(0x1000)), 0);
        t->mcp = 7;
        world_call(slot, TCBResume, NULL, 0, 0);
    }
    for (unsigned i = 0; i < 18; i++)
        world_new(types[pick(array_len(types))], 0);
    for (unsigned i = 0; i < 4; i++)
        world_new(seL4_UntypedObject, 15);
    world_new(seL4_CapTableObject, 3);
    sched_set_priority(world.root, 4);
    sched_finish(this_cpu());
}

static void test_chaos(void **state)
{
    for (uint64_t start = 1; start <= WORLDS; start++) {
        world_setup(state);
        seed = start * 0x9e3779b97f4a7c15u + 1;
        populate();
        for (unsigned i = 0; i < STEPS; i++) {
            step();
            check();
        }
        world_teardown(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_chaos)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
