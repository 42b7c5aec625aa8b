/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often a client may call: on average once in an interval, a few times in a row after a rest
 * (the generic cell rate algorithm, ITU-T I.371). Pure.
 *
 * A call beyond that is not refused but put off, and its caller waits for the answer: a guest that
 * floods the timer is stopped by it and takes nothing from the others on its core.
 */
#ifndef TIMER_LIMIT_H
#define TIMER_LIMIT_H

#include <stdint.h>

#include <bulkhead/schedule.h>
#include <bulkhead/start.h>

struct limit {
    uint64_t interval;                  /* counter ticks */
    uint64_t due[BH_TIMER_MAX_CLIENTS]; /* when the client's next call would be in time */
};

void limit_init(struct limit *limit, uint64_t tick_hz);

/* Count a call of client at now; returns when it may be served: now, or later. Who calls without
 * waiting for that owes nothing for it: the next one to use the number is somebody else. */
uint64_t limit_call(struct limit *limit, unsigned client, uint64_t now);

#endif
