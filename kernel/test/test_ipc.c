/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages, replies, notifications and faults between threads of the fake machine. */
#include "world.h"

#define W(x) ((word)(x))

static unsigned ep, reply;

static int setup(void **state)
{
    world_setup(state);
    ep = world_new(seL4_EndpointObject, 0);
    reply = world_new(seL4_ReplyObject, 0);
    return 0;
}

static void resume(unsigned tcb)
{
    assert_int_equal(world_call(tcb, TCBResume, NULL, 0, 0), seL4_NoError);
}

static void suspend(unsigned tcb)
{
    assert_int_equal(world_call(tcb, TCBSuspend, NULL, 0, 0), seL4_NoError);
}

/* The current thread receives with a reply object. */
static void receive(unsigned from, unsigned with)
{
    world_current()->arch.x[6] = with;
    world_syscall(seL4_SysRecv, from, 0);
}

/* A passive server of a higher priority that waits on the endpoint. */
static struct tcb *passive_server(unsigned priority, unsigned *slot)
{
    struct tcb *t;
    unsigned tcb = world_thread(priority, 5000, 5000, &t);
    const unsigned caps[] = {tcb};

    world_call(W_TCB, TCBSetPriority, (const unsigned[]){W_TCB}, 1, 1, W(priority - 1));
    resume(tcb);
    assert_ptr_equal(world_current(), t);
    receive(ep, reply);
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(world_call(tcb + 1, SchedContextUnbindObject, caps, 1, 0), seL4_NoError);
    assert_null(t->sc);
    if (slot)
        *slot = tcb;
    return t;
}

static void test_call_donates(void **state)
{
    struct tcb *server = passive_server(200, NULL);

    world.root->arch.x[2] = 0x11;
    world.root->arch.x[3] = 0x22;
    world_syscall(seL4_SysCall, ep, info_make(7, 0, 0, 2));
    assert_ptr_equal(world_current(), server);
    assert_ptr_equal(server->sc, world.sc);
    assert_null(world.root->sc);
    assert_int_equal(world.root->state, THREAD_ON_REPLY);
    assert_int_equal(server->arch.x[1], info_make(7, 0, 0, 2));
    assert_int_equal(server->arch.x[2], 0x11);
    assert_int_equal(server->arch.x[3], 0x22);

    server->arch.x[2] = 0x33;
    server->arch.x[6] = reply;
    world_syscall(seL4_SysReplyRecv, ep, info_make(9, 0, 0, 1));
    assert_ptr_equal(world_current(), world.root);
    assert_ptr_equal(world.root->sc, world.sc);
    assert_null(server->sc);
    assert_int_equal(world.root->arch.x[1], info_make(9, 0, 0, 1));
    assert_int_equal(world.root->arch.x[2], 0x33);
    assert_int_equal(world.root->arch.x[0], 0);
    assert_int_equal(server->state, THREAD_ON_RECEIVE);
}

static void test_server_deleted(void **state)
{
    unsigned slot;
    struct tcb *server = passive_server(200, &slot);

    world_syscall(seL4_SysCall, ep, info_make(7, 0, 0, 0));
    assert_ptr_equal(world_current(), server);
    /* The server deletes itself; nobody can run, the caller waits without its context. */
    world_syscall(seL4_SysNBSend, W_CNODE, 0);
    server->arch.x[2] = slot;
    server->arch.x[3] = 64;
    world_syscall(seL4_SysSend, W_CNODE, info_make(CNodeDelete, 0, 0, 2));
    assert_ptr_equal(world_current(), this_cpu()->idle);
    assert_null(world.sc->tcb);
    assert_int_equal(world.root->state, THREAD_ON_REPLY);
    /* Whoever still has the reply object can send both back. */
    reply_transfer(world.root, world_object(reply), true);
    assert_ptr_equal(world.root->sc, world.sc);
    assert_int_equal(world.root->state, THREAD_RUNNING);
}

static void test_reply_deleted(void **state)
{
    struct tcb *server = passive_server(200, NULL);

    world_syscall(seL4_SysCall, ep, info_make(7, 0, 0, 0));
    assert_ptr_equal(world_current(), server);
    server->arch.x[2] = reply;
    server->arch.x[3] = 64;
    world_syscall(seL4_SysSend, W_CNODE, info_make(CNodeDelete, 0, 0, 2));
    /* The context went back to a caller that is stopped for good. */
    assert_ptr_equal(world.root->sc, world.sc);
    assert_int_equal(world.root->state, THREAD_INACTIVE);
    assert_null(server->sc);
    assert_ptr_equal(world_current(), this_cpu()->idle);
}

static void test_chain(void **state)
{
    struct tcb *first = passive_server(200, NULL);
    unsigned ep1 = ep, reply1 = reply;
    ep = world_new(seL4_EndpointObject, 0);
    reply = world_new(seL4_ReplyObject, 0);
    struct tcb *second = passive_server(220, NULL);
    struct reply *r1 = world_object(reply1), *r2 = world_object(reply);

    world_syscall(seL4_SysCall, ep1, 0);
    assert_ptr_equal(world_current(), first);
    world_syscall(seL4_SysCall, ep, 0);
    assert_ptr_equal(world_current(), second);
    assert_ptr_equal(second->sc, world.sc);
    assert_ptr_equal(world.sc->reply, r2);
    assert_ptr_equal(r2->prev, r1);

    /* The innermost answers the outermost: the stack is cut, the context stays here. */
    second->arch.x[0] = reply1;
    world_syscall(seL4_SysSend, reply1, 0);
    assert_ptr_equal(second->sc, world.sc);
    assert_int_equal(world.root->state, THREAD_RUNNING);
    assert_null(world.root->sc);
    assert_null(r2->prev);
    /* It answers its own caller: the context goes there. */
    second->arch.x[6] = reply;
    world_syscall(seL4_SysReplyRecv, ep, 0);
    assert_ptr_equal(first->sc, world.sc);
    assert_ptr_equal(world_current(), first);
}

static void test_send_queue(void **state)
{
    struct tcb *low, *high;
    unsigned low_slot = world_thread(10, 5000, 5000, &low);
    unsigned high_slot = world_thread(20, 5000, 5000, &high);

    /* Both send while nobody waits; then they are received by priority. */
    low->arch.x[7] = 1;
    resume(low_slot);
    resume(high_slot);
    world_call(W_TCB, TCBSetPriority, (const unsigned[]){W_TCB}, 1, 1, W(5));
    assert_ptr_equal(world_current(), high);
    world_syscall(seL4_SysSend, ep, info_make(20, 0, 0, 0));
    assert_ptr_equal(world_current(), low);
    world_syscall(seL4_SysSend, ep, info_make(10, 0, 0, 0));
    assert_ptr_equal(world_current(), world.root);
    world_call(W_TCB, TCBSetPriority, (const unsigned[]){W_TCB}, 1, 1, W(255));
    receive(ep, reply);
    assert_int_equal(info_label(world.root->arch.x[1]), 20);
    receive(ep, reply);
    assert_int_equal(info_label(world.root->arch.x[1]), 10);
    assert_int_equal(low->state, THREAD_RUNNING);
}

static void test_cancel_badged(void **state)
{
    struct tcb *a, *b;
    unsigned a_slot = world_thread(100, 5000, 5000, &a);
    unsigned b_slot = world_thread(100, 5000, 5000, &b);
    unsigned badged = world.next++;
    const unsigned root[] = {W_CNODE};

    world_call(W_CNODE, CNodeMint, root, 1, 6, W(badged), W(64), W(ep), W(64), W(15), W(0x77));
    resume(a_slot);
    resume(b_slot);
    world_call(W_TCB, TCBSetPriority, (const unsigned[]){W_TCB}, 1, 1, W(5));
    assert_ptr_equal(world_current(), a);
    word pc = a->arch.pc;
    world_syscall(seL4_SysSend, badged, 0);
    assert_ptr_equal(world_current(), b);
    world_syscall(seL4_SysSend, ep, 0);
    assert_ptr_equal(world_current(), world.root);
    world.root->arch.x[2] = badged;
    world.root->arch.x[3] = 64;
    world_syscall(seL4_SysCall, W_CNODE, info_make(CNodeCancelBadgedSends, 0, 0, 2));
    assert_ptr_equal(world_current(), a);
    assert_int_equal(a->arch.pc, pc);
    assert_int_equal(b->state, THREAD_ON_SEND);
}

static void test_endpoint_deleted(void **state)
{
    unsigned slot;
    struct tcb *server = passive_server(200, &slot);

    assert_int_equal(world_call(W_CNODE, CNodeDelete, NULL, 0, 2, W(ep), W(64)), seL4_NoError);
    assert_int_equal(server->state, THREAD_RESTART);
    assert_null(server->reply);
    assert_null(((struct reply *)world_object(reply))->tcb);
}

static void test_notification(void **state)
{
    unsigned slot;
    unsigned ntfn = world_new(seL4_NotificationObject, 0);
    const unsigned caps[] = {ntfn};
    struct tcb *server = passive_server(200, &slot);

    /* A bound notification with a scheduling context wakes a passive server and takes it back. */
    assert_int_equal(world_call(slot, TCBBindNotification, caps, 1, 0), seL4_NoError);
    assert_int_equal(world_call(slot + 1, SchedContextBind, caps, 1, 0), seL4_NoError);
    world_syscall(seL4_SysNBSend, ntfn, 0);
    assert_ptr_equal(world_current(), server);
    assert_ptr_equal(server->sc, world_sc(slot));
    receive(ep, reply);
    assert_ptr_equal(world_current(), world.root);
    assert_null(server->sc);
    /* While it serves a call, a signal is kept. */
    world_syscall(seL4_SysCall, ep, 0);
    assert_ptr_equal(world_current(), server);
    notification_signal(world_object(ntfn), 6);
    server->arch.x[6] = reply;
    world_syscall(seL4_SysReplyRecv, ep, 0);
    assert_ptr_equal(world_current(), server);
    assert_int_equal(server->arch.x[0], 6);
    assert_ptr_equal(server->sc, world_sc(slot));
    assert_int_equal(world.root->state, THREAD_RUNNING);
    /* Deleting the notification takes the binding with it. */
    receive(ep, reply);
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(world_call(W_CNODE, CNodeDelete, NULL, 0, 2, W(ntfn), W(64)), 0);
    assert_null(server->bound_notification);
    assert_null(world_sc(slot)->notification);
}

static void test_nb_send_recv(void **state)
{
    struct tcb *server = passive_server(200, NULL);
    unsigned own = world_new(seL4_EndpointObject, 0);
    unsigned own_reply = world_new(seL4_ReplyObject, 0);

    world.root->arch.x[8] = ep;
    world.root->arch.x[6] = own_reply;
    world_syscall(seL4_SysNBSendRecv, own, info_make(5, 0, 0, 0));
    assert_ptr_equal(world_current(), server);
    assert_ptr_equal(server->sc, world.sc);
    assert_null(world.root->sc);
    assert_int_equal(world.root->state, THREAD_ON_RECEIVE);
    /* And back the same way, to a passive thread now. */
    server->arch.x[8] = own;
    server->arch.x[6] = reply;
    world_syscall(seL4_SysNBSendRecv, ep, info_make(6, 0, 0, 0));
    assert_ptr_equal(world_current(), world.root);
    assert_ptr_equal(world.root->sc, world.sc);
    assert_int_equal(info_label(world.root->arch.x[1]), 6);
}

static void test_caps(void **state)
{
    struct tcb *server = passive_server(200, NULL);
    unsigned frame = world_new(FAKE_OBJECT_FRAME, 0);
    const unsigned caps[] = {W_NULL, W_NULL, frame};
    unsigned slot = world.next - 1;
    unsigned dest = world.next++;
    unsigned badged = world.next++;
    const unsigned root[] = {W_CNODE};

    (void)slot;
    world_call(W_CNODE, CNodeMint, root, 1, 6, W(badged), W(64), W(ep), W(64), W(15), W(0x99));
    tree_insert(world_slot(frame), &server->slot[TCB_BUFFER], world_slot(frame)->cap);
    seL4_IPCBuffer *buffer = world_object(frame);
    buffer->receiveCNode = W_CNODE;
    buffer->receiveIndex = dest;
    buffer->receiveDepth = 64;
    (void)caps;
    world.buffer->caps_or_badges[0] = badged;
    world.buffer->caps_or_badges[1] = W_SC;
    world.buffer->caps_or_badges[2] = W_TCB;
    for (unsigned i = 4; i < 20; i++)
        world.buffer->msg[i] = 100 + i;
    world_syscall(seL4_SysCall, ep, info_make(1, 0, 3, 20));
    assert_ptr_equal(world_current(), server);
    /* The first is unwrapped, the second arrives, the third has no place. */
    assert_int_equal(server->arch.x[1], info_make(1, 1, 2, 20));
    assert_int_equal(buffer->caps_or_badges[0], 0x99);
    assert_int_equal(cap_type(world_slot(dest)->cap), CAP_SCHED_CONTEXT);
    assert_int_equal(buffer->msg[19], 119);
}

static void test_no_buffer(void **state)
{
    struct tcb *server = passive_server(200, NULL);

    world_syscall(seL4_SysCall, ep, info_make(1, 0, 0, 100));
    assert_ptr_equal(world_current(), server);
    assert_int_equal(server->arch.x[1], info_make(1, 0, 0, 4));
}

static void test_fault(void **state)
{
    struct tcb *t;
    unsigned slot = world_thread(100, 5000, 5000, &t);
    const unsigned caps[] = {ep, W_CNODE, W_VSPACE};

    assert_int_equal(world_call(slot, TCBSetSpace, caps, 3, 2, W(0), W(0)), seL4_NoError);
    resume(slot);
    receive(ep, reply);
    assert_ptr_equal(world_current(), t);
    t->arch.pc = 0x1000;
    world_fault(0xbad);
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(world.root->arch.x[1], info_make(FAULT_ARCH_FIRST, 0, 0, 2));
    assert_int_equal(world.root->arch.x[2], 0x1000);
    assert_int_equal(world.root->arch.x[3], 0xbad);
    world.root->arch.x[2] = 0x1004;
    world.root->arch.x[6] = reply;
    world_syscall(seL4_SysReplyRecv, ep, info_make(0, 0, 0, 1));
    assert_ptr_equal(world_current(), t);
    assert_int_equal(t->arch.pc, 0x1004);

    /* A capability fault, and a reply that repeats it. */
    world_syscall(seL4_SysSend, 0x8000, 0);
    assert_int_equal(world.root->arch.x[1], info_make(seL4_Fault_CapFault, 0, 0, 7));
    assert_int_equal(world.root->arch.x[2], 0x1004);
    assert_int_equal(world.root->arch.x[3], 0x8000);
    assert_int_equal(world.root->arch.x[5], seL4_GuardMismatch);
    world_syscall(seL4_SysSend, reply, 0);
    assert_int_equal(t->state, THREAD_RESTART);
    assert_int_equal(arch_restart_pc(t), 0x1004);

    /* Without a handler it stops. */
    suspend(slot);
    const unsigned none[] = {W_NULL, W_CNODE, W_VSPACE};
    assert_int_equal(world_call(slot, TCBSetSpace, none, 3, 2, W(0), W(0)), seL4_NoError);
    resume(slot);
    world_syscall(seL4_SysNBWait, ep, 0);
    world_call(W_TCB, TCBSetPriority, (const unsigned[]){W_TCB}, 1, 1, W(5));
    assert_ptr_equal(world_current(), t);
    world_fault(0xbad);
    assert_int_equal(t->state, THREAD_INACTIVE);
    assert_ptr_equal(world_current(), world.root);
}

static void test_wait_without_reply(void **state)
{
    struct tcb *t;
    unsigned slot = world_thread(100, 5000, 5000, &t);

    resume(slot);
    world_syscall(seL4_SysWait, ep, 0);
    assert_ptr_equal(world_current(), t);
    world_syscall(seL4_SysCall, ep, info_make(3, 0, 0, 0));
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(info_label(world.root->arch.x[1]), 3);
    assert_int_equal(t->state, THREAD_INACTIVE);
}

static void test_suspend_resume(void **state)
{
    struct tcb *t;
    unsigned slot = world_thread(100, 5000, 5000, &t);

    resume(slot);
    world_syscall(seL4_SysWait, ep, 0);
    assert_ptr_equal(world_current(), t);
    word pc = t->arch.pc;
    world_syscall(seL4_SysCall, reply, 0); /* unused: answered at once */
    assert_int_equal(t->arch.pc, pc + 4);
    world_syscall(seL4_SysSend, ep, 0);
    assert_ptr_equal(world_current(), world.root);
    world_call(W_TCB, TCBSetPriority, (const unsigned[]){W_TCB}, 1, 1, W(5));
    assert_ptr_equal(world_current(), t);
    world_syscall(seL4_SysSend, ep, 0);
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(t->state, THREAD_ON_SEND);
    assert_int_equal(arch_restart_pc(t), pc + 8);
    suspend(slot);
    assert_null(((struct endpoint *)world_object(ep))->queue.head);
    world.root->arch.x[2] = 0;
    world_syscall(seL4_SysCall, slot, info_make(TCBResume, 0, 0, 0));
    assert_ptr_equal(world_current(), t);
    assert_int_equal(t->arch.pc, pc + 8);
}

static void test_interrupt(void **state)
{
    unsigned ntfn = world_new(seL4_NotificationObject, 0);
    unsigned handler = world.next++;
    const unsigned root[] = {W_CNODE};
    const unsigned caps[] = {ntfn};

    assert_int_equal(
        world_call(W_IRQ_CONTROL, IRQIssueIRQHandler, root, 1, 3, W(16), W(handler), W(64)),
        seL4_RangeError);
    assert_int_equal(
        world_call(W_IRQ_CONTROL, IRQIssueIRQHandler, root, 1, 3, W(5), W(handler), W(64)), 0);
    assert_int_equal(
        world_call(W_IRQ_CONTROL, IRQIssueIRQHandler, root, 1, 3, W(5), W(handler + 1), W(64)),
        seL4_RevokeFirst);
    assert_int_equal(world_call(handler, IRQSetIRQHandler, caps, 1, 0), seL4_NoError);
    fake.irq_masked |= BIT(5); /* held until it is acknowledged */
    kernel_interrupt(this_cpu(), 5);
    assert_true(((struct notification *)world_object(ntfn))->active);
    assert_int_equal(world_call(handler, IRQAckIRQ, NULL, 0, 0), seL4_NoError);
    assert_false(fake.irq_masked & BIT(5));
    assert_int_equal(world_call(W_CNODE, CNodeRevoke, NULL, 0, 2, W(W_IRQ_CONTROL), W(64)), 0);
    assert_true(slot_empty(world_slot(handler)));
    assert_false(irq_is_claimed(5));
    kernel_interrupt(this_cpu(), 5);
    assert_true(fake.irq_masked & BIT(5));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_call_donates), TEST(test_server_deleted),     TEST(test_reply_deleted),
        TEST(test_chain),        TEST(test_send_queue),         TEST(test_cancel_badged),
        TEST(test_notification), TEST(test_endpoint_deleted),   TEST(test_nb_send_recv),
        TEST(test_caps),         TEST(test_no_buffer),          TEST(test_fault),
        TEST(test_interrupt),    TEST(test_wait_without_reply), TEST(test_suspend_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
