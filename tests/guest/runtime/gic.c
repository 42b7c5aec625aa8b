/* SPDX-License-Identifier: BSD-2-Clause */
#include "gic.h"

#define ICC_PMR_EL1     s3_0_c4_c6_0
#define ICC_IAR1_EL1    s3_0_c12_c12_0
#define ICC_EOIR1_EL1   s3_0_c12_c12_1
#define ICC_BPR1_EL1    s3_0_c12_c12_3
#define ICC_AP1R0_EL1   s3_0_c12_c9_0
#define ICC_DIR_EL1     s3_0_c12_c11_1
#define ICC_SGI1R_EL1   s3_0_c12_c11_5
#define ICC_CTLR_EL1    s3_0_c12_c12_4
#define ICC_SRE_EL1     s3_0_c12_c12_5
#define ICC_IGRPEN1_EL1 s3_0_c12_c12_7

#define CTLR_GROUPS  0x3u  /* version 3, one security state: both groups */
#define CTLR_ARE     0x10u /* affinity routing */
#define GICC_EOIMODE 0x200u

/* The system registers' names expand before they are pasted. */
#define icc_read_(name)         read_sysreg(name)
#define icc_write_(name, value) write_sysreg(name, value)
#define icc_read(name)          icc_read_(name)
#define icc_write(name, value)  icc_write_(name, value)

#define REDIST_STRIDE 0x20000u

struct gic gic;

/* The redistributors are in the order of the cores' affinities. */
static uint64_t redistributor(void)
{
    return gic.redist + (uint64_t)REDIST_STRIDE * core_index();
}

uint64_t gic_bit_register(unsigned base, unsigned intid)
{
    if (gic.version == 3 && intid < 32)
        return redistributor() + GICR_SGI_BASE + base;
    return gic.dist + base + 4 * (intid / 32);
}

uint64_t gic_byte_register(unsigned base, unsigned intid)
{
    if (gic.version == 3 && intid < 32)
        return redistributor() + GICR_SGI_BASE + base + intid;
    return gic.dist + base + intid;
}

void gic_set(unsigned base, unsigned intid)
{
    store32(gic_bit_register(base, intid), 1u << intid % 32);
}

bool gic_get(unsigned base, unsigned intid)
{
    return load32(gic_bit_register(base, intid)) >> intid % 32 & 1;
}

void gic_enable(unsigned intid)
{
    gic_set(GICD_ISENABLER, intid);
}

void gic_disable(unsigned intid)
{
    gic_set(GICD_ICENABLER, intid);
}

void gic_priority(unsigned intid, uint8_t priority)
{
    store8(gic_byte_register(GICD_IPRIORITYR, intid), priority);
}

void gic_edge(unsigned intid, bool edge)
{
    uint64_t at = gic.dist + GICD_ICFGR + 4 * (intid / 16);
    uint32_t bit = 2u << intid % 16 * 2;
    uint32_t value = load32(at);
    store32(at, edge ? value | bit : value & ~bit);
}

void gic_distributor(bool on)
{
    if (gic.version == 3)
        store32(gic.dist + GICD_CTLR, CTLR_ARE | (on ? CTLR_GROUPS : 0));
    else
        store32(gic.dist + GICD_CTLR, on ? 1 : 0);
}

static void init_lines(void)
{
    for (unsigned intid = gic.version == 3 ? 32 : 0; intid < gic.lines; intid += 32) {
        store32(gic.dist + GICD_ICENABLER + intid / 8, ~0u);
        store32(gic.dist + GICD_ICPENDR + intid / 8, ~0u);
        store32(gic.dist + GICD_ICACTIVER + intid / 8, ~0u);
        if (gic.version == 3)
            store32(gic.dist + GICD_IGROUPR + intid / 8, ~0u);
    }
    for (unsigned intid = 0; intid < gic.lines; intid++) {
        gic_priority(intid, PRIORITY_DEFAULT);
        if (intid >= 32 && gic.version == 2)
            store8(gic.dist + GICD_ITARGETSR + intid, 1);
        if (intid >= 32 && gic.version == 3)
            store64(gic.dist + GICD_IROUTER + 8 * intid, 0);
    }
}

static void init_redistributor(void)
{
    uint64_t waker = redistributor() + GICR_WAKER;
    store32(waker, load32(waker) & ~2u);
    while (load32(waker) & 4)
        ;
    uint64_t sgi = redistributor() + GICR_SGI_BASE;
    store32(sgi + GICD_ICENABLER, ~0u);
    store32(sgi + GICD_ICPENDR, ~0u);
    store32(sgi + GICD_ICACTIVER, ~0u);
    store32(sgi + GICD_IGROUPR, ~0u);
}

static void init_interface(void)
{
    if (gic.version == 2) {
        store32(gic.cpu + GICC_PMR, 0xf0);
        store32(gic.cpu + GICC_BPR, 0);
        store32(gic.cpu + GICC_CTLR, 1);
        return;
    }
    icc_write(ICC_SRE_EL1, icc_read(ICC_SRE_EL1) | 1);
    icc_write(ICC_PMR_EL1, 0xf0);
    icc_write(ICC_BPR1_EL1, 0);
    icc_write(ICC_CTLR_EL1, 0);
    icc_write(ICC_IGRPEN1_EL1, 1);
}

bool gic_init(void)
{
    if (dt_reg("arm,gic-v3", 0, &gic.dist, &gic.dist_size) &&
        dt_reg("arm,gic-v3", 1, &gic.redist, &gic.redist_size))
        gic.version = 3;
    else if (dt_reg("arm,cortex-a15-gic", 0, &gic.dist, &gic.dist_size) ||
             dt_reg("arm,gic-400", 0, &gic.dist, &gic.dist_size))
        gic.version = 2;
    else
        return false;

    uint64_t size;
    if (gic.version == 2 && !dt_reg("arm,cortex-a15-gic", 1, &gic.cpu, &size) &&
        !dt_reg("arm,gic-400", 1, &gic.cpu, &size))
        return false;

    gic.lines = 32 * ((load32(gic.dist + GICD_TYPER) & 0x1f) + 1);
    if (gic.lines > 1020)
        gic.lines = 1020;
    if (gic.version == 3) {
        gic_distributor(false);
        init_redistributor();
    }
    init_lines();
    init_interface();
    gic_distributor(true);
    return true;
}

void gic_init_core(void)
{
    if (gic.version == 3)
        init_redistributor();
    else
        store32(gic.dist + GICD_ICENABLER, ~0u);
    for (unsigned intid = 0; intid < 32; intid++)
        gic_priority(intid, PRIORITY_DEFAULT);
    init_interface();
}

unsigned gic_acknowledge(void)
{
    if (gic.version == 2)
        return load32(gic.cpu + GICC_IAR) & 0x3ff;
    unsigned intid = (unsigned)icc_read(ICC_IAR1_EL1);
    __asm__ volatile("dsb sy" ::: "memory");
    return intid;
}

void gic_end(unsigned intid)
{
    if (gic.version == 2)
        store32(gic.cpu + GICC_EOIR, intid);
    else
        icc_write(ICC_EOIR1_EL1, intid);
}

void gic_deactivate(unsigned intid)
{
    if (gic.version == 2)
        store32(gic.cpu + GICC_DIR, intid);
    else
        icc_write(ICC_DIR_EL1, intid);
}

void gic_mask(uint8_t priority)
{
    if (gic.version == 2)
        store32(gic.cpu + GICC_PMR, priority);
    else
        icc_write(ICC_PMR_EL1, priority);
}

void gic_split_end(bool on)
{
    if (gic.version == 2)
        store32(gic.cpu + GICC_CTLR, on ? GICC_EOIMODE | 1 : 1);
    else
        icc_write(ICC_CTLR_EL1, on ? 2 : 0);
}

/* SGIR (IHI 0048 4.3.15): target list filter, target list, INTID. ICC_SGI1R (IHI 0069 12.2.20):
 * all but self, INTID, target list. */
static void send(uint32_t sgir, uint64_t sgi1r)
{
    __asm__ volatile("dsb sy" ::: "memory");
    if (gic.version == 2)
        store32(gic.dist + GICD_SGIR, sgir);
    else
        icc_write(ICC_SGI1R_EL1, sgi1r);
}

void gic_send_sgi_to_list(uint8_t cores, unsigned sgi)
{
    send((uint32_t)cores << 16 | sgi, (uint64_t)sgi << 24 | cores);
}

void gic_send_sgi(unsigned core, unsigned sgi)
{
    gic_send_sgi_to_list((uint8_t)(1u << core), sgi);
}

void gic_send_sgi_to_self(unsigned sgi)
{
    send(2u << 24 | sgi, (uint64_t)sgi << 24 | 1u << core_index());
}

void gic_send_sgi_to_others(unsigned sgi)
{
    send(1u << 24 | sgi, 1ul << 40 | (uint64_t)sgi << 24);
}

void gic_target(unsigned intid, unsigned core)
{
    if (gic.version == 2)
        store8(gic.dist + GICD_ITARGETSR + intid, (uint8_t)(1u << core));
    else
        store64(gic.dist + GICD_IROUTER + 8ul * intid, core);
}

void gic_forget(void)
{
    store32(gic_bit_register(GICD_ICACTIVER, 0), UINT32_MAX);
    if (gic.version == 3)
        icc_write(ICC_AP1R0_EL1, 0);
    else
        store32(gic.cpu + GICC_APR, 0);
}
