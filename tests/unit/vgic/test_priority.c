/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of several interrupts a guest gets first. */
#include "start.h"

/* "Priorities ignored": highest first, then lowest INTID; low three bits do not count. */
static void urgent_first(void **state)
{
    static const unsigned order[] = {200, 35, 100, 34, 36};

    start_v2(1, 4);
    hw_write(&hw, 0, 0, 4, 0);
    hw_write(&hw, 0, 0x400 + 34, 1, 0xa0);
    hw_write(&hw, 0, 0x400 + 36, 1, 0xa7);
    hw_write(&hw, 0, 0x400 + 35, 1, 0x80);
    hw_write(&hw, 0, 0x400 + 100, 1, 0x80);
    hw_write(&hw, 0, 0x400 + 200, 1, 0x10);
    hw_write(&hw, 0, 0x204, 4, 0x1c);
    hw_write(&hw, 0, 0x20c, 4, 0x10);
    hw_write(&hw, 0, 0x218, 4, 0x100);
    hw_write(&hw, 0, 0, 4, 1);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(hw_iar(&hw, 0), order[i]);
        hw_eoi(&hw, 0, order[i]);
    }
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
}

static void pend_one_by_one(const uint8_t *priorities, unsigned count)
{
    hw_write(&hw, 0, 0xc08, 4, UINT32_MAX);
    for (unsigned i = 0; i < count; i++) {
        hw_write(&hw, 0, 0x400 + 32 + i, 1, priorities[i]);
        hw_write(&hw, 0, 0x204, 4, UINT32_C(1) << i);
    }
}

/* Made pending one after the other with interrupts masked, more than there are list registers. */
static void urgent_first_although_late(void **state)
{
    static const uint8_t priorities[] = {0x90, 0x30, 0xc0, 0x50, 0x70, 0x20,
                                         0xb0, 0x40, 0x80, 0x60, 0xa0, 0xd0};
    static const uint8_t order[] = {5, 1, 7, 3, 9, 4, 8, 0, 10, 6, 2, 11};

    for (unsigned version = 2; version <= 3; version++) {
        if (version == 2) {
            start_v2(1, 4);
        } else {
            start_v3();
        }
        pend_one_by_one(priorities, sizeof(priorities));
        for (unsigned i = 0; i < sizeof(order); i++) {
            assert_int_equal(hw_iar(&hw, 0), 32 + order[i]);
            hw_eoi(&hw, 0, 32 + order[i]);
        }
        assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    }
}

/* GICv3's hardware tells four priorities apart, of any that the guest uses. */
static void close_priorities_preempt(void **state)
{
    static const uint8_t priorities[] = {0xb8, 0xb0, 0xa8};

    start_v3();
    hw_write(&hw, 0, 0xc08, 4, UINT32_MAX);
    for (unsigned i = 0; i < 3; i++) {
        hw_write(&hw, 0, 0x400 + 32 + i, 1, priorities[i]);
        pulse(0, 32 + i);
        assert_int_equal(hw_iar(&hw, 0), 32 + i);
    }
    hw_write(&hw, 0, 0x400 + 35, 1, 0xa8);
    pulse(0, 35);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS); /* equal ones do not */
    hw_eoi(&hw, 0, 34);
    assert_int_equal(hw_iar(&hw, 0), 35);
}

/* The guest may take one group and not the other: neither keeps the other out. */
static void groups_do_not_block_each_other(void **state)
{
    static const uint8_t priorities[] = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80};

    start_v2(1, 4);
    hw_write(&hw, 0, 0x084, 4, 0x80); /* INTID 39 is in group 1, least urgent */
    pend_one_by_one(priorities, sizeof(priorities));
    bool found = false;
    for (unsigned i = 0; i < hw.lrs; i++) {
        found = found || (hw.cpu[0].lr[i].state == HW_PENDING && hw.cpu[0].lr[i].intid == 39);
    }
    assert_true(found);
}

static void urgent_first_across_groups(void **state)
{
    for (unsigned urgent = 0; urgent < 2; urgent++) {
        start_v2(1, 1);
        hw_write(&hw, 0, 0, 4, 0);
        hw_write(&hw, 0, 0x084, 4, 2); /* INTID 33 is in group 1 */
        hw_write(&hw, 0, 0x400 + 32, 1, urgent == 0 ? 0x20 : 0x40);
        hw_write(&hw, 0, 0x400 + 33, 1, urgent == 0 ? 0x40 : 0x20);
        hw_write(&hw, 0, 0x204, 4, 3);
        hw_write(&hw, 0, 0, 4, 3);
        assert_int_equal(hw_iar(&hw, 0), 32 + urgent);
        hw_eoi(&hw, 0, 32 + urgent);
        assert_int_equal(hw_iar(&hw, 0), 33 - urgent);
    }
}

static void preemption(void **state)
{
    start_v2(1, 4);
    hw_write(&hw, 0, 0x400 + 33, 1, 0xa0);
    hw_write(&hw, 0, 0x400 + 34, 1, 0x40);
    level(0, 33, true);
    assert_int_equal(hw_iar(&hw, 0), 33);
    level(0, 34, true);
    assert_int_equal(hw_iar(&hw, 0), 34);
    level(0, 34, false);
    level(0, 33, false);
    hw_eoi(&hw, 0, 34);
    hw_eoi(&hw, 0, 33);
    assert_false(vgic_deliverable(&hw.vgic, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urgent_first),
        cmocka_unit_test(urgent_first_although_late),
        cmocka_unit_test(close_priorities_preempt),
        cmocka_unit_test(groups_do_not_block_each_other),
        cmocka_unit_test(urgent_first_across_groups),
        cmocka_unit_test(preemption),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
