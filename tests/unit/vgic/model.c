/* SPDX-License-Identifier: BSD-2-Clause */
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void model_init(struct model *model, struct hw *hw)
{
    memset(model, 0, sizeof(*model));
    model->hw = hw;
    model->v3 = hw->vgic.cfg.version == VGIC_V3;
    model->vcpus = hw->vcpus;
    for (unsigned n = 0; n < hw->vcpus; n++) {
        model->online[n] = true;
        for (unsigned i = 0; i < 16; i++) {
            model->private[n][i].edge = true;
            model->private[n][i].enabled = !model->v3;
        }
    }
    for (unsigned i = 0; i < VGIC_MAX_SPIS; i++) {
        model->spi[i].target = !model->v3 && hw->vcpus == 1;
    }
    hw->on_inject = model_on_inject;
    hw->on_ack = model_on_ack;
    hw->arg = model;
}

struct model_irq *model_irq(struct model *model, unsigned vcpu, unsigned intid)
{
    if (intid < VGIC_NR_PRIVATE) {
        return vcpu < model->vcpus ? &model->private[vcpu][intid] : NULL;
    }
    return intid < MODEL_INTIDS ? &model->spi[intid - VGIC_NR_PRIVATE] : NULL;
}

static unsigned target_of(const struct model *model, unsigned intid)
{
    uint64_t target = model->spi[intid - VGIC_NR_PRIVATE].target;

    for (unsigned n = 0; n < model->vcpus; n++) {
        if (model->online[n] && (model->v3 ? target == n : (target >> n & 1) != 0)) {
            return n;
        }
    }
    return VGIC_MAX_VCPUS;
}

static bool pending(const struct model *model, const struct model_irq *irq, unsigned intid)
{
    if (!model->v3 && intid < 16) {
        return irq->sources != 0;
    }
    return irq->latch || (irq->line && !irq->edge);
}

/* A stale entry of a vCPU that has run since: it may still be delivered, and bars its INTID here.
 */
static bool barred(const struct model *model, unsigned vcpu, unsigned intid)
{
    const struct hw_cpu *cpu = &model->hw->cpu[vcpu];

    for (unsigned i = 0; i < model->hw->lrs; i++) {
        if ((cpu->lr[i].state != HW_INVALID || cpu->lr[i].eisr) && cpu->lr[i].stale &&
            cpu->lr[i].intid == intid) {
            return true;
        }
    }
    return false;
}

static bool wanted(struct model *model, unsigned vcpu, unsigned intid)
{
    const struct model_irq *irq = model_irq(model, vcpu, intid);

    return pending(model, irq, intid) && irq->enabled && model->group_on[irq->group1] &&
           !irq->soft_active && !irq->loaded &&
           (intid < VGIC_NR_PRIVATE || target_of(model, intid) == vcpu);
}

bool model_deliverable(struct model *model, unsigned vcpu, unsigned intid)
{
    return wanted(model, vcpu, intid) && !barred(model, vcpu, intid);
}

/* --- registers ------------------------------------------------------------------------------- */

static void write_bit(struct model *model, unsigned vcpu, unsigned reg, unsigned intid, bool bit)
{
    struct model_irq *irq = model_irq(model, vcpu, intid);
    bool v2_sgi = !model->v3 && intid < 16;

    if (irq == NULL) {
        return;
    }
    if (reg == 0x080) {
        irq->group1 = bit;
    } else if (!bit) {
        return;
    } else if (reg == 0x100) {
        irq->enabled = true;
    } else if (reg == 0x180) {
        irq->enabled = v2_sgi;
    } else if (reg == 0x200) {
        irq->latch = !v2_sgi || irq->latch;
    } else if (reg == 0x280) {
        irq->latch = v2_sgi && irq->latch;
    } else if (reg == 0x300) {
        irq->soft_active = irq->soft_active || !irq->loaded;
    } else if (reg == 0x380) {
        irq->soft_active = false;
    }
}

static bool read_bit(struct model *model, unsigned vcpu, unsigned reg, unsigned intid)
{
    const struct model_irq *irq = model_irq(model, vcpu, intid);

    if (irq == NULL) {
        return false;
    }
    switch (reg) {
    case 0x080:
        return irq->group1;
    case 0x100:
    case 0x180:
        return irq->enabled;
    case 0x200:
    case 0x280:
        return pending(model, irq, intid) || (irq->loaded && irq->used_latch);
    default:
        return irq->soft_active || irq->loaded;
    }
}

static void send_sgi(struct model *model, unsigned source, unsigned target, unsigned intid)
{
    if (target >= model->vcpus) {
        return;
    }
    if (model->v3) {
        model->private[target][intid].latch = true;
    } else {
        model->private[target][intid].sources |= (uint8_t)(1u << source);
    }
}

static void write_sgir(struct model *model, unsigned self, uint32_t value)
{
    for (unsigned n = 0; n < model->vcpus; n++) {
        unsigned filter = value >> 24 & 3;
        if ((filter == 0 && (value >> (16 + n) & 1) != 0) || (filter == 1 && n != self) ||
            (filter == 2 && n == self)) {
            send_sgi(model, self, n, value & 0xf);
        }
    }
}

static void write_byte(struct model *model, unsigned self, unsigned vcpu, unsigned offset,
                       uint8_t value)
{
    struct model_irq *irq;

    if (offset >= 0x080 && offset < 0x400) {
        for (unsigned i = 0; i < 8; i++) {
            write_bit(model, vcpu, offset & ~0x7fu, offset % 0x80 * 8 + i, (value >> i & 1) != 0);
        }
    } else if (offset >= 0x400 && offset < 0x7fc) {
        irq = model_irq(model, vcpu, offset - 0x400);
        if (irq != NULL) {
            irq->priority = value & 0xf8;
        }
    } else if (!model->v3 && offset >= 0x820 && offset < 0xbfc) {
        irq = model_irq(model, vcpu, offset - 0x800);
        if (irq != NULL && model->vcpus > 1) {
            irq->target = value & ((1u << model->vcpus) - 1);
        }
    } else if (offset >= 0xc04 && offset < 0xd00) {
        for (unsigned i = 0; i < 4; i++) {
            unsigned intid = (offset - 0xc00) * 4 + i;
            irq = model_irq(model, vcpu, intid);
            if (irq != NULL && intid != VGIC_PPI_VTIMER) {
                irq->edge = (value >> (2 * i + 1) & 1) != 0;
            }
        }
    } else if (!model->v3 && offset >= 0xf10 && offset < 0xf20) {
        model->private[self][offset - 0xf10].sources &= (uint8_t)~value;
    } else if (!model->v3 && offset >= 0xf20 && offset < 0xf30) {
        model->private[self][offset - 0xf20].sources |=
            (uint8_t)(value & ((1u << model->vcpus) - 1));
    }
}

/* The private interrupts that a frame shows: of the accessing vCPU, of one redistributor, or none.
 */
static unsigned shown(const struct model *model, unsigned self, unsigned frame)
{
    return frame != 0 ? frame - 1 : model->v3 ? VGIC_MAX_VCPUS : self;
}

void model_write(struct model *model, unsigned self, unsigned frame, unsigned offset,
                 unsigned width, uint64_t value)
{
    if (frame == 0 && offset < 4) {
        model->group_on[0] = offset == 0 ? (value & 1) != 0 : model->group_on[0];
        model->group_on[1] = offset == 0 ? (value & 2) != 0 : model->group_on[1];
    } else if (frame == 0 && !model->v3 && offset == 0xf00) {
        write_sgir(model, self, (uint32_t)value);
    } else if (frame == 0 && model->v3 && offset >= 0x6100) {
        struct model_irq *irq = model_irq(model, self, (offset - 0x6000) / 8);
        unsigned shift = offset % 8 * 8;
        uint64_t mask = width == 8 ? UINT64_MAX : (uint64_t)UINT32_MAX << shift;
        if (irq != NULL) {
            irq->target = ((irq->target & ~mask) | (value << shift & mask)) & 0xff00ffffff;
        }
    } else {
        for (unsigned i = 0; i < width; i++) {
            write_byte(model, self, shown(model, self, frame), offset + i,
                       (uint8_t)(value >> 8 * i));
        }
    }
}

static uint8_t read_byte(struct model *model, unsigned self, unsigned vcpu, unsigned offset)
{
    const struct model_irq *irq;
    uint8_t value = 0;

    if (offset >= 0x080 && offset < 0x400) {
        for (unsigned i = 0; i < 8; i++) {
            value |= (uint8_t)(read_bit(model, vcpu, offset & ~0x7fu, offset % 0x80 * 8 + i) << i);
        }
    } else if (offset >= 0x400 && offset < 0x7fc) {
        irq = model_irq(model, vcpu, offset - 0x400);
        value = irq != NULL ? irq->priority : 0;
    } else if (!model->v3 && offset >= 0x800 && offset < 0xbfc && model->vcpus > 1) {
        irq = model_irq(model, vcpu, offset - 0x800);
        value = offset < 0x820 ? (uint8_t)(1u << self) : irq != NULL ? (uint8_t)irq->target : 0;
    } else if (offset >= 0xc00 && offset < 0xd00) {
        for (unsigned i = 0; i < 4; i++) {
            irq = model_irq(model, vcpu, (offset - 0xc00) * 4 + i);
            value |= (uint8_t)((irq != NULL && irq->edge) << (2 * i + 1));
        }
    } else if (!model->v3 && offset >= 0xf10 && offset < 0xf30) {
        irq = &model->private[self][offset & 0xf];
        value = irq->sources | (uint8_t)(irq->loaded ? 1u << irq->source : 0);
    }
    return value;
}

uint64_t model_read(struct model *model, unsigned self, unsigned frame, unsigned offset,
                    unsigned width)
{
    uint64_t value = 0;

    if (frame == 0 && offset < 4) {
        value = model->group_on[0] | model->group_on[1] << 1 | (model->v3 ? 0x50 : 0);
        return offset == 0 ? value : 0;
    }
    if (frame == 0 && model->v3 && offset >= 0x6100) {
        const struct model_irq *irq = model_irq(model, self, (offset - 0x6000) / 8);
        value = irq != NULL ? irq->target : 0;
        return width == 8 ? value : value >> offset % 8 * 8 & UINT32_MAX;
    }
    for (unsigned i = 0; i < width; i++) {
        value |= (uint64_t)read_byte(model, self, shown(model, self, frame), offset + i) << 8 * i;
    }
    return value;
}

void model_write_sgi(struct model *model, unsigned self, enum vgic_sgi_reg reg, uint64_t value)
{
    unsigned intid = value >> 24 & 0xf;

    for (unsigned n = 0; n < model->vcpus; n++) {
        bool all = (value >> 40 & 1) != 0;
        bool listed = (value & 0x00fff0ff00ff0000) == 0 && (value >> n & 1) != 0;
        bool reaches = reg == VGIC_ICC_SGI1R || !model->private[n][intid].group1;
        if ((all ? n != self : listed) && reaches) {
            send_sgi(model, self, n, intid);
        }
    }
}

/* --- lines and lifecycle --------------------------------------------------------------------- */

void model_set_level(struct model *model, unsigned vcpu, unsigned intid, bool level)
{
    struct model_irq *irq = model_irq(model, vcpu, intid);

    irq->latch = irq->latch || (irq->edge && level && !irq->line);
    irq->line = level;
}

void model_pulse(struct model *model, unsigned vcpu, unsigned intid)
{
    model_irq(model, vcpu, intid)->latch = true;
}

void model_online(struct model *model, unsigned vcpu, bool online)
{
    struct hw_cpu *cpu = &model->hw->cpu[vcpu];

    model->online[vcpu] = online;
    cpu->ran = false;
    for (unsigned i = 0; i < model->hw->lrs && !online; i++) {
        struct hw_lr *lr = &cpu->lr[i];
        if (lr->state == HW_PENDING && lr->intid >= VGIC_NR_PRIVATE && !lr->stale) {
            struct model_irq *irq = model_irq(model, vcpu, lr->intid);
            irq->latch = irq->latch || irq->used_latch;
            irq->loaded = false;
            lr->stale = true;
        }
    }
}

void model_retired(struct model *model, unsigned vcpu, unsigned intid)
{
    struct model_irq *irq = model_irq(model, vcpu, intid);

    assert_true(irq->loaded);
    irq->loaded = false;
}

/* GICv3: four values for the hardware, which keep the order of what is in the list registers. */
static void check_level(struct model *model, unsigned vcpu, const struct model_irq *irq,
                        unsigned level)
{
    assert_true(level % 8 == 0 && level < 32);
    for (unsigned i = 0; i < model->hw->lrs; i++) {
        const struct hw_lr *lr = &model->hw->cpu[vcpu].lr[i];
        if ((lr->state == HW_INVALID && !lr->eisr) || lr->stale) {
            continue;
        }
        const struct model_irq *other = model_irq(model, vcpu, lr->intid);
        assert_true(other->loaded_priority >= irq->priority || lr->priority <= level);
        assert_true(other->loaded_priority <= irq->priority || lr->priority >= level);
        assert_true(other->loaded_priority != irq->priority || lr->priority == level);
    }
}

void model_on_inject(void *arg, unsigned vcpu, unsigned lr, unsigned intid, unsigned priority,
                     unsigned group)
{
    struct model *model = arg;
    const struct hw_lr *entry = &model->hw->cpu[vcpu].lr[lr];
    struct model_irq *irq = model_irq(model, vcpu, intid);

    bool same = entry->stale && entry->state != HW_INVALID && entry->intid == intid;
    assert_true(same ? wanted(model, vcpu, intid) : model_deliverable(model, vcpu, intid));
    if (model->v3) {
        check_level(model, vcpu, irq, priority);
    } else {
        assert_int_equal(priority, irq->priority >> 3);
    }
    assert_int_equal(group, irq->group1);
    /* The timer's line must not be an old one that the guest has long silenced. */
    assert_true(intid != VGIC_PPI_VTIMER || irq->latch || model->hw->cpu[vcpu].timer);
    irq->loaded = true;
    irq->loaded_priority = irq->priority;
    irq->used_latch = irq->latch;
    irq->latch = false;
    if (!model->v3 && intid < 16) {
        irq->used_latch = true;
        for (irq->source = 0; (irq->sources >> irq->source & 1) == 0; irq->source++) {
        }
        irq->sources &= (uint8_t) ~(1u << irq->source);
    }
    assert_true(model->nr_flushed < VGIC_MAX_LRS);
    model->flushed[model->nr_flushed++] = intid;
}

void model_on_ack(void *arg, unsigned vcpu)
{
    struct model *model = arg;

    model->private[vcpu][VGIC_PPI_VTIMER].line = false;
}

/* --- invariants ------------------------------------------------------------------------------ */

static unsigned free_entries(const struct model *model, unsigned vcpu)
{
    unsigned count = 0;

    for (unsigned i = 0; i < model->hw->lrs; i++) {
        const struct hw_lr *lr = &model->hw->cpu[vcpu].lr[i];
        count += lr->state == HW_INVALID && !lr->eisr;
    }
    return count;
}

/* More urgent than all of its group that the library takes to be in the list registers. */
static bool most_urgent(struct model *model, unsigned vcpu, unsigned intid)
{
    const struct model_irq *irq = model_irq(model, vcpu, intid);

    for (unsigned i = 0; i < model->hw->lrs; i++) {
        const struct hw_lr *lr = &model->hw->cpu[vcpu].lr[i];
        if ((lr->state != HW_INVALID || lr->eisr) && !lr->stale && lr->group == irq->group1 &&
            model_irq(model, vcpu, lr->intid)->loaded_priority <= irq->priority) {
            return false;
        }
    }
    return true;
}

/* Half of the list registers are kept for what is more urgent than all that is loaded. On GICv3
 * what is less urgent than something loaded may have to wait, if the hardware could not tell. */
static bool loadable(struct model *model, unsigned vcpu, unsigned intid)
{
    unsigned room = free_entries(model, vcpu);

    return room != 0 && model_deliverable(model, vcpu, intid) &&
           ((room > model->hw->lrs / 2 && !model->v3) || most_urgent(model, vcpu, intid));
}

void model_check_flushed(struct model *model, unsigned vcpu)
{
    for (unsigned intid = 0; intid < MODEL_INTIDS; intid++) {
        const struct model_irq *irq = model_irq(model, vcpu, intid);
        assert_false(loadable(model, vcpu, intid));
        if (!model_deliverable(model, vcpu, intid)) {
            continue;
        }
        for (unsigned i = 0; i < model->nr_flushed; i++) {
            const struct model_irq *loaded = model_irq(model, vcpu, model->flushed[i]);
            assert_true(loaded->group1 != irq->group1 || loaded->priority < irq->priority ||
                        (loaded->priority == irq->priority && model->flushed[i] < intid));
        }
    }
    model->nr_flushed = 0;
}

void model_check_kicked(struct model *model)
{
    for (unsigned n = 0; n < model->vcpus; n++) {
        bool must_look = model->online[n] && model->hw->cpu[n].kicks == 0;
        for (unsigned intid = 0; must_look && intid < MODEL_INTIDS; intid++) {
            assert_false(loadable(model, n, intid));
        }
    }
}
