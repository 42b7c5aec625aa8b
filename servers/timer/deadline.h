/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The deadlines of one core's clients, one each, in order. Pure.
 */
#ifndef TIMER_DEADLINE_H
#define TIMER_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include <bulkhead/start.h>

#define DEADLINE_NONE UINT64_MAX

struct deadlines {
    uint64_t at[BH_TIMER_MAX_CLIENTS];   /* counter ticks; DEADLINE_NONE = none */
    uint8_t order[BH_TIMER_MAX_CLIENTS]; /* clients that have one, earliest first */
    unsigned count;
};

void deadlines_init(struct deadlines *deadlines);

/* Set, replace or (DEADLINE_NONE) remove a client's deadline. False if there is no such client. */
bool deadlines_set(struct deadlines *deadlines, uint64_t client, uint64_t at);

/* The earliest one, or DEADLINE_NONE. */
uint64_t deadlines_next(const struct deadlines *deadlines);

/* Take out one client whose deadline is not after now; -1 if there is none. */
int deadlines_pop(struct deadlines *deadlines, uint64_t now);

/*
 * Microseconds from now to at, rounded up, for a period of the kernel's scheduler: at least
 * DEADLINE_MIN_US, at most DEADLINE_MAX_US (then the alarm is early, and has to be set again).
 */
#define DEADLINE_MIN_US 40u
#define DEADLINE_MAX_US UINT64_C(3600000000)
uint64_t deadline_delay_us(uint64_t now, uint64_t at, uint64_t tick_hz);

/*
 * Budget for a period of delay_us: three quarters. The alarm thread gives all of it up at once, but
 * whatever keeps the core from it until then (an emulator's host, above all) counts as used, and
 * the kernel adds a whole period for every budget that was overrun.
 */
uint64_t deadline_budget_us(uint64_t delay_us);

#endif
