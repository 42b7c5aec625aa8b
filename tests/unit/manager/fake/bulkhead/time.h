/* SPDX-License-Identifier: BSD-2-Clause */
/* Time as a test has it pass. */
#ifndef BULKHEAD_TIME_H
#define BULKHEAD_TIME_H

#include <stdint.h>

extern uint64_t fake_ticks;

static inline uint64_t bh_ticks(void)
{
    return fake_ticks;
}

static inline uint64_t bh_tick_hz(void)
{
    return 1000000;
}

#endif
