/* SPDX-License-Identifier: BSD-2-Clause */
/* GICv2: memory-mapped distributor, CPU interface and hypervisor interface (IHI 0048B). */
#include "boot.h"
#include "gic.h"
#include "gic_lr.h"
#include "memmap.h"
#include "sysreg.h"

#define PAGE 4096

/* Distributor, chapter 4.3. */
#define GICD_CTLR       0x000
#define GICD_TYPER      0x004
#define GICD_IGROUPR    0x080
#define GICD_ISENABLER  0x100
#define GICD_ICENABLER  0x180
#define GICD_ICPENDR    0x280
#define GICD_ICACTIVER  0x380
#define GICD_IPRIORITYR 0x400
#define GICD_ITARGETSR  0x800
#define GICD_ICFGR      0xc00
#define GICD_SGIR       0xf00

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
#define GICH_MISR  0x010
#define GICH_EISR0 0x020
#define GICH_APR   0x0f0
#define GICH_LR    0x100

#define MISR_EOI         1u
#define DEFAULT_PRIORITY 0x80808080u
#define SGI0_PRIORITY    0x80808000u /* of SGIs 3 to 0 */

static struct {
    volatile uint8_t *dist, *cpu, *virt;
    uint8_t target_mask[MAX_CPUS]; /* bit of each core in GICD_ITARGETSR, GICD_SGIR */
} regs;

static uint32_t read32(volatile uint8_t *base, unsigned offset)
{
    return *(volatile uint32_t *)(base + offset);
}

static void write32(volatile uint8_t *base, unsigned offset, uint32_t value)
{
    *(volatile uint32_t *)(base + offset) = value;
}

static unsigned num_lines(void)
{
    unsigned lines = ((read32(regs.dist, GICD_TYPER) & 0x1f) + 1) * 32;
    return lines < 1020 ? lines : 1020;
}

/* Masks and resets the interrupts [first, end), both multiples of 32. */
static void reset_lines(unsigned first, unsigned end)
{
    for (unsigned i = first; i < end; i += 32) {
        write32(regs.dist, GICD_ICENABLER + i / 8, ~0u);
        write32(regs.dist, GICD_ICPENDR + i / 8, ~0u);
        write32(regs.dist, GICD_ICACTIVER + i / 8, ~0u);
        write32(regs.dist, GICD_IGROUPR + i / 8, 0);
    }
    for (unsigned i = first; i < end; i += 4)
        write32(regs.dist, GICD_IPRIORITYR + i, DEFAULT_PRIORITY);
}

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

static void v2_init(void)
{
    unsigned lines = num_lines();

    write32(regs.dist, GICD_CTLR, 0);
    reset_lines(GIC_FIRST_SPI, lines);
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
    reset_lines(0, GIC_FIRST_SPI);
    write32(regs.dist, GICD_IPRIORITYR, SGI0_PRIORITY);
    regs.target_mask[core] = own_target_mask();
    write32(regs.cpu, GICC_PMR, GIC_PMR_ALL);
    write32(regs.cpu, GICC_BPR, 0);
    write32(regs.cpu, GICC_CTLR, 1);
    write32(regs.virt, GICH_HCR, 0);
}

static void v2_mask(uint32_t intid)
{
    write32(regs.dist, GICD_ICENABLER + intid / 32 * 4, 1u << intid % 32);
}

static void v2_unmask(uint32_t intid)
{
    write32(regs.dist, GICD_ISENABLER + intid / 32 * 4, 1u << intid % 32);
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
    uint32_t value = read32(regs.dist, GICD_ICFGR + intid / 16 * 4);
    uint32_t bit = 2u << intid % 16 * 2;

    write32(regs.dist, GICD_ICFGR + intid / 16 * 4, edge ? value | bit : value & ~bit);
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
    if ((read32(regs.virt, GICH_MISR) & MISR_EOI) == 0)
        return GIC_LR_NONE;
    uint32_t set = read32(regs.virt, GICH_EISR0);
    return set != 0 ? (unsigned)__builtin_ctz(set) : GIC_LR_NONE;
}

static uint64_t v2_lr_without_eoi(uint64_t lr)
{
    return lr & ~GICH_LR_EOI;
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
    .lr_pending = gicv2_lr,
    .lr_is_active = gicv2_lr_active,
    .lr_without_eoi = v2_lr_without_eoi,
};

BOOT_CODE void gicv2_map(const struct platform *platform)
{
    regs.dist = kmap_device(platform->gic[0].base, PAGE);
    regs.cpu = kmap_device(platform->gic[1].base, PAGE);
    regs.virt = kmap_device(platform->gic[2].base, PAGE);
}
