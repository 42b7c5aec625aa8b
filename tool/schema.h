/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The language of system descriptions as tables: one row per property and node. The same rows
 * check a description, fill in its defaults and print the reference in docs/description.md.
 */
#ifndef BULKHEAD_TOOL_SCHEMA_H
#define BULKHEAD_TOOL_SCHEMA_H

#include <stdio.h>

#include "dts.h"

#define SCHEMA_MAX_CELLS 8u

/* What a property holds, and the C type it is read into. */
enum schema_kind {
    SCHEMA_NUMBER,  /* one cell: uint32_t */
    SCHEMA_NUMBERS, /* cells: struct schema_numbers */
    SCHEMA_SIZE,    /* string such as "512M": uint64_t, bytes */
    SCHEMA_FLAG,    /* nothing, it is there or not: bool */
    SCHEMA_NODE,    /* reference to a node, <&label>: uint32_t, its phandle */
    SCHEMA_TEXT,    /* string: const char * */
    SCHEMA_CHOICE,  /* string, one of several: const char * */
    SCHEMA_FILE,    /* string, a file's name: const char * */
};

struct schema_numbers {
    uint32_t count;
    uint32_t number[SCHEMA_MAX_CELLS];
};

struct schema_property {
    const char *name;
    enum schema_kind kind;
    bool required;
    size_t offset; /* of the field in the object that is read into */
    uint64_t min;  /* numbers: value; sizes: bytes, also the unit of growth */
    uint64_t max;  /* numbers: value; sizes: bytes; text and file: characters */
    const char *const *choices;
    const char *initial; /* value where the property is left out, as it would be written; or NULL */
    const char *example; /* as it would be written */
    const char *meaning;
};

struct schema_child {
    const char *name; /* without unit address; NULL: any name */
    bool required;
    bool addressed; /* the name has a unit address: NAME@ADDRESS, any number of them */
    bool later;     /* belongs to the design, but is not there yet */
    const char *meaning;
};

struct schema_node {
    const char *path;                         /* for people, such as "/vms/NAME" */
    const char *what;                         /* "a VM" */
    const struct schema_property *properties; /* ends with a row without name */
    const struct schema_child *children;      /* ends with a row without meaning */
};

extern const struct schema_node schema_root, schema_windows, schema_window, schema_vms, schema_vm,
    schema_bank, schema_share;

/*
 * Checks `node` against `schema`, its properties' values included, and reads them into `object`,
 * filling in defaults. Children are checked by name only. Returns false after one line.
 */
bool schema_read(struct arena *arena, const struct dts_node *node, const struct schema_node *schema,
                 void *object);

/* `name` without unit address is `wanted`. */
bool schema_is_node(const char *name, const char *wanted);

/* Prints the tables as Markdown. */
void schema_print(FILE *out);

#endif
