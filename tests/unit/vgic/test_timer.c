/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual timer. */
#include "start.h"

#define SGI_FRAME(n) ((n)*VGIC_V3_GICR_STRIDE + 0x10000)

static void timer_tick(void **state)
{
    start_v2(1, 4);
    hw_write(&hw, 0, 0x100, 4, 1 << 27);
    hw.cpu[0].timer = true;
    assert_int_equal(hw_run(&hw, 0), 1);
    assert_int_equal(hw_iar(&hw, 0), 27);
    hw.cpu[0].timer = false; /* the handler sets the next deadline */
    hw_eoi(&hw, 0, 27);
    assert_int_equal(hw.cpu[0].timer_acks, 1);
    assert_false(hw.cpu[0].timer_masked);
    assert_int_equal(hw_run(&hw, 0), 0);
    hw.cpu[0].timer = true;
    assert_int_equal(hw_run(&hw, 0), 1);
    assert_int_equal(hw_iar(&hw, 0), 27);
    hw_eoi(&hw, 0, 27); /* without silencing it */
    assert_int_equal(hw_run(&hw, 0), 1);
    assert_int_equal(hw_iar(&hw, 0), 27);
}

/* It fires while the guest has it disabled; acknowledging would fire it at once again. */
static void timer_fires_while_disabled(void **state)
{
    start_v2(1, 4);
    hw.cpu[0].timer = true;
    assert_int_equal(hw_run(&hw, 0), 1);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(hw_run(&hw, 0), 0);
        /* the guest polls: the level is the timer's */
        assert_int_equal(hw_read(&hw, 0, 0x200, 4), 1 << 27);
    }
    assert_int_equal(hw.cpu[0].timer_acks, 0);
    hw_write(&hw, 0, 0x100, 4, 1 << 27);
    assert_int_equal(hw_iar(&hw, 0), 27);
    hw.cpu[0].timer = false;
    hw_eoi(&hw, 0, 27);
    assert_int_equal(hw.cpu[0].timer_acks, 1);
}

static void timer_is_silenced_while_disabled(void **state)
{
    start_v2(1, 4);
    hw.cpu[0].timer = true;
    hw_run(&hw, 0);
    hw.cpu[0].timer = false; /* an untrapped write to CNTV_CVAL */
    assert_int_equal(hw_read(&hw, 0, 0x200, 4), 0);
    assert_int_equal(hw.cpu[0].timer_acks, 1);
    hw.cpu[0].timer = true;
    assert_int_equal(hw_run(&hw, 0), 1);
    hw.cpu[0].timer = false;
    hw_write(&hw, 0, 0x100, 4, 1 << 27); /* enabled without a look: no spurious interrupt */
    assert_int_equal(hw_iar(&hw, 0), SPURIOUS);
    assert_int_equal(hw.cpu[0].timer_acks, 2);
    hw.cpu[0].timer = true;
    assert_int_equal(hw_run(&hw, 0), 1);
    assert_int_equal(hw_iar(&hw, 0), 27);
}

static void timer_in_a_redistributor(void **state)
{
    hw_init(&hw, VGIC_V3, 2, 4);
    hw_write(&hw, 0, 0, 4, 3);
    hw.cpu[1].timer = true;
    assert_int_equal(hw_run(&hw, 1), 1);
    assert_int_equal(hw_gicr_read(&hw, 1, SGI_FRAME(1) + 0x200, 4), 1 << 27);
    assert_int_equal(hw_gicr_read(&hw, 1, SGI_FRAME(0) + 0x200, 4), 0);
    hw_gicr_write(&hw, 0, SGI_FRAME(1) + 0x100, 4, 1 << 27); /* by the sibling */
    assert_int_equal(hw.cpu[1].kicks, 1);
    hw_flush(&hw, 1);
    assert_int_equal(hw_iar(&hw, 1), 27);
    assert_true(vgic_enabled(&hw.vgic, 1, 27));
    assert_false(vgic_enabled(&hw.vgic, 0, 27));
    assert_false(vgic_enabled(&hw.vgic, 0, 1020));
}

/* Its output is a level, and nobody sees it fall: were the interrupt edge-triggered, one that is
 * cleared or was high before would leave the timer masked for ever. As on GIC-400 it is not. */
static void timer_cannot_be_made_an_edge(void **state)
{
    start_v2(1, 4);
    hw_write(&hw, 0, 0xc04, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0xc04, 4), 0xaaaaaaaa & ~(2u << 2 * 11));
    hw.cpu[0].timer = true;
    assert_int_equal(hw_run(&hw, 0), 1);
    hw_write(&hw, 0, 0x280, 4, 1 << 27);
    hw_write(&hw, 0, 0x100, 4, 1 << 27);
    hw.cpu[0].timer = false; /* the next deadline, and it comes */
    hw_run(&hw, 0);
    hw.cpu[0].timer = true;
    hw_run(&hw, 0);
    assert_int_equal(hw_iar(&hw, 0), 27);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timer_tick),
        cmocka_unit_test(timer_fires_while_disabled),
        cmocka_unit_test(timer_is_silenced_while_disabled),
        cmocka_unit_test(timer_in_a_redistributor),
        cmocka_unit_test(timer_cannot_be_made_an_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
