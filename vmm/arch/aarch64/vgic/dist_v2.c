/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GICv2 distributor, without Security Extensions (IHI 0048B 4.3). Narrow accesses are taken
 * everywhere but at SGIR: the specification demands them for some registers and leaves the others
 * open, and QEMU's virt board answers them.
 */
#include "internal.h"

static uint32_t read_ctlr(struct vgic_entry *entry, uint32_t offset)
{
    return entry->vgic->ctlr;
}

static uint32_t read_typer(struct vgic_entry *entry, uint32_t offset)
{
    const struct vgic_config *cfg = &entry->vgic->cfg;
    return cfg->nr_spis / 32 | (cfg->nr_vcpus - 1) << 5;
}

static uint32_t read_targets(struct vgic_entry *entry, uint32_t offset)
{
    const struct vgic *vgic = entry->vgic;
    uint32_t value = 0;

    if (vgic->cfg.nr_vcpus == 1) {
        return 0; /* RAZ/WI on a uniprocessor (4.3.12) */
    }
    if (offset < VGIC_NR_PRIVATE) {
        return UINT32_C(0x01010101) << entry->owner;
    }
    for (unsigned i = 0; i < 4 && offset < VGIC_NR_PRIVATE + vgic->cfg.nr_spis; i++) {
        value |= (uint32_t)vgic->targets[offset - VGIC_NR_PRIVATE + i] << 8 * i;
    }
    return value;
}

static void write_targets(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic *vgic = entry->vgic;

    if (vgic->cfg.nr_vcpus == 1 || offset < VGIC_NR_PRIVATE ||
        offset >= VGIC_NR_PRIVATE + vgic->cfg.nr_spis) {
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        if ((mask >> 8 * i & 0xff) != 0) {
            vgic->targets[offset - VGIC_NR_PRIVATE + i] =
                (uint8_t)(value >> 8 * i & ((1u << vgic->cfg.nr_vcpus) - 1));
        }
    }
    vgic_changed(entry, NO_VCPU, offset / 32, UINT32_C(0xf) << offset % 32);
}

static void write_sgir(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    uint32_t self = UINT32_C(1) << entry->self;
    /* Target list filter: list, all but self, self, reserved (4.3.15). */
    const uint32_t targets[] = {value >> 16 & 0xff, ~self, self, 0};

    vgic_send_sgi(entry, entry->self, targets[value >> 24 & 3], value & 0xf);
}

/* CPENDSGIR and SPENDSGIR: a byte per SGI, a bit in it per source. */
static uint32_t read_sources(struct vgic_entry *entry, uint32_t offset)
{
    const struct vgic_cpu *cpu = &entry->vgic->cpu[entry->owner];
    uint32_t value = 0;

    for (unsigned i = 0; i < 4; i++) {
        value |= (uint32_t)cpu->sgi_sources[offset + i] << 8 * i;
    }
    for (unsigned lr = 0; lr < entry->vgic->cfg.nr_lrs; lr++) {
        const struct vgic_slot *slot = &cpu->slot[lr];
        if (slot->state == VGIC_SLOT_LOADED && slot->intid >= offset && slot->intid < offset + 4) {
            value |= UINT32_C(1) << (8 * (slot->intid - offset) + slot->source);
        }
    }
    return value;
}

static void clear_sources(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_cpu *cpu = &entry->vgic->cpu[entry->owner];

    for (unsigned i = 0; i < 4; i++) {
        cpu->sgi_sources[offset + i] &= (uint8_t) ~(value >> 8 * i);
        if (cpu->sgi_sources[offset + i] == 0) {
            cpu->bank.latch &= ~(UINT32_C(1) << (offset + i));
        }
    }
}

static void set_sources(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    for (unsigned i = 0; i < 4; i++) {
        for (unsigned source = 0; source < entry->vgic->cfg.nr_vcpus; source++) {
            if ((value >> (8 * i + source) & 1) != 0) {
                vgic_send_sgi(entry, source, UINT32_C(1) << entry->owner, offset + i);
            }
        }
    }
}

static uint32_t read_id(struct vgic_entry *entry, uint32_t offset)
{
    /* PIDR4..7, PIDR0..3 (architecture version 2), CIDR0..3 */
    static const uint8_t id[] = {0x04, 0, 0, 0, 0x90, 0xb4, 0x2b, 0, 0x0d, 0xf0, 0x05, 0xb1};
    return id[offset / 4];
}

#define ALL (VGIC_W1 | VGIC_W2 | VGIC_W4)

static const struct vgic_reg regs[] = {
    {0x000, 0x003, ALL, false, read_ctlr, vgic_write_ctlr},
    {0x004, 0x007, ALL, false, read_typer, NULL},
    {0x008, 0x00b, ALL, false, vgic_read_iidr, NULL},
    {0x080, 0x0ff, ALL, false, vgic_read_group, vgic_write_group},
    {0x100, 0x17f, ALL, false, vgic_read_enabled, vgic_set_enabled},
    {0x180, 0x1ff, ALL, false, vgic_read_enabled, vgic_clear_enabled},
    {0x200, 0x27f, ALL, true, vgic_read_pending, vgic_set_pending},
    {0x280, 0x2ff, ALL, true, vgic_read_pending, vgic_clear_pending},
    {0x300, 0x37f, ALL, false, vgic_read_active, vgic_set_active},
    {0x380, 0x3ff, ALL, false, vgic_read_active, vgic_clear_active},
    {0x400, 0x7fb, ALL, false, vgic_read_priority, vgic_write_priority},
    {0x800, 0xbfb, ALL, false, read_targets, write_targets},
    {0xc00, 0xcff, ALL, false, vgic_read_config, vgic_write_config},
    {0xf00, 0xf03, VGIC_W4, false, NULL, write_sgir},
    {0xf10, 0xf1f, ALL, false, read_sources, clear_sources},
    {0xf20, 0xf2f, ALL, false, read_sources, set_sources},
    {0xfd0, 0xfff, ALL, false, read_id, NULL},
};

const struct vgic_frame vgic_dist_v2 = {regs, sizeof(regs) / sizeof(regs[0]), VGIC_V2_GICD_SIZE,
                                        ALL};
