/* SPDX-License-Identifier: BSD-2-Clause */
/* What devicetree overlays are taken, by the host command and by the VMM. */
#ifndef BULKHEAD_OVERLAY_H
#define BULKHEAD_OVERLAY_H

#include <libfdt.h>
#include <stdbool.h>

#define BH_OVERLAY_MAX 0x8000u /* bytes, compiled */

/* How many nodes in nodes, with the root: libfdt merges by recursion, and the stack of a VMM's
 * thread is small. */
#define BH_OVERLAY_DEPTH 32

/* True if the tree, which fdt_check_full() has found sound, is deeper. */
static inline bool bh_overlay_too_deep(const void *fdt)
{
    int depth = 0;

    for (int node = 0; node >= 0 && depth >= 0; node = fdt_next_node(fdt, node, &depth)) {
        if (depth >= BH_OVERLAY_DEPTH) {
            return true;
        }
    }
    return false;
}

#endif
