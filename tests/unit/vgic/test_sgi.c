/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts from other vCPUs, and telling vCPUs that sleep. */
#include "start.h"

/* "Only two SGIs work": all sixteen, to all, from all. */
static void all_sgis_from_all_sources(void **state)
{
    start_v2(8, 4);
    for (unsigned sgi = 0; sgi < 16; sgi++) {
        for (unsigned source = 0; source < 8; source++) {
            hw_write(&hw, source, 0xf00, 4, 0xffu << 16 | sgi);
        }
    }
    for (unsigned n = 0; n < 8; n++) {
        unsigned seen[16] = {0};
        hw_flush(&hw, n);
        for (unsigned i = 0; i < 16 * 8; i++) {
            unsigned intid = hw_iar(&hw, n);
            assert_true(intid < 16);
            seen[intid]++;
            hw_eoi(&hw, n, intid);
        }
        assert_int_equal(hw_iar(&hw, n), SPURIOUS);
        for (unsigned sgi = 0; sgi < 16; sgi++) {
            assert_int_equal(seen[sgi], 8);
        }
    }
}

/* An SGI to a sleeping sibling kicks it, once; to oneself it needs no kick. */
static void kicks(void **state)
{
    start_v2(2, 4);
    assert_false(vgic_deliverable(&hw.vgic, 0));
    hw.current = 1;
    assert_false(vgic_deliverable(&hw.vgic, 1));
    hw_write(&hw, 0, 0xf00, 4, 2u << 16);
    hw_write(&hw, 0, 0xf00, 4, 2u << 16 | 1);
    assert_int_equal(hw.cpu[1].kicks, 1);
    hw_write(&hw, 0, 0xf00, 4, 1u << 16);
    assert_int_equal(hw.cpu[0].kicks, 0);
    assert_int_equal(hw_iar(&hw, 0), 0);
    hw.current = 1;
    assert_true(vgic_deliverable(&hw.vgic, 1));
    assert_int_equal(hw_iar(&hw, 1), 0);
    assert_int_equal(hw_iar(&hw, 1), SPURIOUS); /* same priority */
    hw_eoi(&hw, 1, 0);
    assert_int_equal(hw_iar(&hw, 1), 1);
}

static void device_thread_kicks_the_target(void **state)
{
    start_v2(2, 4);
    hw.current = VGIC_MAX_VCPUS;
    vgic_set_level(&hw.vgic, VGIC_MAX_VCPUS, 33, true);
    assert_int_equal(hw.cpu[0].kicks, 1);
    hw_flush(&hw, 0);
    assert_int_equal(hw_iar(&hw, 0), 33);
    vgic_set_level(&hw.vgic, VGIC_MAX_VCPUS, 20, true); /* whose? */
    assert_int_equal(hw_read(&hw, 0, 0x200, 4), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_sgis_from_all_sources),
        cmocka_unit_test(kicks),
        cmocka_unit_test(device_thread_kicks_the_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
