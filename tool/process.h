/* SPDX-License-Identifier: BSD-2-Clause */
/* Other programs: dtc, gzip, the guests' fetch script. */
#ifndef BULKHEAD_TOOL_PROCESS_H
#define BULKHEAD_TOOL_PROCESS_H

#include "util.h"

#define PROCESS_NOT_FOUND  127
#define PROCESS_OUTPUT_MAX ((size_t)256 << 20) /* bytes of one stream */

struct process_result {
    int status;          /* exit status; PROCESS_NOT_FOUND: no such program; 128 + n: signal n */
    struct bytes output; /* what it wrote on standard output, NUL terminated */
    struct bytes errors; /* what it wrote on standard error and was not relayed, NUL terminated */
};

/*
 * Runs argv[0], found in PATH, with an empty standard input and waits for it. With `relay`, lines
 * on its standard error are passed on as they come, except for the last one before it ends, which
 * is kept for the caller's message. Returns 0, or an errno value if no process could be made; EFBIG
 * if it wrote more than PROCESS_OUTPUT_MAX, which ends it.
 */
int process_run(struct arena *arena, const char *const argv[], bool relay,
                struct process_result *result);

#endif
