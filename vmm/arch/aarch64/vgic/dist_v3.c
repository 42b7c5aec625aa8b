/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GICv3 distributor: one security state (DS = 1), affinity routing always on (ARE = 1), no LPIs, no
 * message-based SPIs, no 1-of-N (IHI 0069 12.9). Widths are those of the specification.
 */
#include "internal.h"

#define CTLR_ARE UINT32_C(0x10)
#define CTLR_DS  UINT32_C(0x40)

static uint32_t read_ctlr(struct vgic_entry *entry, uint32_t offset)
{
    return entry->vgic->ctlr | CTLR_ARE | CTLR_DS;
}

static uint32_t read_typer(struct vgic_entry *entry, uint32_t offset)
{
    const uint32_t id_bits = UINT32_C(9) << 19; /* INTIDs of 10 bits */
    const uint32_t a3v = UINT32_C(1) << 24;     /* Aff3 may be non-zero */
    const uint32_t no_1_of_n = UINT32_C(1) << 25;

    return entry->vgic->cfg.nr_spis / 32 | id_bits | a3v | no_1_of_n;
}

/* IROUTER<n> is at 0x6000 + 8 n; the range starts with INTID 32. IRM and reserved bits are RES0. */
#define ROUTER_BITS UINT64_C(0x000000ff00ffffff)

static uint32_t read_router(struct vgic_entry *entry, uint32_t offset)
{
    uint32_t spi = offset / 8;

    return spi < entry->vgic->cfg.nr_spis
               ? (uint32_t)(entry->vgic->router[spi] >> (offset % 8 != 0 ? 32 : 0))
               : 0;
}

static void write_router(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic *vgic = entry->vgic;
    uint32_t spi = offset / 8;
    unsigned shift = offset % 8 != 0 ? 32 : 0;

    if (spi >= vgic->cfg.nr_spis) {
        return;
    }
    uint64_t kept = vgic->router[spi] & ~((uint64_t)mask << shift);
    vgic->router[spi] = (kept | (uint64_t)value << shift) & ROUTER_BITS;
    vgic_changed(entry, NO_VCPU, spi / 32 + 1, UINT32_C(1) << spi % 32);
}

static uint32_t read_id(struct vgic_entry *entry, uint32_t offset)
{
    /* PIDR4..7, PIDR0..3 (architecture version 3), CIDR0..3 */
    static const uint8_t id[] = {0x44, 0, 0, 0, 0x92, 0xb4, 0x3b, 0, 0x0d, 0xf0, 0x05, 0xb1};
    return id[offset / 4];
}

static const struct vgic_reg regs[] = {
    {0x0000, 0x0003, VGIC_W4, false, read_ctlr, vgic_write_ctlr},
    {0x0004, 0x0007, VGIC_W4, false, read_typer, NULL},
    {0x0008, 0x000b, VGIC_W4, false, vgic_read_iidr, NULL},
    {0x000c, 0x0013, VGIC_W4, false, NULL, NULL}, /* TYPER2, STATUSR: not implemented, RAZ/WI */
    {0x0080, 0x00ff, VGIC_W4, false, vgic_read_group, vgic_write_group},
    {0x0100, 0x017f, VGIC_W4, false, vgic_read_enabled, vgic_set_enabled},
    {0x0180, 0x01ff, VGIC_W4, false, vgic_read_enabled, vgic_clear_enabled},
    {0x0200, 0x027f, VGIC_W4, false, vgic_read_pending, vgic_set_pending},
    {0x0280, 0x02ff, VGIC_W4, false, vgic_read_pending, vgic_clear_pending},
    {0x0300, 0x037f, VGIC_W4, false, vgic_read_active, vgic_set_active},
    {0x0380, 0x03ff, VGIC_W4, false, vgic_read_active, vgic_clear_active},
    {0x0400, 0x07fb, VGIC_W1 | VGIC_W4, false, vgic_read_priority, vgic_write_priority},
    {0x0800, 0x0bfb, VGIC_W1 | VGIC_W4, false, NULL, NULL}, /* ITARGETSR: RES0 with ARE */
    {0x0c00, 0x0cff, VGIC_W4, false, vgic_read_config, vgic_write_config},
    {0x0d00, 0x0eff, VGIC_W4, false, NULL, NULL}, /* IGRPMODR, NSACR: RES0 with DS */
    {0x0f00, 0x0f03, VGIC_W4, false, NULL, NULL}, /* SGIR: RES0 with ARE */
    {0x6100, 0x7fdf, VGIC_W4 | VGIC_W8, false, read_router, write_router},
    {0xffd0, 0xffff, VGIC_W4, false, read_id, NULL},
};

const struct vgic_frame vgic_dist_v3 = {regs, sizeof(regs) / sizeof(regs[0]), VGIC_V3_GICD_SIZE,
                                        VGIC_W1 | VGIC_W2 | VGIC_W4 | VGIC_W8};
