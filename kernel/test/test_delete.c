/* SPDX-License-Identifier: BSD-2-Clause */
/* Deletion of CNodes and TCBs nested in any way, preempted anywhere, and revocation of it all. */
#include "world.h"

#define BASE   64
#define NODES  40
#define ROUNDS 400
#define W(x)   ((word)(x))

static unsigned seed = 3;

static unsigned pick(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % n;
}

static struct slot *live[4096];
static unsigned live_count;

static void add_slots(struct slot *slots, word n)
{
    for (word i = 0; i < n && live_count < array_len(live); i++)
        live[live_count++] = &slots[i];
}

static bool is_listed(const struct slot *first)
{
    for (unsigned i = 0; i < live_count; i++)
        if (live[i] == first)
            return true;
    return false;
}

/* Every slot that can be reached from the world's CNode. */
static void find_live(void)
{
    live_count = 0;
    add_slots(world_slot(BASE), NODES);
    for (unsigned i = 0; i < live_count; i++) {
        struct cap cap = live[i]->cap;
        if (cap_is(cap, CAP_CNODE) && !is_listed(cap_object(cap)))
            add_slots(cap_object(cap), BIT(cnode_radix(cap)));
    }
}

static void make_nodes(void)
{
    const unsigned root[] = {W_CNODE};

    for (unsigned i = 0; i < NODES; i++) {
        unsigned type = pick(5) == 0   ? seL4_TCBObject
                        : pick(4) == 0 ? seL4_EndpointObject
                                       : seL4_CapTableObject;
        assert_int_equal(world_call(W_UNTYPED, UntypedRetype, root, 1, 6, W(type), W(1 + pick(3)),
                                    W(0), W(0), W(BASE + i), W(1)),
                         seL4_NoError);
    }
}

/* Moves capabilities about, into themselves too; sometimes copies one, or makes it a CSpace. */
static void entangle(void)
{
    for (unsigned i = 0; i < 200; i++) {
        find_live();
        struct slot *from = live[pick(live_count)];
        struct slot *to = live[pick(live_count)];
        if (slot_empty(from) || cap_is(from->cap, CAP_ZOMBIE))
            continue;
        if (cap_is(from->cap, CAP_THREAD) && pick(4) == 0) {
            to = &((struct tcb *)cap_object(from->cap))->slot[TCB_CSPACE];
            from = live[pick(live_count)];
            if (!cap_is(from->cap, CAP_CNODE))
                continue;
        }
        if (!slot_empty(to))
            continue;
        if (pick(5) == 0)
            tree_insert(from, to, from->cap);
        else
            tree_move(from, to, from->cap);
    }
}

/* Deletes a few with interrupts; some deletions are never continued. */
static void delete_some(void)
{
    for (unsigned i = 0; i < 6; i++) {
        find_live();
        struct slot *slot = live[pick(live_count)];
        this_cpu()->work_units = pick(WORK_UNITS);
        fake.interrupt_after = 1;
        enum status status = slot_delete(slot);
        while (status == STATUS_PREEMPTED && pick(3)) {
            this_cpu()->work_units = WORK_UNITS - 1 - pick(3);
            fake.interrupt_after = 1;
            status = slot_delete(slot);
        }
        if (status == STATUS_OK)
            assert_true(slot_empty(slot));
    }
    fake.interrupt_after = 0;
}

static void test_entangled(void **state)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        make_nodes();
        entangle();
        delete_some();
        fake.interrupt_after = pick(2);
        enum status status;
        do {
            this_cpu()->work_units = WORK_UNITS - 1 - pick(20);
            fake.interrupt_after = 1;
            status = slot_revoke(world_slot(W_UNTYPED));
        } while (status == STATUS_PREEMPTED);
        fake.interrupt_after = 0;
        assert_false(tree_has_children(world_slot(W_UNTYPED)));
        for (unsigned i = 0; i < NODES; i++)
            assert_true(slot_empty(world_slot(BASE + i)));
        world_check();
    }
}

/* A CNode whose only capability is inside it. */
static void test_self(void **state)
{
    unsigned slot = world_new(seL4_CapTableObject, 3);
    struct slot *inside = (struct slot *)world_object(slot) + 5;

    tree_move(world_slot(slot), inside, world_slot(slot)->cap);
    assert_int_equal(slot_revoke(world_slot(W_UNTYPED)), STATUS_OK);
    assert_false(tree_has_children(world_slot(W_UNTYPED)));
}

/* Two, each in the other. */
static void test_pair(void **state)
{
    for (unsigned a_at = 0; a_at < 4; a_at++) {
        for (unsigned b_at = 0; b_at < 4; b_at++) {
            unsigned a = world_new(seL4_CapTableObject, 2);
            unsigned b = world_new(seL4_CapTableObject, 2);
            struct slot *in_a = (struct slot *)world_object(a) + a_at;
            struct slot *in_b = (struct slot *)world_object(b) + b_at;
            tree_move(world_slot(a), in_b, world_slot(a)->cap);
            tree_move(world_slot(b), in_a, world_slot(b)->cap);
            assert_int_equal(slot_revoke(world_slot(W_UNTYPED)), STATUS_OK);
            assert_false(tree_has_children(world_slot(W_UNTYPED)));
        }
    }
}

/* A long chain: no recursion, and every entry makes progress. */
static void test_chain(void **state)
{
    struct slot *first = world_slot(world_new(seL4_CapTableObject, 1));
    struct slot *at = cap_object(first->cap);

    for (unsigned i = 0; i < 5000; i++) {
        unsigned slot = world_new(seL4_CapTableObject, 1);
        struct slot *inside = world_object(slot);
        world.next--;
        tree_move(world_slot(slot), &at[i & 1], world_slot(slot)->cap);
        at = inside;
    }
    fake.interrupt_after = 1;
    unsigned entries = 0;
    while (slot_delete(first) == STATUS_PREEMPTED) {
        fake.interrupt_after = 1;
        entries++;
    }
    assert_in_range(entries, 50, 5000);
    assert_false(tree_has_children(world_slot(W_UNTYPED)));
}

/*
 * A thread that gets a new CSpace by a call of its own loses the old one, and with it the last
 * capability to itself. Nothing in the hardware may be its afterwards: its memory is free.
 */
static void test_end_by_set_space(void **state)
{
    enum { OWN, SPACE, ROOT, NONE };
    struct tcb *t;
    unsigned slot = world_thread(100, 1000, 1000, &t);
    unsigned space = world_new(seL4_CapTableObject, 2);
    unsigned event = world_new(seL4_NotificationObject, 0);
    struct slot *slots = world_object(space);
    seL4_IPCBuffer *buffer = world.buffer;

    tree_insert(world_slot(W_BUFFER), &t->slot[TCB_BUFFER], world_slot(W_BUFFER)->cap);
    tree_insert(world_slot(W_CNODE), &slots[SPACE], world_slot(W_CNODE)->cap);
    tree_insert(world_slot(W_VSPACE), &slots[ROOT], world_slot(W_VSPACE)->cap);
    slot_delete_simple(&t->slot[TCB_CSPACE]);
    tree_move(world_slot(space), &t->slot[TCB_CSPACE], cap_cnode(slots, 2, 62));
    assert_int_equal(world_call(slot, TCBResume, NULL, 0, 0), seL4_NoError);
    tree_move(world_slot(slot), &slots[OWN], world_slot(slot)->cap);
    world_syscall(seL4_SysWait, event, 0);
    assert_ptr_equal(world_current(), t);

    t->arch.x[2] = 0;
    t->arch.x[3] = 0;
    buffer->caps_or_badges[0] = NONE;
    buffer->caps_or_badges[1] = SPACE;
    buffer->caps_or_badges[2] = ROOT;
    world_syscall(seL4_SysCall, OWN, info_make(TCBSetSpace, 0, 3, 2));
    assert_int_equal(t->state, THREAD_INACTIVE);
    assert_null(t->sc);
    assert_true(slot_empty(&t->slot[TCB_CSPACE]));
    assert_true(slot_empty(&t->slot[TCB_VSPACE]));
    assert_ptr_equal(world_current(), this_cpu()->idle);
    assert_null(this_cpu()->arch.running);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_entangled, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_self, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_pair, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_chain, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_end_by_set_space, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
