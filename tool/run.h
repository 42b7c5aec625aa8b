/* SPDX-License-Identifier: BSD-2-Clause */
/* Running a system under QEMU. */
#ifndef BULKHEAD_TOOL_RUN_H
#define BULKHEAD_TOOL_RUN_H

#include "board.h"
#include "util.h"

struct run_options {
    uint32_t gic;    /* 2 or 3 */
    uint32_t cpus;   /* cores of the machine */
    const char *cpu; /* QEMU's -cpu */
    char **extra;    /* further arguments for QEMU, NULL at the end */
};

/*
 * Replaces this program by QEMU, which boots `image` on `board` with this terminal as its serial
 * line. Returns the exit status where that fails, after one line.
 */
int run_qemu(struct arena *arena, const struct board *board, const char *image,
             const struct run_options *options);

#endif
