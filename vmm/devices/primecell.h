/* SPDX-License-Identifier: BSD-2-Clause */
/* What the PrimeCell peripherals have in common: 32-bit registers and identification bytes. */
#ifndef VMM_DEVICES_PRIMECELL_H
#define VMM_DEVICES_PRIMECELL_H

#include "core/device.h"
#include "core/region.h"

#define PRIMECELL_SIZE    0x1000u
#define PRIMECELL_ID_BASE 0xfe0u /* eight registers of one byte each */

struct primecell_ops {
    /* offset is a multiple of 4 below PRIMECELL_ID_BASE. */
    uint32_t (*read)(void *device, uint32_t offset);
    void (*write)(void *device, uint32_t offset, uint32_t value);
    uint8_t id[8]; /* PeriphID0..3, PCellID0..3 */
};

/*
 * One access of the guest as a sequence of register accesses. Accesses have to be aligned to their
 * width. A 64-bit access is two registers, the lower first; a narrower one at a register's first
 * byte is an access to that register (its upper bits 0), elsewhere it reads 0 and writes nothing.
 */
enum region_result primecell_access(const struct primecell_ops *ops, void *device, uint64_t offset,
                                    unsigned width, bool write, uint64_t *value);

/* What the devicetree says of one. */
struct primecell_node {
    const char *name;        /* "pl011": it is compatible with "arm,pl011", and its node's name */
    const char *label;       /* for overlays */
    uint64_t base;           /* guest-physical address */
    uint32_t intid;          /* of its SPI, level-sensitive */
    const char *clock_names; /* each one ends with NUL; all are the context's clock */
    unsigned clocks;         /* 1 or 2 */
};

/* Append the node. Returns 0 or a libfdt error. */
int primecell_fdt_node(struct fdt_context *context, const struct primecell_node *node);

/* True for the common case: one whole register, not one of the identification bytes. */
static inline bool primecell_is_plain(uint64_t offset, unsigned width)
{
    return width <= 4 && (offset & 3) == 0 && offset < PRIMECELL_ID_BASE;
}

/* Reads of identification bytes, which need no lock. False if the access is none. */
static inline bool primecell_read_id(const struct primecell_ops *ops, uint64_t offset,
                                     unsigned width, bool write, uint64_t *value)
{
    uint64_t at = offset - PRIMECELL_ID_BASE;
    if (at >= PRIMECELL_SIZE - PRIMECELL_ID_BASE || write || width > 4 || (at & 3) != 0) {
        return false;
    }
    *value = ops->id[at / 4];
    return true;
}

#endif
