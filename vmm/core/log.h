/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log lines of the VMM. What a guest can provoke goes through a limit, so that it can neither flood
 * the console nor hide what others say.
 */
#ifndef VMM_CORE_LOG_H
#define VMM_CORE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lock.h"

/* A token bucket; zero-initialised is ready. May be shared by threads. */
struct log_limit {
    struct lock lock;
    uint64_t window; /* number of the second the tokens belong to, + 1 */
    uint32_t used;
    uint64_t dropped; /* lines not written, in all */
    uint64_t told;    /* of these: told about */
};

#define LOG_LINES_PER_SECOND 8u

/* Write one line ("vmm: " is put before it, a newline behind). */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same within the limit. now and hz: system counter and its frequency. */
void log_limited(struct log_limit *limit, uint64_t now, uint64_t hz, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
