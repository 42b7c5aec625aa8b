/* SPDX-License-Identifier: BSD-2-Clause */
/* GICv2: memory-mapped distributor, CPU interface and hypervisor interface (IHI 0048B). */
#include "gic.h"
#include "gic_lines.h"
#include "memmap.h"
#include "sysreg.h"

#define PAGE 4096

/* Distributor, chapter 4.3; the others are in gic_lines.h. */
#define GICD_ITARGETSR 0x800
#define GICD_SGIR      0xf00

/* CPU interface, chapter 4.4. */
#define GICC_CTLR 0x00
#define GICC_PMR  0x04
#define GICC_BPR  0x08
#define GICC_IAR  0x0c
#define GICC_EOIR 0x10

/* Virtual interface control, chapter 5.3. */
#define GICH_HCR   0x000
#define GICH_VTR   0x004
#define GICH_VMCR  0x008
#define GICH_EISR0 0x020
#define GICH_APR   0x0f0
#define GICH_LR    0x100

static struct {
    volatile uint8_t *dist, *cpu, *virt;
    uint8_t target_mask[MAX_CPUS]; /* bit of each core in GICD_ITARGETSR, GICD_SGIR */
} regs;

/* The calling core's own bit: the banked target registers read as nothing else. */
static uint8_t own_target_mask(void)
{
    for (unsigned i = 0; i < GIC_FIRST_SPI; i += 4) {
        uint32_t targets = read32(regs.dist, GICD_ITARGETSR + i);
        targets |= targets >> 16;
        targets |= targets >> 8;
        if ((targets & 0xff) != 0)
            return (uint8_t)targets;
    }
    return 1; /* a single core reads as zero */
}

static void v2_init(const struct platform *platform)
{
    regs.dist = kmap_device(platform->gic[0].base, PAGE);
    regs.cpu = kmap_device(platform->gic[1].base, PAGE);
    regs.virt = kmap_device(platform->gic[2].base, PAGE);
    unsigned lines = gic_count_lines(regs.dist);

    write32(regs.dist, GICD_CTLR, 0);
    gic_reset_lines(regs.dist, GIC_FIRST_SPI, lines, 0);
    for (unsigned i = GIC_FIRST_SPI; i < lines; i += 4)
        write32(regs.dist, GICD_ITARGETSR + i, own_target_mask() * 0x01010101u);
    for (unsigned i = GIC_FIRST_SPI; i < lines; i += 16)
        write32(regs.dist, GICD_ICFGR + i / 4, 0);
    write32(regs.dist, GICD_CTLR, 1);
    gic_num_lr = (read32(regs.virt, GICH_VTR) & 0x3f) + 1;
    if (gic_num_lr > GIC_MAX_LR)
        gic_num_lr = GIC_MAX_LR;
}

static void v2_init_core(unsigned core)
{
    gic_reset_lines(regs.dist, 0, GIC_FIRST_SPI, 0);
    write32(regs.dist, GICD_IPRIORITYR, GIC_SGI0_PRIORITY);
    regs.target_mask[core] = own_target_mask();
    write32(regs.cpu, GICC_PMR, GIC_PMR_ALL);
    write32(regs.cpu, GICC_BPR, 0);
    write32(regs.cpu, GICC_CTLR, 1);
    write32(regs.virt, GICH_HCR, 0);
}

static void v2_mask(uint32_t intid)
{
    gic_write_bit(regs.dist, GICD_ICENABLER, intid);
}

static void v2_unmask(uint32_t intid)
{
    gic_write_bit(regs.dist, GICD_ISENABLER, intid);
}

static uint32_t v2_take(void)
{
    return read32(regs.cpu, GICC_IAR);
}

static void v2_end(uint32_t taken)
{
    write32(regs.cpu, GICC_EOIR, taken);
}

static void v2_hold(uint32_t taken)
{
    v2_mask(gic_intid(taken));
    write32(regs.cpu, GICC_EOIR, taken);
}

static void v2_set_edge(uint32_t intid, bool edge)
{
    gic_set_edge(regs.dist, intid, edge);
}

static void v2_set_core(uint32_t intid, unsigned core)
{
    regs.dist[GICD_ITARGETSR + intid] = regs.target_mask[core];
}

static void v2_send_sgi(unsigned core, unsigned sgi)
{
    dsb_ish();
    write32(regs.dist, GICD_SGIR, (uint32_t)regs.target_mask[core] << 16 | sgi);
}

static void v2_sleep(void)
{
    write32(regs.cpu, GICC_PMR, GIC_PMR_SGI0);
    dsb_sy();
    wfi();
    for (uint32_t taken = v2_take(); gic_intid(taken) == 0; taken = v2_take())
        v2_end(taken);
    write32(regs.cpu, GICC_PMR, GIC_PMR_ALL);
}

static void v2_vgic_save(struct vgic *vgic)
{
    vgic->vmcr = read32(regs.virt, GICH_VMCR);
    vgic->apr[0][0] = read32(regs.virt, GICH_APR);
    for (unsigned i = 0; i < gic_num_lr; i++)
        vgic->lr[i] = read32(regs.virt, GICH_LR + i * 4);
}

static void v2_vgic_load(const struct vgic *vgic)
{
    write32(regs.virt, GICH_VMCR, vgic->vmcr);
    write32(regs.virt, GICH_APR, vgic->apr[0][0]);
    for (unsigned i = 0; i < gic_num_lr; i++)
        write32(regs.virt, GICH_LR + i * 4, (uint32_t)vgic->lr[i]);
}

static void v2_vgic_enable(uint32_t hcr)
{
    write32(regs.virt, GICH_HCR, hcr);
}

static uint64_t v2_lr_read(unsigned index)
{
    return read32(regs.virt, GICH_LR + index * 4);
}

static void v2_lr_write(unsigned index, uint64_t value)
{
    write32(regs.virt, GICH_LR + index * 4, (uint32_t)value);
}

static unsigned v2_lr_eoi(void)
{
    uint32_t set = read32(regs.virt, GICH_EISR0);
    return set != 0 ? (unsigned)__builtin_ctz(set) : GIC_LR_NONE;
}

const struct gic_ops gicv2_ops = {
    .init = v2_init,
    .init_core = v2_init_core,
    .take = v2_take,
    .end = v2_end,
    .hold = v2_hold,
    .ack = v2_unmask,
    .mask = v2_mask,
    .unmask = v2_unmask,
    .set_edge = v2_set_edge,
    .set_core = v2_set_core,
    .send_sgi = v2_send_sgi,
    .sleep = v2_sleep,
    .vgic_save = v2_vgic_save,
    .vgic_load = v2_vgic_load,
    .vgic_enable = v2_vgic_enable,
    .lr_read = v2_lr_read,
    .lr_write = v2_lr_write,
    .lr_eoi = v2_lr_eoi,
    .lr_format = GICV2_LR_FORMAT,
};
