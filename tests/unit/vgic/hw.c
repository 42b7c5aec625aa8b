/* SPDX-License-Identifier: BSD-2-Clause */
#include "hw.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void host_relax(void)
{
    sched_yield();
}

/* The vCPU comes back: what the entry holds becomes pending, if it was not. */
static bool is_repetition(const struct hw *hw, unsigned vcpu, unsigned lr, unsigned intid)
{
    const struct hw_lr *entry = &hw->cpu[vcpu].lr[lr];
    bool taken_back = hw->vgic.cpu[vcpu].slot[lr].state == VGIC_SLOT_STALE;

    return !hw->cpu[vcpu].ran && entry->state != HW_INVALID && entry->intid == intid &&
           entry->stale == taken_back;
}

static int op_inject(void *ctx, unsigned vcpu, unsigned lr, unsigned intid, unsigned priority,
                     unsigned group)
{
    struct hw *hw = ctx;

    assert_int_equal(vcpu, hw->current);
    assert_int_equal(hw->vgic.lock.held, 0);
    assert_true(vcpu < hw->vcpus && lr < hw->lrs && intid < 1020 && priority < 32 && group < 2);
    if ((hw->refuse >> lr & 1) != 0) {
        return -1;
    }
    struct hw_lr *entry = &hw->cpu[vcpu].lr[lr];
    if (is_repetition(hw, vcpu, lr, intid)) {
        assert_true(entry->priority == priority && entry->group == group);
        entry->state = HW_PENDING;
        return 0;
    }
    assert_true(entry->state == HW_INVALID || (entry->stale && !hw->cpu[vcpu].ran));
    assert_false(entry->eisr);
    for (unsigned i = 0; i < hw->lrs; i++) {
        const struct hw_lr *other = &hw->cpu[vcpu].lr[i];
        assert_true(i == lr || other->state == HW_INVALID || other->intid != intid);
    }
    for (unsigned n = 0; n < hw->vcpus && intid >= 32; n++) {
        for (unsigned i = 0; i < hw->lrs; i++) {
            const struct hw_lr *other = &hw->cpu[n].lr[i];
            assert_true(other->state == HW_INVALID || other->stale || other->intid != intid);
        }
    }
    if (hw->on_inject != NULL) {
        hw->on_inject(hw->arg, vcpu, lr, intid, priority, group);
    }
    *entry = (struct hw_lr){HW_PENDING, false, false, intid, priority, group};
    hw->injections++;
    return 0;
}

static void op_kick(void *ctx, unsigned vcpu)
{
    struct hw *hw = ctx;

    assert_int_equal(hw->vgic.lock.held, 0);
    assert_true(vcpu < hw->vcpus && vcpu != hw->current);
    hw->cpu[vcpu].kicks++;
}

static bool op_line_level(void *ctx, unsigned vcpu, unsigned intid)
{
    struct hw *hw = ctx;

    assert_int_equal(vcpu, hw->current);
    assert_int_equal(intid, VGIC_PPI_VTIMER);
    assert_int_equal(hw->vgic.lock.held, 0);
    return hw->cpu[vcpu].timer;
}

static void op_line_ack(void *ctx, unsigned vcpu, unsigned intid)
{
    struct hw *hw = ctx;

    assert_int_equal(vcpu, hw->current);
    assert_int_equal(intid, VGIC_PPI_VTIMER);
    assert_int_equal(hw->vgic.lock.held, 0);
    assert_true(hw->cpu[vcpu].timer_masked);
    hw->cpu[vcpu].timer_masked = false;
    hw->cpu[vcpu].timer_acks++;
    if (hw->on_ack != NULL) {
        hw->on_ack(hw->arg, vcpu);
    }
}

static const struct vgic_ops ops = {op_inject, op_kick, op_line_level, op_line_ack};

void hw_init(struct hw *hw, enum vgic_version version, unsigned vcpus, unsigned lrs)
{
    memset(hw, 0, sizeof(*hw));
    hw->vcpus = vcpus;
    hw->lrs = lrs;
    const struct vgic_config cfg = {.version = version,
                                    .nr_vcpus = vcpus,
                                    .nr_spis = VGIC_MAX_SPIS,
                                    .nr_lrs = lrs,
                                    .sampled_ppis = UINT32_C(1) << VGIC_PPI_VTIMER,
                                    .ops = &ops,
                                    .ctx = hw};
    assert_int_equal(vgic_init(&hw->vgic, &cfg), 0);
    for (unsigned n = 0; n < vcpus; n++) {
        hw->cpu[n].pmr = 32;
        hw->current = n;
        if (n != 0) {
            vgic_vcpu_online(&hw->vgic, n, true);
        }
        hw_flush(hw, n);
        hw->cpu[n].ran = true;
    }
    hw->current = 0;
}

unsigned hw_iar(struct hw *hw, unsigned vcpu)
{
    struct hw_cpu *cpu = &hw->cpu[vcpu];
    unsigned running = cpu->pmr;
    struct hw_lr *best = NULL;

    cpu->ran = true;
    for (unsigned i = 0; i < hw->lrs; i++) {
        const struct hw_lr *lr = &cpu->lr[i];
        running = lr->state == HW_ACTIVE && lr->priority < running ? lr->priority : running;
    }
    for (unsigned i = 0; i < hw->lrs; i++) {
        struct hw_lr *lr = &cpu->lr[i];
        if (lr->state == HW_PENDING && lr->priority < running &&
            (best == NULL || lr->priority < best->priority ||
             (lr->priority == best->priority && lr->intid < best->intid))) {
            best = lr;
        }
    }
    if (best == NULL) {
        return SPURIOUS;
    }
    best->state = HW_ACTIVE;
    return best->intid;
}

void hw_deactivate(struct hw *hw, unsigned vcpu, unsigned intid)
{
    for (unsigned i = 0; i < hw->lrs; i++) {
        struct hw_lr *lr = &hw->cpu[vcpu].lr[i];
        if (lr->state == HW_ACTIVE && lr->intid == intid) {
            lr->state = HW_INVALID;
            lr->eisr = true;
            return;
        }
    }
    fail_msg("INTID %u is not active on vCPU %u", intid, vcpu);
}

void hw_maintain(struct hw *hw, unsigned vcpu)
{
    hw->current = vcpu;
    for (unsigned i = 0; i < hw->lrs; i++) {
        struct hw_lr *lr = &hw->cpu[vcpu].lr[i];
        if (lr->eisr) {
            lr->eisr = false;
            lr->stale = false;
            vgic_maintenance(&hw->vgic, vcpu, i);
            hw_flush(hw, vcpu);
        }
    }
}

void hw_eoi(struct hw *hw, unsigned vcpu, unsigned intid)
{
    hw_deactivate(hw, vcpu, intid);
    hw_maintain(hw, vcpu);
}

void hw_flush(struct hw *hw, unsigned vcpu)
{
    hw->current = vcpu;
    hw->cpu[vcpu].kicks = 0;
    vgic_flush(&hw->vgic, vcpu);
}

unsigned hw_run(struct hw *hw, unsigned vcpu)
{
    struct hw_cpu *cpu = &hw->cpu[vcpu];
    unsigned events = 0;

    hw->current = vcpu;
    while (cpu->timer && !cpu->timer_masked) {
        cpu->timer_masked = true;
        vgic_set_level(&hw->vgic, vcpu, VGIC_PPI_VTIMER, true);
        hw_flush(hw, vcpu);
        assert_true(++events < 3);
    }
    cpu->ran = true;
    return events;
}

uint64_t hw_read(struct hw *hw, unsigned vcpu, uint64_t offset, unsigned width)
{
    uint64_t value = UINT64_MAX;

    hw->current = vcpu;
    assert_int_equal(vgic_dist_access(&hw->vgic, vcpu, offset, width, false, &value),
                     REGION_HANDLED);
    hw_flush(hw, vcpu);
    return value;
}

void hw_write(struct hw *hw, unsigned vcpu, uint64_t offset, unsigned width, uint64_t value)
{
    hw->current = vcpu;
    assert_int_equal(vgic_dist_access(&hw->vgic, vcpu, offset, width, true, &value),
                     REGION_HANDLED);
    hw_flush(hw, vcpu);
}

uint64_t hw_gicr_read(struct hw *hw, unsigned vcpu, uint64_t offset, unsigned width)
{
    uint64_t value = UINT64_MAX;

    hw->current = vcpu;
    assert_int_equal(vgic_redist_access(&hw->vgic, vcpu, offset, width, false, &value),
                     REGION_HANDLED);
    hw_flush(hw, vcpu);
    return value;
}

void hw_gicr_write(struct hw *hw, unsigned vcpu, uint64_t offset, unsigned width, uint64_t value)
{
    hw->current = vcpu;
    assert_int_equal(vgic_redist_access(&hw->vgic, vcpu, offset, width, true, &value),
                     REGION_HANDLED);
    hw_flush(hw, vcpu);
}
