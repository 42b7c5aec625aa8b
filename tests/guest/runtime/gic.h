/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm GICv2 (IHI 0048) or GICv3 (IHI 0069), whichever the devicetree names.
 * Interrupts are numbered by INTID: 0..15 SGIs, 16..31 PPIs, 32.. SPIs.
 */
#ifndef TEST_GUEST_GIC_H
#define TEST_GUEST_GIC_H

#include "guest.h"

#define GICD_CTLR       0x0000u
#define GICD_TYPER      0x0004u
#define GICD_IIDR       0x0008u
#define GICD_IGROUPR    0x0080u
#define GICD_ISENABLER  0x0100u
#define GICD_ICENABLER  0x0180u
#define GICD_ISPENDR    0x0200u
#define GICD_ICPENDR    0x0280u
#define GICD_ISACTIVER  0x0300u
#define GICD_ICACTIVER  0x0380u
#define GICD_IPRIORITYR 0x0400u
#define GICD_ITARGETSR  0x0800u
#define GICD_ICFGR      0x0c00u
#define GICD_SGIR       0x0f00u
#define GICD_CPENDSGIR  0x0f10u
#define GICD_SPENDSGIR  0x0f20u
#define GICD_IROUTER    0x6000u
#define GICV2_PIDR2     0x0fe8u
#define GICV3_PIDR2     0xffe8u

#define GICC_CTLR  0x00u
#define GICC_PMR   0x04u
#define GICC_BPR   0x08u
#define GICC_IAR   0x0cu
#define GICC_EOIR  0x10u
#define GICC_RPR   0x14u
#define GICC_HPPIR 0x18u
#define GICC_APR   0xd0u
#define GICC_DIR   0x1000u

#define GICR_CTLR     0x0000u
#define GICR_TYPER    0x0008u
#define GICR_WAKER    0x0014u
#define GICR_SGI_BASE 0x10000u

#define SPURIOUS         1023u
#define PRIORITY_DEFAULT 0xa0u

struct gic {
    unsigned version; /* 2 or 3; 0: none found */
    uint64_t dist;
    uint64_t dist_size;
    uint64_t cpu;    /* GICC, version 2 */
    uint64_t redist; /* GICR, version 3 */
    uint64_t redist_size;
    unsigned lines; /* INTIDs below this exist */
};
extern struct gic gic;

/* Finds and sets up distributor and this core's interface; every interrupt disabled. */
bool gic_init(void);
/* After that, on every other core: sets up what belongs to the core that calls. */
void gic_init_core(void);

/* What a kernel does on a core that comes back: forgets what it was handling when it went off. */
void gic_forget(void);

/* Address of the register word, byte or pair of bits that belongs to an INTID. */
uint64_t gic_bit_register(unsigned base, unsigned intid);
uint64_t gic_byte_register(unsigned base, unsigned intid);
/* Bit registers: write a one for the INTID; read the INTID's bit. */
void gic_set(unsigned base, unsigned intid);
bool gic_get(unsigned base, unsigned intid);

void gic_enable(unsigned intid);
void gic_disable(unsigned intid);
void gic_priority(unsigned intid, uint8_t priority);
void gic_edge(unsigned intid, bool edge);
void gic_distributor(bool on);

unsigned gic_acknowledge(void); /* the INTID, without version 2's source bits */
void gic_end(unsigned intid);
void gic_deactivate(unsigned intid);
void gic_mask(uint8_t priority);
void gic_split_end(bool on); /* EOImode */
void gic_send_sgi(unsigned core, unsigned sgi);
void gic_send_sgi_to_self(unsigned sgi);
void gic_send_sgi_to_others(unsigned sgi);
void gic_send_sgi_to_list(uint8_t cores, unsigned sgi); /* bit n: core n */
void gic_target(unsigned intid, unsigned core);         /* of an SPI */

#endif
