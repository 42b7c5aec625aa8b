/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels of the guest's devicetree (<bulkhead/labels.h>), for overlays. */
#ifndef VMM_CORE_SYMBOLS_H
#define VMM_CORE_SYMBOLS_H

#include <stdint.h>

#define FDT_MAX_SYMBOLS 40u

struct fdt_context;

struct fdt_symbol {
    char label[12];
    char path[28];
};

/* The node at `path` is called `label`; it has a phandle. Returns 0 or a libfdt error, also where
 * either is too long. */
int fdt_symbol(struct fdt_context *context, const char *label, const char *path);

/* The same for the node that is being written, which gets a new phandle. */
int fdt_label(struct fdt_context *context, const char *label, const char *path);

/* Write all of them into the node that overlays are resolved with. */
int fdt_symbols_node(const struct fdt_context *context);

#endif
