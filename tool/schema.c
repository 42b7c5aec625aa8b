/* SPDX-License-Identifier: BSD-2-Clause */
#include "schema.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)

/* --- names that are not in the table --------------------------------------------------------- */

/* Number of single-character edits that make `b` of `a`; names of 32 characters or more never. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[33];
    size_t width = strlen(b);

    if (strlen(a) > 32 || width > 32) {
        return UINT32_MAX;
    }
    for (unsigned i = 0; i <= width; i++) {
        row[i] = i;
    }
    for (unsigned y = 1; *a != '\0'; y++, a++) {
        unsigned diagonal = row[0];

        row[0] = y;
        for (size_t x = 1; x <= width; x++) {
            unsigned best = diagonal + (*a != b[x - 1]);

            diagonal = row[x];
            best = row[x] + 1 < best ? row[x] + 1 : best;
            row[x] = row[x - 1] + 1 < best ? row[x - 1] + 1 : best;
        }
    }
    return row[width];
}

static const char *nearest(const char *name, const char *best, const char *candidate)
{
    unsigned edits = distance(name, candidate);

    if (edits > 2 || edits >= strlen(candidate)) {
        return best;
    }
    return best == NULL || edits < distance(name, best) ? candidate : best;
}

static bool unknown_property(struct arena *arena, const struct dts_node *node,
                             const struct schema_node *schema, const char *name)
{
    const char *meant = NULL, *list = "";

    for (const struct schema_property *row = schema->properties; row->name != NULL; row++) {
        meant = nearest(name, meant, row->name);
        list = arena_printf(arena, "%s%s%s", list, list[0] == '\0' ? "" : ", ", row->name);
    }
    if (meant != NULL) {
        return report_property(node, name, "unknown property \"%s\"; did you mean \"%s\"?", name,
                               meant);
    }
    if (list[0] == '\0') {
        return report_property(node, name, "unknown property \"%s\"; this node has none", name);
    }
    return report_property(node, name, "unknown property \"%s\"; %s has: %s", name, schema->what,
                           list);
}

static bool check_names(struct arena *arena, const struct dts_node *node,
                        const struct schema_node *schema)
{
    for (const struct dts_property *at = node->properties; at != NULL; at = at->next) {
        const struct schema_property *row = schema->properties;

        /* dtc adds a phandle to a node that is referred to. */
        if (at->line == 0 && strcmp(at->name, "phandle") == 0) {
            continue;
        }
        while (row->name != NULL && strcmp(row->name, at->name) != 0) {
            row++;
        }
        if (row->name == NULL) {
            return unknown_property(arena, node, schema, at->name);
        }
    }
    return true;
}

bool schema_is_node(const char *name, const char *wanted)
{
    size_t length = strlen(wanted);

    return strncmp(name, wanted, length) == 0 && (name[length] == '\0' || name[length] == '@');
}

static bool check_child(const struct dts_node *child, const struct schema_node *schema)
{
    const char *meant = NULL;

    for (const struct schema_child *row = schema->children; row->meaning != NULL; row++) {
        if (row->name == NULL ||
            (strcmp(child->name, row->name) == 0 && !row->later && !row->addressed)) {
            return true;
        }
        if (row->addressed && schema_is_node(child->name, row->name)) {
            return strchr(child->name, '@') != NULL ||
                   report_node(child, "the node \"%s\" has no address; write %s@ADDRESS", row->name,
                               row->name);
        }
        if (row->later && schema_is_node(child->name, row->name)) {
            return report_node(child, "%s (\"%s\") is not supported yet; remove the node",
                               row->meaning, row->name);
        }
        meant = row->later ? meant : nearest(child->name, meant, row->name);
    }
    if (meant != NULL) {
        return report_node(child, "unknown node \"%s\"; did you mean \"%s\"?", child->name, meant);
    }
    return report_node(child, "unknown node \"%s\" in %s; remove it", child->name, schema->what);
}

static bool check_children(const struct dts_node *node, const struct schema_node *schema)
{
    for (const struct dts_node *child = node->children; child != NULL; child = child->next) {
        if (!check_child(child, schema)) {
            return false;
        }
    }
    for (const struct schema_child *row = schema->children; row->meaning != NULL; row++) {
        if (row->required && dts_child(node, row->name) == NULL) {
            return report_node(node, "node \"%s\" is missing; add %s { ... };", row->name,
                               row->name);
        }
    }
    return true;
}

/* --- values ---------------------------------------------------------------------------------- */

static bool wrong_type(const struct dts_node *node, const struct schema_property *row,
                       const char *wanted)
{
    return report_property(node, row->name, "\"%s\" must be %s; write %s = %s;", row->name, wanted,
                           row->name, row->example);
}

static bool check_number(const struct dts_node *node, const struct schema_property *row,
                         uint64_t number)
{
    if (number < row->min || number > row->max) {
        return report_property(
            node, row->name, "\"%s\" is %" PRIu64 "; choose a number from %" PRIu64 " to %" PRIu64,
            row->name, number, row->min, row->max);
    }
    return true;
}

static bool read_numbers(const struct dts_node *node, const struct schema_property *row,
                         const struct dts_value *value, struct schema_numbers *numbers)
{
    if (value == NULL) {
        return wrong_type(node, row, "numbers");
    }
    for (; value != NULL; value = value->next) {
        if (value->kind != DTS_CELL) {
            return wrong_type(node, row, "numbers");
        }
        if (!check_number(node, row, value->cell)) {
            return false;
        }
        if (numbers->count == SCHEMA_MAX_CELLS) {
            return report_property(node, row->name, "\"%s\" has more than %u numbers; shorten it",
                                   row->name, SCHEMA_MAX_CELLS);
        }
        numbers->number[numbers->count++] = (uint32_t)value->cell;
    }
    return true;
}

/* "512M", "1G". Returns false for anything else and for what does not fit 64 bits. */
static bool parse_size(const char *text, uint64_t *size)
{
    char *end;
    uint64_t unit;

    if (!isdigit((unsigned char)text[0])) {
        return false;
    }
    errno = 0;
    *size = strtoull(text, &end, 10);
    if (strcmp(end, "K") == 0) {
        unit = KIB;
    } else if (strcmp(end, "M") == 0) {
        unit = MIB;
    } else if (strcmp(end, "G") == 0) {
        unit = 1024 * MIB;
    } else {
        return false;
    }
    return errno == 0 && !__builtin_mul_overflow(*size, unit, size);
}

/* "4K", "512M" */
static const char *size_text(struct arena *arena, uint64_t size)
{
    return size % MIB == 0 ? arena_printf(arena, "%" PRIu64 "M", size / MIB)
                           : arena_printf(arena, "%" PRIu64 "K", size / KIB);
}

static bool read_size(struct arena *arena, const struct dts_node *node,
                      const struct schema_property *row, const char *text, uint64_t *size)
{
    if (!parse_size(text, size)) {
        return report_property(node, row->name,
                               "\"%s\" is \"%s\", which is no size; write a whole number with %sM "
                               "or G, such as %s",
                               row->name, text, row->min < MIB ? "K, " : "", row->example);
    }
    if (*size < row->min || *size > row->max) {
        return report_property(node, row->name, "\"%s\" is \"%s\"; choose from \"%s\" to \"%s\"",
                               row->name, text, size_text(arena, row->min),
                               size_text(arena, row->max));
    }
    if (*size % row->min != 0) {
        uint64_t below = *size / row->min * row->min;

        return report_property(node, row->name,
                               "\"%s\" is \"%s\", no multiple of %s; write \"%s\" or \"%s\"",
                               row->name, text, size_text(arena, row->min), size_text(arena, below),
                               size_text(arena, below + row->min));
    }
    return true;
}

static bool read_choice(struct arena *arena, const struct dts_node *node,
                        const struct schema_property *row, const char *text)
{
    const char *list = "";

    for (const char *const *choice = row->choices; *choice != NULL; choice++) {
        const char *between = list[0] == '\0' ? "" : choice[1] == NULL ? " or " : ", ";

        if (strcmp(*choice, text) == 0) {
            return true;
        }
        list = arena_printf(arena, "%s%s\"%s\"", list, between, *choice);
    }
    return report_property(node, row->name, "\"%s\" is \"%s\"; write %s", row->name, text, list);
}

static bool read_text(const struct dts_node *node, const struct schema_property *row,
                      const char *text)
{
    if (row->kind == SCHEMA_FILE && text[0] == '\0') {
        return report_property(node, row->name, "\"%s\" is empty; name a file", row->name);
    }
    if (strlen(text) > row->max) {
        return report_property(node, row->name,
                               "\"%s\" has %zu characters; shorten it to %" PRIu64 " at most",
                               row->name, strlen(text), row->max);
    }
    return true;
}

static bool read_string(struct arena *arena, const struct dts_node *node,
                        const struct schema_property *row, const struct dts_value *value,
                        void *field)
{
    if (value == NULL || value->kind != DTS_STRING || value->next != NULL) {
        return wrong_type(node, row, "one string");
    }
    if (row->kind == SCHEMA_SIZE) {
        return read_size(arena, node, row, value->string, field);
    }
    *(const char **)field = value->string;
    if (row->kind == SCHEMA_CHOICE) {
        return read_choice(arena, node, row, value->string);
    }
    return read_text(node, row, value->string);
}

static bool read_value(struct arena *arena, const struct dts_node *node,
                       const struct schema_property *row, const struct dts_value *value,
                       void *field)
{
    if (row->kind == SCHEMA_NUMBERS) {
        return read_numbers(node, row, value, field);
    }
    if (row->kind == SCHEMA_FLAG) {
        *(bool *)field = true;
        return value == NULL || report_property(node, row->name, "\"%s\" has a value; write %s;",
                                                row->name, row->name);
    }
    if (row->kind != SCHEMA_NUMBER && row->kind != SCHEMA_NODE) {
        return read_string(arena, node, row, value, field);
    }
    if (value == NULL || value->kind != DTS_CELL || value->next != NULL) {
        return wrong_type(node, row, row->kind == SCHEMA_NODE ? "one reference" : "one number");
    }
    *(uint32_t *)field = (uint32_t)value->cell;
    return row->kind == SCHEMA_NODE || check_number(node, row, value->cell);
}

/* Defaults are in the table as they would be written: "<1>" or "\"never\"". */
static void read_initial(struct arena *arena, const struct schema_property *row, void *field)
{
    if (row->initial == NULL) {
        return;
    }
    if (row->kind == SCHEMA_NUMBER) {
        *(uint32_t *)field = (uint32_t)strtoul(row->initial + 1, NULL, 10);
    } else if (row->kind == SCHEMA_NUMBERS) {
        *(struct schema_numbers *)field = (struct schema_numbers){
            .count = 1, .number = {(uint32_t)strtoul(row->initial + 1, NULL, 10)}};
    } else {
        *(const char **)field = arena_text(arena, row->initial + 1, strlen(row->initial) - 2);
    }
}

bool schema_read(struct arena *arena, const struct dts_node *node, const struct schema_node *schema,
                 void *object)
{
    if (!check_names(arena, node, schema) || !check_children(node, schema)) {
        return false;
    }
    for (const struct schema_property *row = schema->properties; row->name != NULL; row++) {
        const struct dts_property *property = dts_property(node, row->name);
        void *field = (char *)object + row->offset;

        if (property != NULL) {
            if (!read_value(arena, node, row, property->values, field)) {
                return false;
            }
        } else if (row->required) {
            return report_node(node, "property \"%s\" is missing; add %s = %s;", row->name,
                               row->name, row->example);
        } else {
            read_initial(arena, row, field);
        }
    }
    return true;
}
