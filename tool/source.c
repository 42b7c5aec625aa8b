/* SPDX-License-Identifier: BSD-2-Clause */
#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process.h"
#include "report.h"

/* What dtc says, or a part of it, and how the mistake is mended. */
static const struct {
    const char *text;
    const char *mend;
} mends[] = {
    {"syntax error", "look for a missing ';', '}', '>' or quote here or on the line before"},
    {"Duplicate property name", "keep one of them"},
    {"Duplicate node name", "give each node a name of its own"},
    {"Duplicate label", "give each node a label of its own"},
    {"Reference to non-existent node", "define that label or correct its spelling"},
    {"Label or path", "define that label or correct its spelling"},
    {"Value out of range", "a cell holds 32 bits: write a smaller number"},
    {"Division by zero", "correct the expression"},
    {"bad character", "node and property names are letters, digits and ,._+?#-"},
};

static const char *mend_of(const char *text)
{
    for (size_t i = 0; i < sizeof(mends) / sizeof(mends[0]); i++) {
        if (strstr(text, mends[i].text) != NULL) {
            return mends[i].mend;
        }
    }
    return "correct it there";
}

/* The number of the first line of `text` that has `wanted` in it, 0 if there is none. */
static unsigned line_with(const char *text, const char *wanted)
{
    const char *found = strstr(text, wanted);
    unsigned line = 1;

    if (found == NULL) {
        return 0;
    }
    for (; text < found; text++) {
        line += *text == '\n';
    }
    return line;
}

static const char *line_start(const char *text, unsigned line)
{
    while (line > 1 && *text != '\0') {
        line -= *text++ == '\n';
    }
    return text + strspn(text, " \t");
}

/* A syntax error whose cause is plain to see. Returns NULL if it is not. */
static const char *usual_mistake(const char *source, unsigned line)
{
    static const char *const directives[] = {"#include", "#define", "#if", "#ifdef", "#undef"};
    const char *at = line_start(source, line);

    for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++) {
        if (strncmp(at, directives[i], strlen(directives[i])) == 0) {
            return "the C preprocessor is not run; use /include/ \"FILE\"";
        }
    }
    if (line_with(source, "/dts-v1/") == 0) {
        return "no devicetree source; begin the file with /dts-v1/;";
    }
    return NULL;
}

/*
 * "Error: FILE:LINE.COLUMN-COLUMN MESSAGE" and "FILE:LINE.COLUMN: ERROR (CHECK): MESSAGE": splits
 * off file and line. Returns the message, or NULL for any other line.
 */
static const char *split_place(struct arena *arena, const char *text, const char **file,
                               unsigned *line)
{
    const char *message;

    if (strncmp(text, "Error: ", 7) == 0) {
        text += 7;
    }
    for (const char *colon = strchr(text, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
        char *after;

        *line = (unsigned)strtoul(colon + 1, &after, 10);
        if (after == colon + 1 || *after != '.') {
            continue;
        }
        *file = arena_text(arena, text, (size_t)(colon - text));
        message = after + strcspn(after, " ");
        if (strncmp(message, " ERROR (", 8) == 0) {
            const char *end = strstr(message, "): ");

            message = end == NULL ? message : end + 2;
        }
        return message[0] == ' ' ? message + 1 : NULL;
    }
    return NULL;
}

static bool report_cannot_open(const char *file, const char *source, const char *quoted)
{
    const char *end = strchr(quoted + 1, '"');
    char name[256];

    snprintf(name, sizeof(name), "%.*s", end == NULL ? 0 : (int)(end + 1 - quoted), quoted);
    return report_file(file, line_with(source, name),
                       "the included file %s cannot be opened; correct its name, which is relative "
                       "to this file's folder",
                       name);
}

/* Makes one line of all that dtc had to say: its first complaint. */
static bool report_dtc(struct arena *arena, const char *file, const char *source,
                       const char *errors)
{
    static const char cannot_open[] = "FATAL ERROR: Couldn't open ";

    while (*errors != '\0') {
        size_t length = strcspn(errors, "\n");
        const char *text = arena_text(arena, errors, length);
        const char *where = file, *mistake = NULL;
        unsigned line = 0;
        const char *message = split_place(arena, text, &where, &line);

        errors += errors[length] == '\n' ? length + 1 : length;
        if (strncmp(text, cannot_open, strlen(cannot_open)) == 0) {
            return report_cannot_open(file, source, text + strlen(cannot_open));
        }
        if (message == NULL) {
            continue;
        }
        if (strstr(message, "syntax error") != NULL && strcmp(where, file) == 0) {
            mistake = usual_mistake(source, line);
        }
        if (mistake != NULL) {
            return report_file(where, line == 0 ? 1 : line, "%s", mistake);
        }
        return report_file(where, line, "%s; %s", message, mend_of(message));
    }
    return report_file(file, 0, "dtc refuses it without a reason; run dtc on it by hand");
}

/* The folder that includes are relative to is the including file's, which is dtc's own rule. */
static bool run_dtc(struct arena *arena, const char *const argv[], const char *file,
                    struct bytes *output)
{
    struct process_result result;
    struct bytes source;
    int error = file_read(arena, file, &source);

    if (error != 0) {
        return report_file(file, 0, "cannot be read: %s; check the name", strerror(error));
    }
    if (source.size == 0) {
        return report_file(file, 0, "the file is empty; begin it with /dts-v1/;");
    }
    if (memchr(source.data, '\0', source.size) != NULL) {
        return report_file(file, 0, "this is a binary file; give devicetree source (.dts)");
    }
    error = process_run(arena, argv, false, &result);
    if (error != 0) {
        return report("cannot run dtc: %s", strerror(error));
    }
    if (result.status == PROCESS_NOT_FOUND) {
        return report("dtc is not installed; apt-get install device-tree-compiler");
    }
    if (result.status != 0) {
        return report_dtc(arena, file, (const char *)source.data, (const char *)result.errors.data);
    }
    *output = result.output;
    return true;
}

/* dtc reads a name that begins with '-' as an option. */
static const char *dtc_name(struct arena *arena, const char *file)
{
    return file[0] == '-' ? arena_printf(arena, "./%s", file) : file;
}

struct dts_node *source_load(struct arena *arena, const char *file)
{
    const char *name = dtc_name(arena, file);
    const char *const argv[] = {"dtc", "-I", "dts", "-O", "dts", "-T", "-q", name, NULL};
    struct dts_node *root;
    struct bytes text = {0};

    if (!run_dtc(arena, argv, name, &text)) {
        return NULL;
    }
    root = dts_parse(arena, name, (const char *)text.data);
    if (root == NULL) {
        report_file(name, 0,
                    "nodes are nested more than 32 deep, or dtc's output is not understood; nest "
                    "them less, or install dtc 1.6 or later");
    }
    return root;
}

bool source_compile(struct arena *arena, const char *file, struct bytes *blob)
{
    const char *name = dtc_name(arena, file);
    const char *const argv[] = {"dtc", "-I", "dts", "-O", "dtb", "-q", name, NULL};

    return run_dtc(arena, argv, name, blob);
}
