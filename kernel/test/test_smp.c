/* SPDX-License-Identifier: BSD-2-Clause */
/* Two cores: threads that run elsewhere, migration, and entries that are abandoned. */
#include "world.h"

#define W(x) ((word)(x))

/* A thread that runs on core 1. */
static unsigned remote_thread(struct tcb **out)
{
    unsigned slot = world_thread(100, 1000, 1000, out);
    const unsigned caps[] = {slot + 1};

    assert_int_equal(world_call(W_CONTROL_1, SchedControlConfigureFlags, caps, 1, 5, W(1000),
                                W(1000), W(0), W(0), W(0)),
                     0);
    assert_int_equal((*out)->core, 1);
    assert_int_equal(world_call(slot, TCBResume, NULL, 0, 0), seL4_NoError);
    assert_true(fake.reschedules[1] > 0);
    assert_ptr_equal(cpus[1].current, cpus[1].idle);
    fake.core = 1;
    world_advance(0);
    assert_ptr_equal(cpus[1].current, *out);
    fake.core = 0;
    return slot;
}

static void test_suspend_remote(void **state)
{
    struct tcb *t;
    unsigned slot = remote_thread(&t);

    fake.stalled_repeats = false;
    fake.time += 100 * US;
    assert_int_equal(world_call(slot, TCBSuspend, NULL, 0, 0), seL4_NoError);
    assert_int_equal(fake.stalls[1], 1);
    assert_int_equal(t->state, THREAD_INACTIVE);
    assert_ptr_equal(cpus[1].current, cpus[1].idle);
    assert_int_equal(world_sc(slot)->consumed, 100 * US);
    fake.core = 1;
    world_advance(0);
    assert_ptr_equal(cpus[1].current, cpus[1].idle);
    fake.core = 0;
    assert_int_equal(world_call(slot, TCBResume, NULL, 0, 0), seL4_NoError);
    fake.core = 1;
    world_advance(0);
    assert_ptr_equal(cpus[1].current, t);
}

/* The other core was about to make a system call when its thread was stopped. */
static void test_abandoned(void **state)
{
    struct tcb *t;
    unsigned slot = remote_thread(&t);

    t->arch.pc = 0x2004;
    t->arch.trap_back = 4;
    t->arch.x[0] = W_NULL;
    fake.stalled_repeats = true;
    assert_int_equal(world_call(slot, TCBSuspend, NULL, 0, 0), seL4_NoError);
    fake.core = 1;
    world_abandon();
    assert_ptr_equal(cpus[1].current, cpus[1].idle);
    assert_int_equal(arch_restart_pc(t), 0x2000);
    fake.core = 0;
    assert_int_equal(world_call(slot, TCBResume, NULL, 0, 0), seL4_NoError);
    fake.core = 1;
    world_advance(0);
    assert_ptr_equal(cpus[1].current, t);
    assert_int_equal(t->arch.pc, 0x2000);
}

/* Only its registers are read: it goes on by itself, and repeats what it was about to do. */
static void test_read_remote(void **state)
{
    struct tcb *t;
    unsigned slot = remote_thread(&t);

    t->arch.pc = 0x3000;
    fake.stalled_repeats = false;
    assert_int_equal(world_call(slot, TCBReadRegisters, NULL, 0, 2, W(0), W(4)), seL4_NoError);
    assert_int_equal(world.root->arch.x[2], 0x3000);
    assert_true(t->in_ready);
    fake.core = 1;
    world_advance(0);
    assert_ptr_equal(cpus[1].current, t);
}

static void test_migrate_running(void **state)
{
    struct tcb *t;
    unsigned slot = remote_thread(&t);
    const unsigned caps[] = {slot + 1};

    fake.stalled_repeats = false;
    assert_int_equal(world_call(W_CONTROL, SchedControlConfigureFlags, caps, 1, 5, W(1000), W(1000),
                                W(0), W(0), W(0)),
                     0);
    assert_int_equal(t->core, 0);
    assert_true(t->in_ready);
    assert_int_equal(ready_top(&cpus[0]), 100);
    assert_int_equal(ready_top(&cpus[1]), -1);
}

/* The root thread sends itself to the other core. */
static void test_migrate_self(void **state)
{
    const unsigned caps[] = {W_SC};

    world.root->arch.x[2] = 1000;
    world.root->arch.x[3] = 1000;
    world.root->arch.x[4] = 0;
    world.root->arch.x[5] = 0;
    world.buffer->msg[4] = 0;
    world.buffer->caps_or_badges[0] = caps[0];
    world_syscall(seL4_SysCall, W_CONTROL_1, info_make(SchedControlConfigureFlags, 0, 1, 5));
    assert_ptr_equal(world_current(), this_cpu()->idle);
    assert_int_equal(world.root->core, 1);
    fake.core = 1;
    world_advance(0);
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(world.root->arch.x[1], 0);
}

/* A call to a server without budget on another core: it comes to the caller's. */
static void test_donation_migrates(void **state)
{
    struct tcb *t;
    unsigned slot = remote_thread(&t);
    unsigned ep = world_new(seL4_EndpointObject, 0);
    unsigned reply = world_new(seL4_ReplyObject, 0);
    const unsigned caps[] = {slot};

    fake.core = 1;
    t->arch.x[6] = reply;
    world_syscall(seL4_SysRecv, ep, 0);
    assert_ptr_equal(world_current(), cpus[1].idle);
    fake.core = 0;
    assert_int_equal(world_call(slot + 1, SchedContextUnbindObject, caps, 1, 0), seL4_NoError);
    world_syscall(seL4_SysCall, ep, 0);
    assert_ptr_equal(world_current(), t);
    assert_int_equal(t->core, 0);
    assert_int_equal(fake.migrations, 2);
}

/* A passive server answers here and takes the next call from a thread of the other core. */
static void test_next_call_from_afar(void **state)
{
    struct tcb *server, *client;
    unsigned slot = world_thread(200, 5000, 5000, &server);
    unsigned ep = world_new(seL4_EndpointObject, 0);
    unsigned reply = world_new(seL4_ReplyObject, 0);
    const unsigned caps[] = {slot};

    world_call(W_TCB, TCBSetPriority, (const unsigned[]){W_TCB}, 1, 1, W(199));
    remote_thread(&client);
    world_call(slot, TCBResume, NULL, 0, 0);
    server->arch.x[6] = reply;
    world_syscall(seL4_SysRecv, ep, 0);
    assert_int_equal(world_call(slot + 1, SchedContextUnbindObject, caps, 1, 0), seL4_NoError);

    world_syscall(seL4_SysCall, ep, 0);
    assert_ptr_equal(world_current(), server);
    fake.core = 1;
    world_syscall(seL4_SysCall, ep, info_make(4, 0, 0, 0));
    assert_int_equal(client->state, THREAD_ON_SEND);
    fake.core = 0;
    server->arch.x[6] = reply;
    world_syscall(seL4_SysReplyRecv, ep, 0);
    assert_ptr_equal(world_current(), world.root);
    assert_int_equal(server->core, 1);
    assert_ptr_equal(server->sc->reply->tcb, client);
    assert_true(server->in_ready);
    fake.core = 1;
    world_advance(0);
    assert_ptr_equal(world_current(), server);
    assert_int_equal(info_label(server->arch.x[1]), 4);
}

static void test_delete_remote(void **state)
{
    struct tcb *t;
    unsigned slot = remote_thread(&t);

    fake.stalled_repeats = true;
    assert_int_equal(world_call(W_CNODE, CNodeDelete, NULL, 0, 2, W(slot), W(64)), 0);
    assert_true(slot_empty(world_slot(slot)));
    assert_ptr_equal(cpus[1].current, cpus[1].idle);
    assert_null(ready_first(&cpus[1]));
    assert_null(world_sc(slot)->tcb);
    fake.core = 1;
    world_abandon();
    assert_ptr_equal(cpus[1].current, cpus[1].idle);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_suspend_remote),    TEST(test_abandoned),           TEST(test_read_remote),
        TEST(test_migrate_running),   TEST(test_migrate_self),        TEST(test_delete_remote),
        TEST(test_donation_migrates), TEST(test_next_call_from_afar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
