/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a VMM has counted, as text. Pure. The page may hold anything: it is read once, word by word,
 * and nothing in it is more than a number to be printed.
 */
#ifndef MANAGER_STATS_H
#define MANAGER_STATS_H

#include <stdbool.h>

#include <bulkhead/stats.h>

/* Longest line that stats_print() makes, without its end. */
#define STATS_LINE_MAX 96u

typedef void stats_line_fn(void *context, const char *line);

/* Copy the counters of a vCPU (below BH_STATS_VCPUS). False if the VMM has not begun to count. */
bool stats_read(const struct bh_stats *page, unsigned vcpu, struct bh_stats_vcpu *counts);

/* Print counters that are not 0, in lines of at most STATS_LINE_MAX characters. tick_hz: ticks of
 * the system counter per second, not 0. */
void stats_print(const struct bh_stats_vcpu *counts, uint64_t tick_hz, stats_line_fn *line,
                 void *context);

#endif
