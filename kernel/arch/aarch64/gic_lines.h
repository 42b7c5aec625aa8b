/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of interrupt lines: the same in the distributor of both generations (IHI 0048B 4.3, IHI
 * 0069 12.9) and, for a core's own interrupts, in a redistributor's SGI frame (IHI 0069 12.11).
 */
#ifndef KEEL_AARCH64_GIC_LINES_H
#define KEEL_AARCH64_GIC_LINES_H

#include <stdbool.h>
#include <stdint.h>

#define GICD_CTLR       0x000 /* these two in distributors only */
#define GICD_TYPER      0x004
#define GICD_IGROUPR    0x080
#define GICD_ISENABLER  0x100
#define GICD_ICENABLER  0x180
#define GICD_ICPENDR    0x280
#define GICD_ICACTIVER  0x380
#define GICD_IPRIORITYR 0x400
#define GICD_ICFGR      0xc00

#define GIC_DEFAULT_PRIORITY 0x80808080u /* of four interrupts */
#define GIC_SGI0_PRIORITY    0x80808000u /* of SGIs 3 to 0 */

static inline uint32_t read32(const volatile uint8_t *base, unsigned offset)
{
    return *(const volatile uint32_t *)(base + offset);
}

static inline void write32(volatile uint8_t *base, unsigned offset, uint32_t value)
{
    *(volatile uint32_t *)(base + offset) = value;
}

/* How many interrupts the distributor has: a multiple of 32, or the most there can be. */
static inline unsigned gic_count_lines(const volatile uint8_t *dist)
{
    unsigned lines = ((read32(dist, GICD_TYPER) & 0x1f) + 1) * 32;
    return lines < 1020 ? lines : 1020;
}

/* Writes an interrupt's bit to a register that has one for each and does nothing where it is 0. */
static inline void gic_write_bit(volatile uint8_t *base, unsigned offset, uint32_t intid)
{
    write32(base, offset + intid / 32 * 4, 1u << intid % 32);
}

/* Masks and resets the interrupts [first, end), multiples of 32, and puts them into a group. */
static inline void gic_reset_lines(volatile uint8_t *base, unsigned first, unsigned end,
                                   unsigned group)
{
    for (unsigned i = first; i < end; i += 32) {
        write32(base, GICD_ICENABLER + i / 8, ~0u);
        write32(base, GICD_ICPENDR + i / 8, ~0u);
        write32(base, GICD_ICACTIVER + i / 8, ~0u);
        write32(base, GICD_IGROUPR + i / 8, group == 0 ? 0 : ~0u);
    }
    for (unsigned i = first; i < end; i += 4)
        write32(base, GICD_IPRIORITYR + i, GIC_DEFAULT_PRIORITY);
}

static inline void gic_set_edge(volatile uint8_t *base, uint32_t intid, bool edge)
{
    uint32_t value = read32(base, GICD_ICFGR + intid / 16 * 4);
    uint32_t bit = 2u << intid % 16 * 2;

    write32(base, GICD_ICFGR + intid / 16 * 4, edge ? value | bit : value & ~bit);
}

#endif
