/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A devicetree source file as a tree with typed values and source lines.
 *
 * dtc does the reading: it is asked for source with annotations (`-O dts -T`), which keeps what a
 * compiled blob loses, namely whether a value was written as a string, as cells or as bytes, and
 * on which line. That output is a small regular language, parsed here.
 */
#ifndef BULKHEAD_TOOL_DTS_H
#define BULKHEAD_TOOL_DTS_H

#include "util.h"

enum dts_kind {
    DTS_CELL,   /* one number between < and > */
    DTS_STRING, /* one quoted string */
    DTS_BYTES,  /* everything between [ and ] */
};

struct dts_value {
    enum dts_kind kind;
    uint64_t cell;      /* DTS_CELL */
    const char *string; /* DTS_STRING; no NUL inside */
    struct dts_value *next;
};

struct dts_property {
    const char *name;
    const char *file; /* as the user would name it */
    unsigned line;    /* 0 = unknown, as for a phandle that dtc added */
    struct dts_value *values;
    struct dts_property *next;
};

struct dts_node {
    const char *name; /* with unit address; "/" for the root */
    const char *path;
    const char *file;
    unsigned line;
    struct dts_node *parent;
    struct dts_property *properties;
    struct dts_node *children;
    struct dts_node *next;
};

/* The property `name` of `node`, or NULL. */
const struct dts_property *dts_property(const struct dts_node *node, const char *name);

/* The child `name` of `node`, or NULL. */
const struct dts_node *dts_child(const struct dts_node *node, const char *name);

/*
 * The tree in `text`, which dtc printed for the source file `file`; NULL if `text` is not what dtc
 * prints, or nodes are nested more than 32 deep.
 */
struct dts_node *dts_parse(struct arena *arena, const char *file, const char *text);

#endif
