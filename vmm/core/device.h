/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device: a state struct that begins with struct device, one ops table, its devicetree node, its
 * reset and its dump, in one file. A board creates its devices and puts them on the VM's bus.
 */
#ifndef VMM_CORE_DEVICE_H
#define VMM_CORE_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/symbols.h"

struct device;

/* With the bits of HOST_EVENT_*: a vCPU is about to block, work that was put off is due. */
#define DEVICE_EVENT_IDLE (UINT64_C(1) << 63)

/* What a device's devicetree node may refer to. */
struct fdt_context {
    void *fdt;              /* libfdt sequential-write blob, positioned inside the root node */
    uint32_t clock_phandle; /* fixed 24 MHz clock of the PrimeCells */
    uint32_t spi_base;      /* INTID of interrupt specifier <0 0 ..>, that is 32 */
    char stdout_path[40];   /* set by the first console device: full path */
    uint32_t next_phandle;  /* for fdt_label() */
    unsigned symbols;
    struct fdt_symbol symbol[FDT_MAX_SYMBOLS];
};

struct device_ops {
    const char *name;
    /* Append the device's node. Returns 0 or a libfdt error. */
    int (*fdt_node)(struct device *device, struct fdt_context *context);
    /* Back to power-on state (lines low). */
    void (*reset)(struct device *device);
    /* Events that may concern the device; host events come on thread 0. NULL if none do. */
    void (*event)(struct device *device, uint64_t events);
    /* Write the state as log lines, for the operator. */
    void (*dump)(const struct device *device);
};

struct device {
    const struct device_ops *ops;
};

#endif
