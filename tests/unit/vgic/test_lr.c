/* SPDX-License-Identifier: BSD-2-Clause */
/* Delivery through list registers, and the mistakes that others made with it. */
#include "start.h"

static void level_follows_its_line(void **state)
{
    start_v2(1, 4);
    level(0, 33, true);
    assert_int_equal(hw_iar(&hw, 0), 33);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    hw_eoi(&hw, 0, 33);
    assert_int_equal(hw_iar(&hw, 0), 33); /* still high: again */
    level(0, 33, false);
    assert_int_equal(hw_read(&hw, 0, 0x204, 4), 0);
    assert_int_equal(hw_read(&hw, 0, 0x304, 4), 2);
    hw_eoi(&hw, 0, 33);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    assert_false(vgic_deliverable(&hw.vgic, 0));
    assert_int_equal(hw_read(&hw, 0, 0x304, 4), 0);
}

static void edges_are_neither_lost_nor_repeated(void **state)
{
    start_v2(1, 4);
    hw_write(&hw, 0, 0xc08, 4, UINT32_MAX);
    level(0, 40, true); /* rising edge; the line may stay high */
    assert_int_equal(hw_iar(&hw, 0), 40);
    hw_eoi(&hw, 0, 40);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    level(0, 40, true);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    pulse(0, 41);
    assert_int_equal(hw_iar(&hw, 0), 41);
    pulse(0, 41); /* while it is being handled */
    pulse(0, 41);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    hw_eoi(&hw, 0, 41);
    assert_int_equal(hw_iar(&hw, 0), 41); /* edges merge, as a latch does */
    hw_eoi(&hw, 0, 41);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
}

/* "SPIs off by one register": first and last of each register. */
static void every_spi_arrives_as_itself(void **state)
{
    for (unsigned version = 2; version <= 3; version++) {
        if (version == 2) {
            start_v2(2, 4);
        } else {
            hw_init(&hw, VGIC_V3, 2, 4);
            hw_write(&hw, 0, 0, 4, 3);
        }
        for (unsigned intid = 32; intid < 288; intid++) {
            if (version == 3) {
                hw_write(&hw, 0, 0x100 + intid / 32 * 4, 4, UINT32_C(1) << intid % 32);
                hw_write(&hw, 0, 0x6000 + 8 * intid, 8, 1);
            } else {
                hw_write(&hw, 0, 0x800 + intid, 1, 2);
            }
            level(1, intid, true);
            assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
            assert_int_equal(hw_iar(&hw, 1), intid);
            level(1, intid, false);
            hw_eoi(&hw, 1, intid);
            assert_int_equal(hw_iar(&hw, 1), SPURIOUS);
        }
    }
}

/* "Interrupts injected while disabled are lost": each gate keeps them pending. */
static void gates_keep_interrupts_pending(void **state)
{
    start_v2(1, 4);
    hw_write(&hw, 0, 0xc08, 4, UINT32_MAX);
    hw_write(&hw, 0, 0x184, 4, UINT32_MAX);
    pulse(0, 35);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    assert_int_equal(hw_read(&hw, 0, 0x204, 4), 8);
    hw_write(&hw, 0, 0x104, 4, 8);
    assert_int_equal(hw_iar(&hw, 0), 35);
    hw_eoi(&hw, 0, 35);

    hw_write(&hw, 0, 0, 4, 2); /* group 0 off */
    pulse(0, 35);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    hw_write(&hw, 0, 0x084, 4, 8); /* now it is in group 1 */
    assert_int_equal(hw_iar(&hw, 0), 35);
    assert_int_equal(hw.cpu[0].lr[0].group, 1);
    hw_eoi(&hw, 0, 35);

    start_v2(2, 4);
    hw_write(&hw, 0, 0x823, 1, 0); /* no target */
    pulse(0, 35);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    hw_write(&hw, 0, 0x823, 1, 2);
    assert_int_equal(hw.cpu[1].kicks, 1);
    hw_flush(&hw, 1);
    assert_int_equal(hw_iar(&hw, 1), 35);
}

static void one_vcpu_needs_no_target(void **state)
{
    hw_init(&hw, VGIC_V2, 1, 4);
    hw_write(&hw, 0, 0, 4, 1);
    hw_write(&hw, 0, 0x104, 4, 2);
    level(0, 33, true);
    assert_int_equal(hw_iar(&hw, 0), 33);
}

/* "Active state orphaned on disable": its end is still seen, and it works afterwards. */
static void disable_while_active(void **state)
{
    start_v2(1, 1);
    level(0, 33, true);
    assert_int_equal(hw_iar(&hw, 0), 33);
    hw_write(&hw, 0, 0x184, 4, 2);
    assert_int_equal(hw_read(&hw, 0, 0x304, 4), 2);
    hw_eoi(&hw, 0, 33);
    assert_int_equal(hw_read(&hw, 0, 0x304, 4), 0);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS); /* high, but disabled */
    hw_write(&hw, 0, 0x104, 4, 2);
    assert_int_equal(hw_iar(&hw, 0), 33);
}

/* "Pending queue full is fatal": everything at once, through one list register. */
static void more_than_fit(void **state)
{
    static const unsigned lrs[] = {1, 4, 16};

    for (unsigned i = 0; i < 3; i++) {
        start_v2(1, lrs[i]);
        for (unsigned n = 0; n < 9; n++) {
            hw_write(&hw, 0, 0x200 + 4 * n, 4, n == 0 ? 0xf7ffffff : UINT32_MAX);
        }
        hw_write(&hw, 0, 0xf00, 4, 0x02000003);
        for (unsigned count = 0; count < 1 + 15 + 256; count++) {
            unsigned intid = hw_iar(&hw, 0);
            assert_int_not_equal(intid, SPURIOUS);
            hw_eoi(&hw, 0, intid);
        }
        assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
        assert_true(hw.vgic.cpu[0].stats.overflow > 0);
    }
}

static void common_exit_does_nothing(void **state)
{
    start_v2(1, 4);
    level(0, 33, true);
    unsigned before = hw.injections;
    for (unsigned i = 0; i < 10; i++) {
        hw_flush(&hw, 0);
        assert_false(hw.vgic.cpu[0].dirty);
    }
    level(0, 33, true);
    assert_int_equal(hw.injections, before);
}

static void maintenance_of_nothing(void **state)
{
    start_v2(1, 4);
    vgic_maintenance(&hw.vgic, 0, UINT64_MAX);
    vgic_maintenance(&hw.vgic, 0, 4);
    vgic_maintenance(&hw.vgic, 0, 3);
    assert_int_equal(hw.vgic.cpu[0].stats.spurious, 3);
    level(0, 33, true);
    assert_int_equal(hw_iar(&hw, 0), 33);
}

/* The host refuses an entry: another one takes the interrupt, nothing is lost. */
static void refusal(void **state)
{
    start_v2(1, 4);
    hw.refuse = 0x3;
    hw_write(&hw, 0, 0xf00, 4, 0x02000004);
    assert_int_equal(hw.vgic.cpu[0].stats.refused, 2);
    assert_int_equal(hw_iar(&hw, 0), 4);
    hw_eoi(&hw, 0, 4);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    hw.refuse = 0xf;
    level(0, 33, true);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    assert_int_equal(hw_read(&hw, 0, 0x204, 4), 2);
    hw.refuse = 0;
    vgic_maintenance(&hw.vgic, 0, 1); /* it has become free after all */
    hw_flush(&hw, 0);
    assert_int_equal(hw_iar(&hw, 0), 33);
}

static void software_active_bars_delivery(void **state)
{
    start_v2(1, 4);
    hw_write(&hw, 0, 0x304, 4, 2);
    level(0, 33, true);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    hw_write(&hw, 0, 0x384, 4, 2);
    assert_int_equal(hw_iar(&hw, 0), 33);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(level_follows_its_line),
        cmocka_unit_test(edges_are_neither_lost_nor_repeated),
        cmocka_unit_test(every_spi_arrives_as_itself),
        cmocka_unit_test(gates_keep_interrupts_pending),
        cmocka_unit_test(one_vcpu_needs_no_target),
        cmocka_unit_test(disable_while_active),
        cmocka_unit_test(more_than_fit),
        cmocka_unit_test(common_exit_does_nothing),
        cmocka_unit_test(maintenance_of_nothing),
        cmocka_unit_test(refusal),
        cmocka_unit_test(software_active_bars_delivery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
