/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What overlays of the guest's devicetree may be: the labels by which they can name nodes (&uart0);
 * besides these, vCPU n is "cpun". The host command checks overlays against that, the VMM writes
 * the tree.
 */
#ifndef BULKHEAD_LABELS_H
#define BULKHEAD_LABELS_H

#define BH_LABELS                                                                                  \
    {                                                                                              \
        "apb_pclk", "chosen", "cpus", "gic", "psci", "rtc", "timer", "uart0"                       \
    }

#define BH_OVERLAY_MAX 0x8000u /* bytes, compiled */

#endif
