/* SPDX-License-Identifier: BSD-2-Clause */
#include "dts.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 32

struct parser {
    struct arena *arena;
    const char *at;
    const char *file;   /* the file dtc was given */
    const char *folder; /* its folder: dtc names files as seen from there */
};

const struct dts_property *dts_property(const struct dts_node *node, const char *name)
{
    for (const struct dts_property *at = node->properties; at != NULL; at = at->next) {
        if (strcmp(at->name, name) == 0) {
            return at;
        }
    }
    return NULL;
}

const struct dts_node *dts_child(const struct dts_node *node, const char *name)
{
    for (const struct dts_node *at = node->children; at != NULL; at = at->next) {
        if (strcmp(at->name, name) == 0) {
            return at;
        }
    }
    return NULL;
}

static void skip_space(struct parser *p)
{
    while (isspace((unsigned char)*p->at)) {
        p->at++;
    }
}

/* Takes `text` if it comes next. */
static bool take(struct parser *p, const char *text)
{
    size_t length = strlen(text);

    skip_space(p);
    if (strncmp(p->at, text, length) != 0) {
        return false;
    }
    p->at += length;
    return true;
}

/* The characters of node and property names, unit addresses included. */
static bool is_name(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr(",._+?#-@", c) != NULL);
}

/* NULL where no name comes next. */
static char *take_name(struct parser *p)
{
    const char *start;

    skip_space(p);
    start = p->at;
    while (is_name(*p->at)) {
        p->at++;
    }
    return p->at == start ? NULL : arena_text(p->arena, start, (size_t)(p->at - start));
}

/*
 * Skips "label:" before a node, a property, a value or a cell. Labels are C identifiers, so they
 * hold none of the further characters of names.
 */
static void skip_labels(struct parser *p)
{
    for (;;) {
        const char *at;

        skip_space(p);
        at = p->at;
        while (isalnum((unsigned char)*at) || *at == '_') {
            at++;
        }
        if (at == p->at || *at != ':') {
            return;
        }
        p->at = at + 1;
    }
}

/*
 * An annotation names every place that contributed, "FILE:LINE, FILE:LINE"; the first one is where
 * a node was opened.
 */
static void take_place(struct parser *p, const char **file, unsigned *line)
{
    const char *end, *colon;

    *file = p->file;
    *line = 0;
    while (*p->at == ' ') {
        p->at++;
    }
    if (strncmp(p->at, "/* ", 3) != 0 || (end = strstr(p->at, " */")) == NULL) {
        return;
    }
    for (colon = p->at + 3; colon < end; colon++) {
        unsigned long number;
        char *after;

        if (*colon != ':' || !isdigit((unsigned char)colon[1])) {
            continue;
        }
        number = strtoul(colon + 1, &after, 10);
        if (after == end || *after == ',') {
            const char *name = arena_text(p->arena, p->at + 3, (size_t)(colon - p->at - 3));

            *file = path_join(p->arena, p->folder, name);
            *line = (unsigned)number;
            break;
        }
    }
    p->at = end + 3;
}

/* One character behind a backslash. Returns false for a NUL or what dtc never prints. */
static bool take_escape(struct parser *p, char *c)
{
    static const char names[] = "abtnvfr\\\"";
    static const char meanings[] = "\a\b\t\n\v\f\r\\\"";
    const char *name = *p->at == '\0' ? NULL : strchr(names, *p->at);

    if (name != NULL) {
        *c = meanings[name - names];
        p->at++;
        return true;
    }
    if (*p->at == 'x' && isxdigit((unsigned char)p->at[1]) && isxdigit((unsigned char)p->at[2])) {
        char digits[3] = {p->at[1], p->at[2], '\0'};

        *c = (char)strtoul(digits, NULL, 16);
        p->at += 3;
        return *c != '\0';
    }
    return false;
}

static bool take_string(struct parser *p, struct dts_value *value)
{
    const char *end = p->at;
    char *string;
    size_t length = 0;

    while (*end != '"' && *end != '\0') {
        end += *end == '\\' && end[1] != '\0' ? 2 : 1;
    }
    string = arena_alloc(p->arena, (size_t)(end - p->at) + 1);
    while (p->at < end) {
        char c = *p->at++;

        if (c == '\\' && !take_escape(p, &c)) {
            return false;
        }
        string[length++] = c;
    }
    value->kind = DTS_STRING;
    value->string = string;
    return take(p, "\"");
}

static struct dts_value *append(struct parser *p, struct dts_value ***tail, enum dts_kind kind)
{
    struct dts_value *value = arena_alloc(p->arena, sizeof(*value));

    value->kind = kind;
    **tail = value;
    *tail = &value->next;
    return value;
}

static bool take_cells(struct parser *p, struct dts_value ***tail)
{
    while (skip_labels(p), !take(p, ">")) {
        char *end;

        errno = 0;
        append(p, tail, DTS_CELL)->cell = strtoull(p->at, &end, 0);
        if (end == p->at || errno != 0) {
            return false;
        }
        p->at = end;
    }
    return true;
}

static bool take_value(struct parser *p, struct dts_value ***tail)
{
    skip_labels(p);
    if (take(p, "/bits/")) {
        strtoul(p->at, (char **)&p->at, 10);
    }
    if (take(p, "<")) {
        return take_cells(p, tail);
    }
    if (take(p, "\"")) {
        return take_string(p, append(p, tail, DTS_STRING));
    }
    if (take(p, "[")) {
        const char *end = strchr(p->at, ']');

        append(p, tail, DTS_BYTES);
        p->at = end == NULL ? p->at : end + 1;
        return end != NULL;
    }
    return false;
}

static bool take_property(struct parser *p, struct dts_property *property)
{
    struct dts_value **tail = &property->values;

    if (take(p, "=")) {
        do {
            if (!take_value(p, &tail)) {
                return false;
            }
        } while (take(p, ","));
    }
    skip_labels(p);
    if (!take(p, ";")) {
        return false;
    }
    take_place(p, &property->file, &property->line);
    return true;
}

static const char *child_path(struct parser *p, const struct dts_node *parent, const char *name)
{
    const char *between = parent->parent == NULL ? "" : "/";

    return arena_printf(p->arena, "%s%s%s", parent->path, between, name);
}

static bool take_body(struct parser *p, struct dts_node *node, unsigned depth)
{
    struct dts_property **last_property = &node->properties;
    struct dts_node **last_child = &node->children;

    take_place(p, &node->file, &node->line);
    while (skip_labels(p), !take(p, "}")) {
        const char *name = take_name(p);

        if (name == NULL || depth == MAX_DEPTH) {
            return false;
        }
        if (take(p, "{")) {
            struct dts_node *child = arena_alloc(p->arena, sizeof(*child));

            child->name = name;
            child->path = child_path(p, node, name);
            child->parent = node;
            *last_child = child;
            last_child = &child->next;
            if (!take_body(p, child, depth + 1)) {
                return false;
            }
        } else {
            struct dts_property *property = arena_alloc(p->arena, sizeof(*property));

            property->name = name;
            *last_property = property;
            last_property = &property->next;
            if (!take_property(p, property)) {
                return false;
            }
        }
    }
    if (!take(p, ";")) {
        return false;
    }
    const char *file;
    unsigned line;
    take_place(p, &file, &line);
    return true;
}

/* "/memreserve/ START SIZE;" says nothing to us. */
static void skip_reservations(struct parser *p)
{
    while (skip_labels(p), take(p, "/memreserve/")) {
        const char *end = strchr(p->at, ';');

        p->at = end == NULL ? p->at : end + 1;
    }
}

struct dts_node *dts_parse(struct arena *arena, const char *file, const char *text)
{
    struct parser parser = {
        .arena = arena, .at = text, .file = file, .folder = path_folder(arena, file)};
    struct dts_node *root = arena_alloc(arena, sizeof(*root));

    root->name = "/";
    root->path = "/";
    if (!take(&parser, "/dts-v1/;")) {
        return NULL;
    }
    take(&parser, "/plugin/;");
    skip_reservations(&parser);
    if (!take(&parser, "/") || !take(&parser, "{") || !take_body(&parser, root, 0)) {
        return NULL;
    }
    skip_space(&parser);
    return *parser.at == '\0' ? root : NULL;
}
