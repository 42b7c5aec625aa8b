/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>

#include "schema.h"

#define MIB (UINT64_C(1) << 20)

static const char *kind_name(enum schema_kind kind)
{
    switch (kind) {
    case SCHEMA_NUMBER:
        return "number";
    case SCHEMA_NUMBERS:
        return "numbers";
    case SCHEMA_SIZE:
        return "size";
    case SCHEMA_FLAG:
        return "flag";
    case SCHEMA_NODE:
        return "reference";
    case SCHEMA_TEXT:
        return "text";
    case SCHEMA_CHOICE:
        return "choice";
    case SCHEMA_FILE:
        return "file name";
    }
    return "?";
}

static void print_size(FILE *out, const char *before, uint64_t size, const char *after)
{
    bool whole = size % MIB == 0;

    fprintf(out, "%s%" PRIu64 "%s%s", before, whole ? size / MIB : size / 1024, whole ? "M" : "K",
            after);
}

static void print_range(FILE *out, const struct schema_property *row)
{
    switch (row->kind) {
    case SCHEMA_NUMBER:
        fprintf(out, "%" PRIu64 " to %" PRIu64, row->min, row->max);
        break;
    case SCHEMA_NUMBERS:
        if (row->max == UINT32_MAX) {
            fprintf(out, "1 to %u of them", SCHEMA_MAX_CELLS);
        } else {
            fprintf(out, "%" PRIu64 " to %" PRIu64 ", 1 to %u of them", row->min, row->max,
                    SCHEMA_MAX_CELLS);
        }
        break;
    case SCHEMA_SIZE:
        print_size(out, "`\"", row->min, "\"` to ");
        print_size(out, "`\"", row->max, "\"`, multiple of ");
        print_size(out, "", row->min, "");
        break;
    case SCHEMA_FLAG:
    case SCHEMA_NODE:
        break;
    case SCHEMA_TEXT:
    case SCHEMA_FILE:
        fprintf(out, "at most %" PRIu64 " characters", row->max);
        break;
    case SCHEMA_CHOICE:
        for (const char *const *choice = row->choices; *choice != NULL; choice++) {
            fprintf(out, "%s`\"%s\"`", choice == row->choices ? "" : ", ", *choice);
        }
        break;
    }
}

static void print_node(FILE *out, const struct schema_node *schema)
{
    fprintf(out, "### `%s`\n\n", schema->path);
    if (schema->properties->name != NULL) {
        fprintf(out, "| property | type | range | default | meaning |\n|---|---|---|---|---|\n");
    }
    for (const struct schema_property *row = schema->properties; row->name != NULL; row++) {
        fprintf(out, "| `%s` | %s | ", row->name, kind_name(row->kind));
        print_range(out, row);
        if (row->required) {
            fprintf(out, " | required");
        } else if (row->initial == NULL) {
            fprintf(out, " | none");
        } else {
            fprintf(out, " | `%s`", row->initial);
        }
        fprintf(out, " | %s |\n", row->meaning);
    }
    if (schema->properties->name != NULL) {
        fprintf(out, "\n");
    }
    if (schema->children->meaning == NULL) {
        return;
    }
    fprintf(out, "| node | | meaning |\n|---|---|---|\n");
    for (const struct schema_child *row = schema->children; row->meaning != NULL; row++) {
        fprintf(out, "| `%s%s` | %s | %s |\n", row->name == NULL ? "NAME" : row->name,
                row->addressed ? "@ADDRESS" : "",
                row->later      ? "not supported yet"
                : row->required ? "required"
                                : "",
                row->meaning);
    }
    fprintf(out, "\n");
}

void schema_print(FILE *out)
{
    print_node(out, &schema_root);
    print_node(out, &schema_windows);
    print_node(out, &schema_window);
    print_node(out, &schema_vms);
    print_node(out, &schema_vm);
    print_node(out, &schema_bank);
    print_node(out, &schema_share);
}
