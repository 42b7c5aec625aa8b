/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/region.h"

#include <stddef.h>

static bool overlap(const struct region *a, const struct region *b)
{
    return a->base < b->base + b->size && b->base < a->base + a->size;
}

bool region_bus_add(struct region_bus *bus, const struct region *region)
{
    if (region->size == 0 || region->base + region->size < region->base ||
        bus->count == REGION_BUS_MAX) {
        return false;
    }

    unsigned at = 0;
    for (unsigned i = 0; i < bus->count; i++) {
        if (overlap(&bus->region[i], region)) {
            return false;
        }
        if (bus->region[i].base < region->base) {
            at = i + 1;
        }
    }
    for (unsigned i = bus->count; i > at; i--) {
        bus->region[i] = bus->region[i - 1];
    }
    bus->region[at] = *region;
    bus->count++;
    return true;
}

struct region *region_bus_find(struct region_bus *bus, uint64_t address, uint64_t size)
{
    unsigned low = 0;
    unsigned high = bus->count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (bus->region[middle].base <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0 || !region_holds(&bus->region[low - 1], address, size)) {
        return NULL;
    }
    return &bus->region[low - 1];
}
