/* SPDX-License-Identifier: BSD-2-Clause */
/* vCPUs that go off and come back. */
#include "start.h"

/* An SPI that waits in the list register of a vCPU that goes off is delivered by another. */
static void spi_leaves_with_its_vcpu(void **state)
{
    start_v2(2, 4);
    hw_write(&hw, 0, 0x821, 1, 2);
    hw_write(&hw, 0, 0xc08, 4, UINT32_MAX);
    pulse(1, 33);
    assert_int_equal(hw.cpu[1].lr[0].intid, 33);
    hw_write(&hw, 1, 0x821, 1, 1); /* too late: it is loaded */
    hw.current = 1;
    vgic_vcpu_online(&hw.vgic, 1, false);
    hw.cpu[1].lr[0].stale = true;
    hw.cpu[1].ran = false;
    assert_int_equal(hw.cpu[0].kicks, 1);
    hw_flush(&hw, 0);
    assert_int_equal(hw_iar(&hw, 0), 33);
    hw_eoi(&hw, 0, 33);
    /* Back again, with an SGI waiting: it takes the old entry's place. */
    hw_write(&hw, 0, 0xf00, 4, 2u << 16 | 6);
    hw.current = 1;
    vgic_vcpu_online(&hw.vgic, 1, true);
    hw_flush(&hw, 1);
    assert_int_equal(hw_iar(&hw, 1), 6);
    hw_eoi(&hw, 1, 6);
    assert_int_equal(hw_iar(&hw, 1), SPURIOUS);
}

static void offline_vcpus_take_no_spis(void **state)
{
    start_v2(2, 4);
    hw.current = 0;
    hw_write(&hw, 0, 0x821, 1, 3);
    level(0, 33, true);
    assert_int_equal(hw_iar(&hw, 0), 33);
    level(0, 33, false);
    hw_eoi(&hw, 0, 33);
    hw_write(&hw, 0, 0x821, 1, 2);
    hw.current = 1;
    vgic_vcpu_online(&hw.vgic, 1, false);
    level(0, 33, true);
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    hw.current = 1;
    vgic_vcpu_online(&hw.vgic, 1, true);
    hw_flush(&hw, 1);
    assert_int_equal(hw_iar(&hw, 1), 33);
}

/* What a vCPU was handling when it went off has no end any more: after it has come back the same
 * interrupts have to get through, and WFI has to wait. */
static void interrupts_that_a_vcpu_dies_with(void **state)
{
    start_v2(2, 4);
    hw_write(&hw, 1, 0x100, 4, 1 << 27);
    hw_write(&hw, 1, 0x400 + 27, 1, 0x80);
    hw.cpu[1].timer = true;
    assert_int_equal(hw_run(&hw, 1), 1);
    assert_int_equal(hw_iar(&hw, 1), 27);
    hw_write(&hw, 0, 0xf00, 4, 2u << 16 | 6); /* preempts it */
    hw_flush(&hw, 1);
    assert_int_equal(hw_iar(&hw, 1), 6);
    hw.current = 1;
    vgic_vcpu_online(&hw.vgic, 1, false);
    hw.cpu[1].ran = false;
    hw.cpu[1].timer = false; /* as a vCPU's start leaves it */
    vgic_vcpu_online(&hw.vgic, 1, true);
    hw_write(&hw, 1, 0x380, 4, UINT32_MAX); /* as a kernel does there */
    for (unsigned intid = hw_iar(&hw, 1); intid != SPURIOUS; intid = hw_iar(&hw, 1)) {
        hw_eoi(&hw, 1, intid); /* what was left over */
    }
    assert_false(vgic_deliverable(&hw.vgic, 1));
    hw_write(&hw, 0, 0xf00, 4, 2u << 16 | 6);
    hw_flush(&hw, 1);
    assert_int_equal(hw_iar(&hw, 1), 6);
    hw_eoi(&hw, 1, 6);
    hw.cpu[1].timer = true;
    assert_int_equal(hw_run(&hw, 1), 1);
    assert_int_equal(hw_iar(&hw, 1), 27);
}

/* vCPU 1 goes off and comes back; what it was handling has entry 0. */
static void die_with_entry_barred(void)
{
    hw.current = 1;
    vgic_vcpu_online(&hw.vgic, 1, false);
    hw.cpu[1].ran = false;
    hw.refuse = 1;
    vgic_vcpu_online(&hw.vgic, 1, true);
    assert_false(vgic_deliverable(&hw.vgic, 1));
    hw.cpu[1].ran = true;
}

/* The host knows what is active and refuses: it bars its entry, but does not keep WFI from waiting.
 */
static void wfi_waits_after_dying_in_a_handler(void **state)
{
    start_v2(2, 4);
    hw_write(&hw, 0, 0xf00, 4, 2u << 16 | 6);
    hw_flush(&hw, 1);
    assert_int_equal(hw_iar(&hw, 1), 6);
    die_with_entry_barred();
    hw_write(&hw, 0, 0xf00, 4, 2u << 16 | 7);
    hw.current = 1;
    assert_true(vgic_deliverable(&hw.vgic, 1));
    hw.refuse = 0;
    hw_eoi(&hw, 1, 6);
    hw_write(&hw, 0, 0xf00, 4, 2u << 16 | 6);
    hw_flush(&hw, 1);
    assert_int_equal(hw_iar(&hw, 1), 6);
}

/* The same with an SPI, which is pending again and wants the very entry. */
static void wfi_waits_while_an_spi_is_barred(void **state)
{
    start_v2(2, 4);
    hw_write(&hw, 0, 0x821, 1, 2);
    level(1, 33, true);
    assert_int_equal(hw_iar(&hw, 1), 33);
    die_with_entry_barred();
    hw.refuse = 0;
    hw_eoi(&hw, 1, 33);
    assert_int_equal(hw_iar(&hw, 1), 33);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spi_leaves_with_its_vcpu),
        cmocka_unit_test(offline_vcpus_take_no_spis),
        cmocka_unit_test(interrupts_that_a_vcpu_dies_with),
        cmocka_unit_test(wfi_waits_after_dying_in_a_handler),
        cmocka_unit_test(wfi_waits_while_an_spi_is_barred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
