/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Labels of the guest's devicetree, by which overlays can name nodes (&uart0). Besides these, vCPU
 * n is "cpun". The host command checks overlays against them, the VMM writes them.
 */
#ifndef BULKHEAD_LABELS_H
#define BULKHEAD_LABELS_H

#define BH_LABELS                                                                                  \
    {                                                                                              \
        "apb_pclk", "chosen", "cpus", "gic", "psci", "rtc", "timer", "uart0"                       \
    }

#endif
