/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts about the board, taken from the devicetree that the loader hands over. */
#ifndef KEEL_AARCH64_PLATFORM_H
#define KEEL_AARCH64_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

#define PLATFORM_MAX_RAM     8
#define PLATFORM_GIC_REGIONS 4

struct mem_region {
    uint64_t base;
    uint64_t size; /* bytes; 0: not there */
};

struct platform {
    struct mem_region ram[PLATFORM_MAX_RAM]; /* in no order */
    unsigned num_ram;
    unsigned num_cpus; /* that there can be */
    uint64_t mpidr[MAX_CPUS];
    bool psci_smc;        /* PSCI is there, by SMC */
    unsigned gic_version; /* 2, 3, or 0: none found */
    /* GICv2: GICD, GICC, GICH, GICV. GICv3: GICD, redistributors. */
    struct mem_region gic[PLATFORM_GIC_REGIONS];
    struct mem_region uart; /* PL011 */
};

/* Reads the facts out of a blob; false if it is unusable or has no RAM or no GIC. */
bool platform_from_fdt(struct platform *platform, const void *blob, size_t size);

/* QEMU's virt board with 2 GiB and GICv2, for loaders that pass no devicetree. */
void platform_default(struct platform *platform);

#endif
