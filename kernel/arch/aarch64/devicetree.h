/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reader for flattened devicetrees (Devicetree Specification v0.4, chapter 5). The blob comes from
 * outside and is not trusted: every access is bounded by the size the loader gave.
 */
#ifndef KEEL_AARCH64_DEVICETREE_H
#define KEEL_AARCH64_DEVICETREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct devicetree {
    const uint8_t *structs;
    uint32_t structs_size;
    const uint8_t *strings;
    uint32_t strings_size;
};

enum devicetree_event_type { DT_NODE, DT_PROPERTY, DT_NODE_END, DT_FINISHED, DT_BROKEN };

struct devicetree_event {
    enum devicetree_event_type type;
    const char *name;    /* node or property name, NUL-terminated */
    const uint8_t *data; /* property value, big-endian */
    uint32_t len;        /* bytes of data */
};

/* Checks the header of a blob of size bytes. False if it is no usable devicetree. */
bool devicetree_open(struct devicetree *fdt, const void *blob, size_t size);

/* Reads the element at *offset (0 at first) of the structure block and moves *offset past it. */
struct devicetree_event devicetree_next(const struct devicetree *fdt, uint32_t *offset);

/* Big-endian number of 1 or 2 cells at cell index i of a property; false if not there. */
bool devicetree_cells(const struct devicetree_event *prop, uint32_t i, uint32_t cells,
                      uint64_t *value);

/* Whether a NUL-separated string list holds the string. */
bool devicetree_has_string(const struct devicetree_event *prop, const char *string);

#endif
