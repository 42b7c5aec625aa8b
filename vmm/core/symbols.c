/* SPDX-License-Identifier: BSD-2-Clause */
/* dtc's overlay format: /__symbols__ has a property per label, whose value is the node's path. A
 * reference to a label becomes the node's phandle, so each such node has one. */
#include "core/symbols.h"

#include <libfdt.h>
#include <stdio.h>

#include "core/device.h"

int fdt_symbol(struct fdt_context *context, const char *label, const char *path)
{
    if (context->symbols == FDT_MAX_SYMBOLS) {
        return -FDT_ERR_NOSPACE;
    }
    struct fdt_symbol *symbol = &context->symbol[context->symbols++];
    int label_length = snprintf(symbol->label, sizeof(symbol->label), "%s", label);
    int path_length = snprintf(symbol->path, sizeof(symbol->path), "%s", path);
    return label_length < (int)sizeof(symbol->label) && path_length < (int)sizeof(symbol->path)
               ? 0
               : -FDT_ERR_NOSPACE;
}

int fdt_label(struct fdt_context *context, const char *label, const char *path)
{
    int error = fdt_symbol(context, label, path);
    return error ? error : fdt_property_u32(context->fdt, "phandle", context->next_phandle++);
}

int fdt_symbols_node(const struct fdt_context *context)
{
    int error = fdt_begin_node(context->fdt, "__symbols__");
    for (unsigned i = 0; i < context->symbols && error == 0; i++) {
        error =
            fdt_property_string(context->fdt, context->symbol[i].label, context->symbol[i].path);
    }
    return error ? error : fdt_end_node(context->fdt);
}
