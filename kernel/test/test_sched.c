/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling by budgets and priorities on one core. */
#include "world.h"

#define W(x) ((word)(x))

static void resume(unsigned tcb)
{
    assert_int_equal(world_call(tcb, TCBResume, NULL, 0, 0), seL4_NoError);
}

static void root_priority(unsigned priority)
{
    world_call(W_TCB, TCBSetPriority, (const unsigned[]){W_TCB}, 1, 1, W(priority));
}

static void test_round_robin(void **state)
{
    struct tcb *a, *b;
    unsigned a_slot = world_thread(100, 1000, 1000, &a);
    unsigned b_slot = world_thread(100, 1000, 1000, &b);

    resume(a_slot);
    resume(b_slot);
    root_priority(50);
    assert_ptr_equal(world_current(), a);
    assert_int_equal(this_cpu()->arch.deadline, fake.time + 1000 * US);
    world_advance(500);
    assert_ptr_equal(world_current(), a);
    world_advance(500);
    assert_ptr_equal(world_current(), b);
    world_advance(1000);
    assert_ptr_equal(world_current(), a);
    world_syscall(seL4_SysYield, 0, 0);
    assert_ptr_equal(world_current(), b);
    world_syscall(seL4_SysYield, 0, 0);
    assert_ptr_equal(world_current(), a);
    assert_int_equal(refill_head(a->sc)->amount, 1000 * US);
}

static void test_budget(void **state)
{
    struct tcb *a;
    unsigned slot = world_thread(100, 1000, 5000, &a);

    resume(slot);
    root_priority(50);
    assert_ptr_equal(world_current(), a);
    ticks start = fake.time;
    world_advance(1000);
    assert_ptr_equal(world_current(), world.root);
    assert_true(a->in_release);
    assert_true(this_cpu()->arch.deadline <= start + 5000 * US);
    world_advance(3999);
    assert_ptr_equal(world_current(), world.root);
    world_advance(1);
    assert_ptr_equal(world_current(), a);
    assert_int_equal(a->sc->consumed, 1000 * US);
    /* Used up in the middle of a system call: that is repeated in the next period. */
    fake.time += 990 * US;
    word pc = a->arch.pc;
    world_syscall(seL4_SysNBSend, W_NULL, 0);
    assert_ptr_equal(world_current(), world.root);
    world_advance(4100);
    assert_ptr_equal(world_current(), a);
    assert_int_equal(a->arch.pc, pc);
}

static void test_timeout_fault(void **state)
{
    struct tcb *a;
    unsigned slot = world_thread(100, 1000, 5000, &a);
    unsigned ep = world_new(seL4_EndpointObject, 0);
    unsigned reply = world_new(seL4_ReplyObject, 0);
    const unsigned caps[] = {ep};

    assert_int_equal(world_call(slot, TCBSetTimeoutEndpoint, caps, 1, 0), seL4_NoError);
    resume(slot);
    world.root->arch.x[6] = reply;
    world_syscall(seL4_SysRecv, ep, 0);
    assert_ptr_equal(world_current(), a);
    world_advance(1100);
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(world.root->arch.x[1], info_make(seL4_Fault_Timeout, 0, 0, 2));
    assert_int_equal(world.root->arch.x[2], 0x5c);
    assert_int_equal(world.root->arch.x[3], 1100);
    world_syscall(seL4_SysSend, reply, 0);
    assert_int_equal(a->state, THREAD_RESTART);
    assert_true(a->in_release);
}

static void test_preempts_at_once(void **state)
{
    struct tcb *a;
    unsigned slot = world_thread(100, 1000, 5000, &a);

    root_priority(99);
    world.root->arch.x[2] = 0;
    world_syscall(seL4_SysCall, slot, info_make(TCBResume, 0, 0, 0));
    assert_ptr_equal(world_current(), a);
    assert_true(world.root->in_ready);
    assert_int_equal(world.root->state, THREAD_RUNNING);
    /* Yield gives up the rest of a budget without counting it as used. */
    fake.time += 300 * US;
    world_syscall(seL4_SysYield, 0, 0);
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(a->sc->consumed, 300 * US);
    assert_true(a->in_release);
}

static void test_configure_running(void **state)
{
    struct tcb *a;
    unsigned slot = world_thread(100, 1000, 5000, &a);
    const unsigned caps[] = {slot + 1};

    resume(slot);
    root_priority(50);
    assert_ptr_equal(world_current(), a);
    world_advance(400);
    assert_ptr_equal(world_current(), a);
    world_advance(1000);
    assert_ptr_equal(world_current(), world.root);
    assert_true(a->in_release);
    /* Twice the budget: what was used stays used. */
    assert_int_equal(world_call(W_CONTROL, SchedControlConfigureFlags, caps, 1, 5, W(2000), W(5000),
                                W(0), W(0), W(0)),
                     0);
    assert_false(refill_ready(a->sc, fake.time));
    assert_true(a->in_release);
    assert_int_equal(world_call(slot, TCBSuspend, NULL, 0, 0), 0);
    assert_false(a->in_release);
    assert_null(this_cpu()->release.head);
}

static void test_yield_to(void **state)
{
    struct tcb *a, *b;
    unsigned a_slot = world_thread(100, 1000, 1000, &a);
    unsigned b_slot = world_thread(100, 1000, 1000, &b);

    resume(a_slot);
    resume(b_slot);
    root_priority(100);
    assert_ptr_equal(world_current(), world.root);
    world_syscall(seL4_SysCall, b_slot + 1, info_make(SchedContextYieldTo, 0, 0, 0));
    assert_ptr_equal(world_current(), b);
    world_advance(700);
    world_syscall(seL4_SysYield, 0, 0);
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(world.root->arch.x[1], info_make(0, 0, 0, 1));
    assert_int_equal(world.root->arch.x[2], 700);
}

static void test_sc_destroyed(void **state)
{
    struct tcb *a;
    unsigned slot = world_thread(100, 1000, 5000, &a);

    resume(slot);
    assert_int_equal(world_call(W_CNODE, CNodeDelete, NULL, 0, 2, W(slot + 1), W(64)), 0);
    assert_null(a->sc);
    root_priority(50);
    assert_ptr_equal(world_current(), world.root);
    /* Its own: the processor is idle. */
    world.root->arch.x[2] = W_SC;
    world.root->arch.x[3] = 64;
    world_syscall(seL4_SysCall, W_CNODE, info_make(CNodeDelete, 0, 0, 2));
    assert_ptr_equal(world_current(), this_cpu()->idle);
}

/* More refills than are counted: refused, and never a scheduling context with none. */
static void test_many_refills(void **state)
{
    const unsigned caps[] = {world_new(seL4_SchedContextObject, 21)};
    const struct sched_context *sc = world_object(caps[0]);

    assert_int_equal(world_call(W_CONTROL, SchedControlConfigureFlags, caps, 1, 5, W(1000), W(5000),
                                W(UINT16_MAX - 1), W(0), W(0)),
                     seL4_RangeError);
    assert_int_equal(world.root->arch.x[3], UINT16_MAX - SC_CORE_REFILLS);
    assert_int_equal(world_call(W_CONTROL, SchedControlConfigureFlags, caps, 1, 5, W(1000), W(5000),
                                W(UINT16_MAX - SC_CORE_REFILLS), W(0), W(0)),
                     seL4_NoError);
    assert_int_equal(sc->refill_max, UINT16_MAX);
}

static void test_priority_queue(void **state)
{
    struct tcb *a;
    unsigned slot = world_thread(100, 1000, 1000, &a);

    resume(slot);
    const unsigned auth[] = {W_TCB};
    assert_int_equal(world_call(slot, TCBSetPriority, auth, 1, 1, W(42)), seL4_NoError);
    assert_int_equal(ready_top(this_cpu()), 42);
    assert_int_equal(world_call(slot, TCBSetPriority, auth, 1, 1, W(43)), seL4_NoError);
    assert_int_equal(ready_top(this_cpu()), 43);
    assert_int_equal(world_call(slot, TCBSuspend, NULL, 0, 0), seL4_NoError);
    assert_int_equal(ready_top(this_cpu()), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_round_robin),      TEST(test_budget),         TEST(test_timeout_fault),
        TEST(test_preempts_at_once), TEST(test_yield_to),       TEST(test_configure_running),
        TEST(test_sc_destroyed),     TEST(test_priority_queue), TEST(test_many_refills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
