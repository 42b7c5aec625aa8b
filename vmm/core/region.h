/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The region bus: which device answers a guest-physical address.
 *
 * Regions are registered while the machine is built and never change afterwards, so that look-ups
 * need no lock. The bus is a sorted array with a binary search; each vCPU remembers its last hit.
 */
#ifndef VMM_CORE_REGION_H
#define VMM_CORE_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vcpu;

enum region_result {
    REGION_ERROR,     /* the device refuses: the guest gets an external abort */
    REGION_UNHANDLED, /* nothing there: the guest gets an external abort */
    REGION_HANDLED,
};

/*
 * One access of a guest to a region. offset is from the region's base; width is 1, 2, 4 or 8 bytes
 * and the access lies wholly inside the region, but need not be aligned. A write passes the value
 * zero-extended in *value; a read stores the value there (bits above the width are ignored).
 * Called on the VMM thread of vcpu, possibly at the same time as on a sibling's.
 */
typedef enum region_result (*region_access_fn)(void *opaque, struct vcpu *vcpu, uint64_t offset,
                                               unsigned width, bool write, uint64_t *value);

struct region {
    const char *name; /* lives as long as the bus */
    uint64_t base;    /* guest-physical address */
    uint64_t size;    /* bytes, not 0 */
    region_access_fn access;
    void *opaque;
    uint64_t errors; /* atomic: accesses that the device refused */
};

#define REGION_BUS_MAX 64u

struct region_bus {
    struct region region[REGION_BUS_MAX]; /* sorted by base */
    unsigned count;
};

/* Add a region. Returns false if it is empty, wraps, overlaps another, or the bus is full. */
bool region_bus_add(struct region_bus *bus, const struct region *region);

/* True if the region holds the bytes [address, address + size). */
static inline bool region_holds(const struct region *region, uint64_t address, uint64_t size)
{
    uint64_t offset = address - region->base; /* below the base: wraps beyond any size */
    return offset < region->size && size <= region->size - offset;
}

/* The region that holds the bytes [address, address + size), or NULL. */
struct region *region_bus_find(struct region_bus *bus, uint64_t address, uint64_t size);

/* Let the bus answer one access of vcpu (width 1, 2, 4 or 8). *last is the vCPU's last hit, NULL at
 * first. */
static inline enum region_result region_bus_access(struct region_bus *bus, struct vcpu *vcpu,
                                                   struct region **last, uint64_t address,
                                                   unsigned width, bool write, uint64_t *value)
{
    struct region *region = *last;
    if (region == NULL || !region_holds(region, address, width)) {
        region = region_bus_find(bus, address, width);
        if (region == NULL) {
            return REGION_UNHANDLED;
        }
        *last = region;
    }

    enum region_result result =
        region->access(region->opaque, vcpu, address - region->base, width, write, value);
    if (result != REGION_HANDLED) {
        __atomic_fetch_add(&region->errors, 1, __ATOMIC_RELAXED);
    }
    return result;
}

#endif
