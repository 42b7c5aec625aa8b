/* SPDX-License-Identifier: BSD-2-Clause */
/* GICv3: memory-mapped distributor and redistributors, system-register interfaces (IHI 0069). */
#include "boot.h"
#include "cpu.h"
#include "gic.h"
#include "gic_lines.h"
#include "memmap.h"
#include "sysreg.h"

/* Distributor, chapter 12.9; the others are in gic_lines.h. */
#define GICD_CTLR_ENABLE_GRP1 (1u << 1)
#define GICD_CTLR_ARE         (1u << 4)
#define GICD_CTLR_RWP         (1u << 31)
#define GICD_IGRPMODR         0x0d00 /* and in the SGI frame */
#define GICD_IROUTER          0x6000

/* Redistributor, chapter 12.11. */
#define GICR_CTLR             0x0000
#define GICR_CTLR_RWP         (1u << 3)
#define GICR_TYPER            0x0008
#define GICR_TYPER_LAST       (1u << 4)
#define GICR_TYPER_VLPIS      (1u << 1)
#define GICR_WAKER            0x0014
#define GICR_WAKER_SLEEP      (1u << 1)
#define GICR_WAKER_CHILDSLEEP (1u << 2)
#define GICR_FRAME            0x10000ul
#define GICR_SGI_FRAME        GICR_FRAME

static struct {
    volatile uint8_t *dist, *redist;
    uint64_t redist_size;
    volatile uint8_t *sgi_frame[MAX_CPUS];
    uint64_t affinity[MAX_CPUS]; /* MPIDR_EL1 affinity fields */
    unsigned num_apr;
} regs;

static uint64_t read64(volatile uint8_t *base, unsigned offset)
{
    return *(volatile uint64_t *)(base + offset);
}

static void write64(volatile uint8_t *base, unsigned offset, uint64_t value)
{
    *(volatile uint64_t *)(base + offset) = value;
}

static void wait_dist(void)
{
    while ((read32(regs.dist, GICD_CTLR) & GICD_CTLR_RWP) != 0)
        continue;
}

/* MPIDR_EL1 Aff3..Aff0. */
static uint64_t own_affinity(void)
{
    return READ_SYSREG(mpidr_el1) & 0xff00ffffffull;
}

/* Masks and resets interrupts of a frame and puts them into group 1. */
static void reset_lines(volatile uint8_t *base, unsigned first, unsigned end)
{
    gic_reset_lines(base, first, end, 1);
    for (unsigned i = first; i < end; i += 32)
        write32(base, GICD_IGRPMODR + i / 8, 0);
}

/* Redistributors of the cores that keel can have, at most four frames each. */
static void map(const struct platform *platform)
{
    uint64_t most = (uint64_t)MAX_CPUS * 4 * GICR_FRAME;
    uint64_t size = platform->gic[1].size;

    regs.redist_size = size < most ? size : most;
    regs.dist = kmap_device(platform->gic[0].base, 0x10000);
    regs.redist = kmap_device(platform->gic[1].base, regs.redist_size);
}

static void v3_init(const struct platform *platform)
{
    map(platform);
    unsigned lines = gic_count_lines(regs.dist);
    uint64_t vtr = READ_SYSREG(ich_vtr_el2);

    write32(regs.dist, GICD_CTLR, 0);
    wait_dist();
    reset_lines(regs.dist, GIC_FIRST_SPI, lines & ~31u);
    write32(regs.dist, GICD_CTLR, GICD_CTLR_ARE);
    wait_dist();
    for (unsigned i = GIC_FIRST_SPI; i < lines; i++)
        write64(regs.dist, GICD_IROUTER + i * 8, own_affinity());
    for (unsigned i = GIC_FIRST_SPI; i < lines; i += 16)
        write32(regs.dist, GICD_ICFGR + i / 4, 0);
    write32(regs.dist, GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_ENABLE_GRP1);
    wait_dist();

    gic_num_lr = (unsigned)(vtr & 0x1f) + 1; /* ICH_VTR_EL2.ListRegs, PREbits [28:26] */
    unsigned preemption_bits = (unsigned)(vtr >> 26 & 7) + 1;
    regs.num_apr = preemption_bits <= 5 ? 1 : 1u << (preemption_bits - 5);
    if (regs.num_apr > GIC_MAX_APR)
        regs.num_apr = GIC_MAX_APR;
}

/* The calling core's redistributor; frames come in pairs, or in fours with virtual LPIs. */
static volatile uint8_t *find_redistributor(void)
{
    uint64_t offset = 0;
    uint64_t affinity = own_affinity();
    uint32_t wanted = (uint32_t)(affinity & 0xffffff) | (uint32_t)(affinity >> 32) << 24;

    while (offset + 2 * GICR_FRAME <= regs.redist_size) {
        volatile uint8_t *frame = regs.redist + offset;
        uint64_t typer = read64(frame, GICR_TYPER);
        if ((uint32_t)(typer >> 32) == wanted)
            return frame;
        if ((typer & GICR_TYPER_LAST) != 0)
            break;
        offset += (typer & GICR_TYPER_VLPIS) != 0 ? 4 * GICR_FRAME : 2 * GICR_FRAME;
    }
    boot_fail("no GIC redistributor for this core");
}

static void v3_init_core(unsigned core)
{
    volatile uint8_t *frame = find_redistributor();

    write32(frame, GICR_WAKER, read32(frame, GICR_WAKER) & ~GICR_WAKER_SLEEP);
    while ((read32(frame, GICR_WAKER) & GICR_WAKER_CHILDSLEEP) != 0)
        continue;
    regs.sgi_frame[core] = frame + GICR_SGI_FRAME;
    regs.affinity[core] = own_affinity();
    reset_lines(regs.sgi_frame[core], 0, GIC_FIRST_SPI);
    write32(regs.sgi_frame[core], GICD_IPRIORITYR, GIC_SGI0_PRIORITY);
    while ((read32(frame, GICR_CTLR) & GICR_CTLR_RWP) != 0)
        continue;

    WRITE_SYSREG(icc_sre_el2, READ_SYSREG(icc_sre_el2) | 0xf); /* SRE, DFB, DIB, Enable */
    isb();
    WRITE_SYSREG(icc_sre_el1, 7);
    isb();
    WRITE_SYSREG(icc_pmr_el1, GIC_PMR_ALL);
    WRITE_SYSREG(icc_bpr1_el1, 0);
    WRITE_SYSREG(icc_ctlr_el1, 2); /* EOImode: EOIR drops priority, DIR deactivates */
    WRITE_SYSREG(icc_igrpen1_el1, 1);
    WRITE_SYSREG(ich_hcr_el2, 0);
    isb();
}

/* Where the registers of an interrupt are; of a core's own, those of the calling core. */
static volatile uint8_t *frame_of(uint32_t intid)
{
    return intid < GIC_FIRST_SPI ? regs.sgi_frame[this_cpu()->core] : regs.dist;
}

static void v3_mask(uint32_t intid)
{
    gic_write_bit(frame_of(intid), GICD_ICENABLER, intid);
    /* Whoever was to acknowledge it may be gone. */
    gic_write_bit(frame_of(intid), GICD_ICACTIVER, intid);
}

static void v3_unmask(uint32_t intid)
{
    gic_write_bit(frame_of(intid), GICD_ISENABLER, intid);
}

static uint32_t v3_take(void)
{
    uint32_t taken = (uint32_t)READ_SYSREG(icc_iar1_el1) & 0xffffff;
    dsb_sy();
    return taken;
}

static void v3_deactivate(uint32_t intid)
{
    WRITE_SYSREG(icc_dir_el1, intid);
    isb();
}

static void v3_end(uint32_t taken)
{
    WRITE_SYSREG(icc_eoir1_el1, taken);
    v3_deactivate(taken);
}

/* Left active: it cannot fire until it is deactivated. */
static void v3_hold(uint32_t taken)
{
    WRITE_SYSREG(icc_eoir1_el1, taken);
    isb();
}

static void v3_set_edge(uint32_t intid, bool edge)
{
    gic_set_edge(frame_of(intid), intid, edge);
}

static void v3_set_core(uint32_t intid, unsigned core)
{
    write64(regs.dist, GICD_IROUTER + intid * 8, regs.affinity[core]);
}

/* ICC_SGI1R_EL1: target list [15:0], Aff1 [23:16], INTID [27:24], Aff2 [39:32], Aff3 [55:48]. */
static void v3_send_sgi(unsigned core, unsigned sgi)
{
    uint64_t affinity = regs.affinity[core];

    dsb_ish();
    WRITE_SYSREG(icc_sgi1r_el1, (affinity >> 32 & 0xff) << 48 | (affinity >> 16 & 0xff) << 32 |
                                    (uint64_t)sgi << 24 | (affinity >> 8 & 0xff) << 16 |
                                    (affinity & 0xf0) << 40 | UINT64_C(1) << (affinity & 0xf));
    isb();
}

static void v3_sleep(void)
{
    WRITE_SYSREG(icc_pmr_el1, GIC_PMR_SGI0);
    isb();
    dsb_sy();
    wfi();
    uint32_t taken = v3_take();
    if (gic_intid(taken) == 0)
        v3_end(taken);
    WRITE_SYSREG(icc_pmr_el1, GIC_PMR_ALL);
    isb();
}

#define LR_CASES(DO)                                                                               \
    DO(0)                                                                                          \
    DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14) DO(15)

static uint64_t v3_lr_read(unsigned index)
{
    switch (index) {
#define DO(n)                                                                                      \
    case n:                                                                                        \
        return READ_SYSREG(ich_lr##n##_el2);
        LR_CASES(DO)
#undef DO
    default:
        return 0;
    }
}

static void v3_lr_write(unsigned index, uint64_t value)
{
    switch (index) {
#define DO(n)                                                                                      \
    case n:                                                                                        \
        WRITE_SYSREG(ich_lr##n##_el2, value);                                                      \
        break;
        LR_CASES(DO)
#undef DO
    default:
        break;
    }
}

/* The active priorities registers of both groups: number, and how many it takes to have them. */
#define APR_CASES(DO) DO(0, 1) DO(1, 2) DO(2, 4) DO(3, 4)

static void v3_vgic_save(struct vgic *vgic)
{
    vgic->vmcr = (uint32_t)READ_SYSREG(ich_vmcr_el2);
#define DO(n, least)                                                                               \
    if (regs.num_apr >= (least)) {                                                                 \
        vgic->apr[0][n] = (uint32_t)READ_SYSREG(ich_ap0r##n##_el2);                                \
        vgic->apr[1][n] = (uint32_t)READ_SYSREG(ich_ap1r##n##_el2);                                \
    }
    APR_CASES(DO)
#undef DO
    for (unsigned i = 0; i < gic_num_lr; i++)
        vgic->lr[i] = v3_lr_read(i);
}

static void v3_vgic_load(const struct vgic *vgic)
{
    WRITE_SYSREG(ich_vmcr_el2, vgic->vmcr);
#define DO(n, least)                                                                               \
    if (regs.num_apr >= (least)) {                                                                 \
        WRITE_SYSREG(ich_ap0r##n##_el2, vgic->apr[0][n]);                                          \
        WRITE_SYSREG(ich_ap1r##n##_el2, vgic->apr[1][n]);                                          \
    }
    APR_CASES(DO)
#undef DO
    for (unsigned i = 0; i < gic_num_lr; i++)
        v3_lr_write(i, vgic->lr[i]);
}

static void v3_vgic_enable(uint32_t hcr)
{
    WRITE_SYSREG(ich_hcr_el2, hcr);
}

static unsigned v3_lr_eoi(void)
{
    uint32_t set = (uint32_t)READ_SYSREG(ich_eisr_el2) & 0xffff;
    return set != 0 ? (unsigned)__builtin_ctz(set) : GIC_LR_NONE;
}

const struct gic_ops gicv3_ops = {
    .init = v3_init,
    .init_core = v3_init_core,
    .take = v3_take,
    .end = v3_end,
    .hold = v3_hold,
    .ack = v3_deactivate,
    .mask = v3_mask,
    .unmask = v3_unmask,
    .set_edge = v3_set_edge,
    .set_core = v3_set_core,
    .send_sgi = v3_send_sgi,
    .sleep = v3_sleep,
    .vgic_save = v3_vgic_save,
    .vgic_load = v3_vgic_load,
    .vgic_enable = v3_vgic_enable,
    .lr_read = v3_lr_read,
    .lr_write = v3_lr_write,
    .lr_eoi = v3_lr_eoi,
    .lr_format = GICV3_LR_FORMAT,
};
