/* SPDX-License-Identifier: BSD-2-Clause */
/* Command lines. */
#ifndef BULKHEAD_TOOL_OPTIONS_H
#define BULKHEAD_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *source; /* the description */
    const char *output; /* -o */
    const char *kernel; /* --kernel, NULL = the bundled one */
    const char *format; /* --format */
    const char *cpu;    /* --cpu */
    uint32_t cpus;      /* --cpus, 0 = not given */
    uint32_t gic;       /* --gic */
    bool text;          /* --text */
    char **extra;       /* what follows "--", NULL at the end */
};

enum option_use {
    OPTION_OUTPUT = 1 << 0,
    OPTION_KERNEL = 1 << 1,
    OPTION_FORMAT = 1 << 2,
    OPTION_CPU = 1 << 3,
    OPTION_CPUS = 1 << 4,
    OPTION_GIC = 1 << 5,
    OPTION_EXTRA = 1 << 6, /* "--" */
    OPTION_TEXT = 1 << 7,
};

/*
 * Reads the arguments of the command `command`, which takes a description and the options in `use`.
 * Returns false after one line.
 */
bool options_read(const char *command, unsigned use, char **argv, struct options *options);

#endif
