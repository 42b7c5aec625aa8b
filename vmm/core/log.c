/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "core/host.h"

#define LINE_MAX_BYTES 160

static void write_line(const char *format, va_list args)
{
    char line[LINE_MAX_BYTES];
    int length = vsnprintf(line, sizeof(line), format, args);
    if (length < 0) {
        return;
    }
    size_t size = (size_t)length < sizeof(line) ? (size_t)length : sizeof(line) - 1;
    host_log(line, size);
}

void log_line(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_line(format, args);
    va_end(args);
}

/* True if a line may be written in this second; then *untold is how many were not since the last
 * one. */
static bool take_token(struct log_limit *limit, uint64_t now, uint64_t hz, uint64_t *untold)
{
    uint64_t window = (hz == 0 ? 0 : now / hz) + 1;
    lock_take(&limit->lock);
    if (limit->window != window) {
        limit->window = window;
        limit->used = 0;
    }
    bool allowed = limit->used < LOG_LINES_PER_SECOND;
    if (allowed) {
        limit->used++;
        *untold = limit->dropped - limit->told;
        limit->told = limit->dropped;
    } else {
        limit->dropped++;
    }
    lock_release(&limit->lock);
    return allowed;
}

void log_limited(struct log_limit *limit, uint64_t now, uint64_t hz, const char *format, ...)
{
    uint64_t untold;
    if (!take_token(limit, now, hz, &untold)) {
        return;
    }
    if (untold != 0) {
        log_line("(%llu lines not shown)", (unsigned long long)untold);
    }
    va_list args;
    va_start(args, format);
    write_line(format, args);
    va_end(args);
}
