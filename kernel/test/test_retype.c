/* SPDX-License-Identifier: BSD-2-Clause */
/* Retype against a set of intervals: objects never overlap, are aligned, inside, and zero. */
#include "world.h"

#define BASE  64
#define SLOTS 100
#define STEPS 8000
#define W(x)  ((word)(x))

static unsigned seed = 11;

static unsigned pick(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % n;
}

/* Live objects other than untypeds must not overlap; an untyped may only hold what is its own. */
static void check_disjoint(void)
{
    for (unsigned i = 0; i < SLOTS; i++) {
        struct cap a = world_slot(BASE + i)->cap;
        if (a.head == 0)
            continue;
        word a_start = (word)(uintptr_t)cap_object(a);
        word a_end = a_start + BIT(cap_object_bits(a));
        for (unsigned j = 0; j < SLOTS; j++) {
            struct cap b = world_slot(BASE + j)->cap;
            if (i == j || b.head == 0 || cap_is(b, CAP_UNTYPED))
                continue;
            word b_start = (word)(uintptr_t)cap_object(b);
            word b_end = b_start + BIT(cap_object_bits(b));
            bool apart = a_end <= b_start || b_end <= a_start;
            if (cap_is(a, CAP_UNTYPED)) {
                bool inside = a_start <= b_start && b_end <= a_end;
                assert_true(apart || inside);
                /* Used memory is below the watermark. */
                if (inside)
                    assert_true(b_end - a_start <= a.data ||
                                tree_has_children(world_slot(BASE + i)));
            } else {
                assert_true(apart);
            }
        }
    }
}

static void check_new(unsigned slot, struct cap parent)
{
    struct cap cap = world_slot(slot)->cap;
    unsigned bits = cap_object_bits(cap);
    word at = (word)(uintptr_t)cap_object(cap);
    word base = (word)(uintptr_t)cap_object(parent);

    assert_int_equal(at & MASK(bits), 0);
    assert_true(at >= base && at + BIT(bits) <= base + BIT(untyped_bits(parent)));
    assert_true(tree_is_parent(slot_prev(world_slot(slot)), world_slot(slot)) ||
                slot_prev(world_slot(slot)) != NULL);
    if (!cap_is(cap, CAP_FRAME))
        return;
    const unsigned char *bytes = cap_object(cap);
    for (word i = 0; i < BIT(bits); i++)
        assert_int_equal(bytes[i], 0);
    memset(cap_object(cap), 0xaa, BIT(bits));
}

static void retype(unsigned from)
{
    static const unsigned types[] = {
        seL4_UntypedObject,      seL4_UntypedObject,  FAKE_OBJECT_FRAME, seL4_CapTableObject,
        seL4_SchedContextObject, seL4_EndpointObject, seL4_ReplyObject,  seL4_TCBObject};
    const unsigned root[] = {W_CNODE};
    unsigned type = types[pick(array_len(types))];
    unsigned at = pick(SLOTS);
    unsigned count = 1 + pick(3);
    unsigned bits = type == seL4_UntypedObject    ? 5 + pick(11)
                    : type == seL4_CapTableObject ? 1 + pick(4)
                                                  : 7 + pick(3);
    struct cap parent = world_slot(from)->cap;

    fake.interrupt_after = pick(3);
    word error = world_call(from, UntypedRetype, root, 1, 6, W(type), W(bits), W(0), W(0),
                            W(BASE + at), W(count));
    fake.interrupt_after = 0;
    if (error != seL4_NoError || at + count > SLOTS)
        return;
    for (unsigned i = 0; i < count; i++)
        check_new(BASE + at + i, parent);
}

static void test_random(void **state)
{
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned slot = BASE + pick(SLOTS);
        struct cap cap = world_slot(slot)->cap;

        if (cap_is(cap, CAP_UNTYPED))
            retype(slot);
        else if (pick(3) == 0)
            retype(W_UNTYPED);
        if (pick(2)) {
            word label = pick(8) ? CNodeDelete : CNodeRevoke;
            assert_int_equal(world_call(W_CNODE, label, NULL, 0, 2, W(BASE + pick(SLOTS)), W(64)),
                             seL4_NoError);
        }
        if (step % 8 == 0)
            check_disjoint();
    }
}

/* Errors in their order, with their words. */
static void expect(word error, word label, word mr0, word mr1)
{
    assert_int_equal(error, label);
    assert_int_equal(arch_get_mr(world.root, 0), mr0);
    if (mr1 != ~W(0))
        assert_int_equal(arch_get_mr(world.root, 1), mr1);
}

#define RETYPE(type, bits, index, depth, offset, count)                                            \
    world_call(W_UNTYPED, UntypedRetype, root, 1, 6, W(type), W(bits), W(index), W(depth),         \
               W(offset), W(count))

static void test_errors(void **state)
{
    const unsigned root[] = {W_CNODE};

    expect(RETYPE(99, 0, 0, 0, BASE, 1), seL4_InvalidArgument, 0, ~W(0));
    expect(RETYPE(0, 64, 0, 0, BASE, 1), seL4_RangeError, 0, 47);
    expect(RETYPE(0, 48, 0, 0, BASE, 1), seL4_RangeError, 0, 47);
    expect(RETYPE(0, 3, 0, 0, BASE, 1), seL4_InvalidArgument, 1, ~W(0));
    expect(RETYPE(4, 0, 0, 0, BASE, 1), seL4_InvalidArgument, 1, ~W(0));
    expect(RETYPE(4, 43, 0, 0, BASE, 1), seL4_RangeError, 0, 47);
    expect(RETYPE(5, 6, 0, 0, BASE, 1), seL4_InvalidArgument, 1, ~W(0));
    expect(RETYPE(2, 0, BASE, 64, 0, 1), seL4_FailedLookup, 0, seL4_MissingCapability);
    expect(RETYPE(2, 0, 0, 65, 0, 1), seL4_RangeError, 1, 64);
    expect(RETYPE(2, 0, 0, 0, 1 << WORLD_RADIX, 1), seL4_RangeError, 0, (1 << WORLD_RADIX) - 1);
    expect(RETYPE(2, 0, 0, 0, BASE, 0), seL4_RangeError, 1, 256);
    expect(RETYPE(2, 0, 0, 0, BASE, 257), seL4_RangeError, 1, 256);
    expect(RETYPE(2, 0, 0, 0, 1020, 5), seL4_RangeError, 1, 4);
    assert_int_equal(RETYPE(2, 0, 0, 0, W_TCB, 1), seL4_DeleteFirst);
    expect(RETYPE(0, WORLD_BITS, 0, 0, BASE, 1), seL4_NotEnoughMemory, BIT(WORLD_BITS - 1), ~W(0));
    assert_int_equal(RETYPE(2, 0, 0, 0, BASE, 256), seL4_NoError);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_errors, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_random, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
