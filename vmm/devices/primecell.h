/* SPDX-License-Identifier: BSD-2-Clause */
/* What the PrimeCell peripherals have in common: 32-bit registers and identification bytes. */
#ifndef VMM_DEVICES_PRIMECELL_H
#define VMM_DEVICES_PRIMECELL_H

#include "core/device.h"
#include "core/region.h"
#include "core/stats.h"

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

/*
 * The same for a device that `lock` guards. Inline, for the registers' functions to be inlined in
 * turn: whole registers are the common case. Identification bytes are read without the lock.
 */
static inline __attribute__((always_inline)) enum region_result
primecell_locked_access(const struct primecell_ops *ops, void *device, struct lock *lock,
                        struct vcpu *vcpu, uint64_t offset, unsigned width, bool write,
                        uint64_t *value)
{
    enum region_result result = REGION_HANDLED;
    uint64_t id = offset - PRIMECELL_ID_BASE;
    bool whole = width <= 4 && (offset & 3) == 0;
    if (whole && !write && id < PRIMECELL_SIZE - PRIMECELL_ID_BASE) {
        *value = ops->id[id / 4];
        return result;
    }
    stats_lock_take(vcpu, lock);
    if (!whole || offset >= PRIMECELL_ID_BASE) {
        result = primecell_access(ops, device, offset, width, write, value);
    } else if (write) {
        ops->write(device, (uint32_t)offset, (uint32_t)*value);
    } else {
        *value = ops->read(device, (uint32_t)offset);
    }
    lock_release(lock);
    return result;
}

#endif
