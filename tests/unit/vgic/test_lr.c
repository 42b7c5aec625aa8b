/* SPDX-License-Identifier: BSD-2-Clause */
/* Delivery through list registers, and the mistakes that others made with it (FIELD-NOTES). */
#include "hw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SGI_FRAME(n) ((n)*VGIC_V3_GICR_STRIDE + 0x10000)

static struct hw hw;

/* GICv2, everything enabled but the virtual timer, SPIs level-sensitive and targeted at vCPU 0. */
static void start_v2(unsigned vcpus, unsigned lrs)
{
    hw_init(&hw, VGIC_V2, vcpus, lrs);
    hw_write(&hw, 0, 0, 4, 3);
    for (unsigned n = 0; n < vcpus; n++) {
        hw_write(&hw, n, 0x100, 4, 0xf7ffffff);
    }
    for (unsigned i = 4; i < 36; i += 4) {
        hw_write(&hw, 0, 0x100 + i, 4, UINT32_MAX);
    }
    for (unsigned intid = 32; intid < 288; intid += 4) {
        hw_write(&hw, 0, 0x800 + intid, 4, 0x01010101);
    }
}

/* GICv3, one vCPU, SPIs 32..63 enabled; routes reset to vCPU 0. */
static void start_v3(void)
{
    hw_init(&hw, VGIC_V3, 1, 4);
    hw_write(&hw, 0, 0, 4, 3);
    hw_write(&hw, 0, 0x104, 4, UINT32_MAX);
}

static void level(unsigned vcpu, unsigned intid, bool high)
{
    hw.current = vcpu;
    vgic_set_level(&hw.vgic, vcpu, intid, high);
    hw_flush(&hw, vcpu);
}

static void pulse(unsigned vcpu, unsigned intid)
{
    hw.current = vcpu;
    vgic_pulse(&hw.vgic, vcpu, intid);
    hw_flush(&hw, vcpu);
}

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

/* --- virtual timer --------------------------------------------------------------------------- */

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

/* FIELD-NOTES: it fires while the guest has it disabled; acknowledging would fire it at once again.
 */
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

/* --- power ----------------------------------------------------------------------------------- */

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

static void warm_reset(void **state)
{
    start_v2(1, 2);
    level(0, 33, true);
    level(0, 34, true);
    vgic_reset(&hw.vgic, false);
    hw.cpu[0].lr[0].stale = hw.cpu[0].lr[1].stale = true;
    hw.cpu[0].ran = false;
    assert_int_equal(hw_read(&hw, 0, 0x104, 4), 0);
    assert_int_equal(hw_read(&hw, 0, 0x304, 4), 0);
    vgic_reset(&hw.vgic, true);
    hw.cpu[0].lr[0].state = hw.cpu[0].lr[1].state = HW_INVALID;
    hw_flush(&hw, 0);
    assert_false(vgic_deliverable(&hw.vgic, 0));
    hw_write(&hw, 0, 0, 4, 1);
    hw_write(&hw, 0, 0x104, 4, 4);
    level(0, 34, true);
    assert_int_equal(hw_iar(&hw, 0), 34);
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
        cmocka_unit_test(urgent_first),
        cmocka_unit_test(urgent_first_although_late),
        cmocka_unit_test(close_priorities_preempt),
        cmocka_unit_test(groups_do_not_block_each_other),
        cmocka_unit_test(urgent_first_across_groups),
        cmocka_unit_test(preemption),
        cmocka_unit_test(all_sgis_from_all_sources),
        cmocka_unit_test(kicks),
        cmocka_unit_test(device_thread_kicks_the_target),
        cmocka_unit_test(common_exit_does_nothing),
        cmocka_unit_test(maintenance_of_nothing),
        cmocka_unit_test(refusal),
        cmocka_unit_test(software_active_bars_delivery),
        cmocka_unit_test(timer_tick),
        cmocka_unit_test(timer_fires_while_disabled),
        cmocka_unit_test(timer_is_silenced_while_disabled),
        cmocka_unit_test(timer_in_a_redistributor),
        cmocka_unit_test(spi_leaves_with_its_vcpu),
        cmocka_unit_test(offline_vcpus_take_no_spis),
        cmocka_unit_test(warm_reset),
    };

    return cmocka_run_group_tests_name("vgic list registers", tests, NULL, NULL);
}
