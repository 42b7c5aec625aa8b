/* SPDX-License-Identifier: BSD-2-Clause */
/* GICv3 redistributor of one vCPU, without LPIs (IHI 0069 12.10, 12.11): the RD frame, then the SGI
 * frame with the private interrupts. Any vCPU may access any redistributor. */
#include "internal.h"

#define WAKER_PROCESSOR_SLEEP UINT32_C(0x2)
#define WAKER_CHILDREN_ASLEEP UINT32_C(0x4)

static uint32_t read_typer(struct vgic_entry *entry, uint32_t offset)
{
    if (offset != 0) {
        return entry->owner; /* affinity 0.0.0.owner */
    }
    bool last = entry->owner == entry->vgic->cfg.nr_vcpus - 1;
    return entry->owner << 8 | (last ? 1u << 4 : 0);
}

/* The vCPU's interface is always awake; the handshake completes at once. */
static uint32_t read_waker(struct vgic_entry *entry, uint32_t offset)
{
    return entry->vgic->cpu[entry->owner].asleep ? WAKER_PROCESSOR_SLEEP | WAKER_CHILDREN_ASLEEP
                                                 : 0;
}

static void write_waker(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    entry->vgic->cpu[entry->owner].asleep = (value & WAKER_PROCESSOR_SLEEP) != 0;
}

static uint32_t read_id(struct vgic_entry *entry, uint32_t offset)
{
    static const uint8_t id[] = {0x44, 0, 0, 0, 0x93, 0xb4, 0x3b, 0, 0x0d, 0xf0, 0x05, 0xb1};
    return id[offset / 4];
}

static const struct vgic_reg rd_regs[] = {
    {0x0000, 0x0003, VGIC_W4, false, NULL, NULL}, /* CTLR: nothing but LPI controls */
    {0x0004, 0x0007, VGIC_W4, false, vgic_read_iidr, NULL},
    {0x0008, 0x000f, VGIC_W4 | VGIC_W8, false, read_typer, NULL},
    {0x0010, 0x0013, VGIC_W4, false, NULL, NULL}, /* STATUSR: not implemented */
    {0x0014, 0x0017, VGIC_W4, false, read_waker, write_waker},
    {0x0070, 0x007f, VGIC_W4 | VGIC_W8, false, NULL, NULL}, /* PROPBASER, PENDBASER: no LPIs */
    {0xffd0, 0xffff, VGIC_W4, false, read_id, NULL},
};

static const struct vgic_reg sgi_regs[] = {
    {0x0080, 0x0083, VGIC_W4, false, vgic_read_group, vgic_write_group},
    {0x0100, 0x0103, VGIC_W4, false, vgic_read_enabled, vgic_set_enabled},
    {0x0180, 0x0183, VGIC_W4, false, vgic_read_enabled, vgic_clear_enabled},
    {0x0200, 0x0203, VGIC_W4, true, vgic_read_pending, vgic_set_pending},
    {0x0280, 0x0283, VGIC_W4, true, vgic_read_pending, vgic_clear_pending},
    {0x0300, 0x0303, VGIC_W4, false, vgic_read_active, vgic_set_active},
    {0x0380, 0x0383, VGIC_W4, false, vgic_read_active, vgic_clear_active},
    {0x0400, 0x041f, VGIC_W1 | VGIC_W4, false, vgic_read_priority, vgic_write_priority},
    {0x0c00, 0x0c07, VGIC_W4, false, vgic_read_config, vgic_write_config},
    {0x0d00, 0x0d03, VGIC_W4, false, NULL, NULL}, /* IGRPMODR0: RES0 with DS */
    {0x0e00, 0x0e03, VGIC_W4, false, NULL, NULL}, /* NSACR: RES0 with DS */
};

#define ANY (VGIC_W1 | VGIC_W2 | VGIC_W4 | VGIC_W8)

const struct vgic_frame vgic_redist_rd = {rd_regs, sizeof(rd_regs) / sizeof(rd_regs[0]), 0x10000,
                                          ANY};
const struct vgic_frame vgic_redist_sgi = {sgi_regs, sizeof(sgi_regs) / sizeof(sgi_regs[0]),
                                           0x10000, ANY};
