/* SPDX-License-Identifier: BSD-2-Clause */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>

/* One message is one line, whatever bytes a file or a name in it brings along. */
static void print_text(const char *format, va_list args)
{
    char line[2048];

    vsnprintf(line, sizeof(line), format, args);
    print_plain(stderr, line);
}

static void print_line(const char *format, va_list args)
{
    print_text(format, args);
    fputc('\n', stderr);
}

__attribute__((format(printf, 1, 2))) static void print_part(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_text(format, args);
    va_end(args);
}

bool report(const char *format, ...)
{
    va_list args;

    fputs("bulkhead: ", stderr);
    va_start(args, format);
    print_line(format, args);
    va_end(args);
    return false;
}

void progress(const char *format, ...)
{
    va_list args;

    fputs("bulkhead: ", stderr);
    va_start(args, format);
    print_line(format, args);
    va_end(args);
}

static void print_place(const char *file, unsigned line)
{
    if (line == 0) {
        print_part("%s: ", file);
    } else {
        print_part("%s:%u: ", file, line);
    }
}

bool report_file(const char *file, unsigned line, const char *format, ...)
{
    va_list args;

    print_place(file, line);
    va_start(args, format);
    print_line(format, args);
    va_end(args);
    return false;
}

bool report_node(const struct dts_node *node, const char *format, ...)
{
    va_list args;

    print_place(node->file, node->line);
    print_part("%s: ", node->path);
    va_start(args, format);
    print_line(format, args);
    va_end(args);
    return false;
}

bool report_property(const struct dts_node *node, const char *name, const char *format, ...)
{
    const struct dts_property *property = dts_property(node, name);
    va_list args;

    if (property == NULL) {
        print_place(node->file, node->line);
    } else {
        print_place(property->file, property->line);
    }
    print_part("%s: ", node->path);
    va_start(args, format);
    print_line(format, args);
    va_end(args);
    return false;
}
