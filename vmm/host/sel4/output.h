/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a VM writes to its console: the guest's bytes, and whole lines of the VMM between them. One
 * user at a time.
 */
#ifndef VMM_HOST_SEL4_OUTPUT_H
#define VMM_HOST_SEL4_OUTPUT_H

#include <bulkhead/ring.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTPUT_LINE_MAX 160u /* bytes of a line; what is longer is cut */

/* Zero-initialised: not attached, everything is taken and goes nowhere. */
struct output {
    struct bh_pipe_writer writer;
    bool middle_of_line;
    bool wake_due;       /* the server sleeps and does not know yet of what was written */
    uint64_t lines_lost; /* lines of the VMM that found no room and were not told of yet */
};

void output_attach(struct output *output, struct bh_pipe *pipe);

/* Write the guest's bytes; returns how many were taken. Fewer than size: the server signals when
 * there is room again. */
size_t output_write(struct output *output, const void *bytes, size_t size);

/* Write "vmm: ", the line and a newline: all of it, or nothing when the pipe has no room. What was
 * left out is told of before the next line. */
void output_line(struct output *output, const char *line, size_t size);

#endif
