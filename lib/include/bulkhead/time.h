/* SPDX-License-Identifier: BSD-2-Clause */
/* The physical counter (Arm ARM D11), readable by native threads in the reference configuration. */
#ifndef BULKHEAD_TIME_H
#define BULKHEAD_TIME_H

#include <stdint.h>

/* CNTPCT_EL0, in ticks; not reordered with what came before. */
static inline uint64_t bh_ticks(void)
{
    uint64_t ticks;

    __asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(ticks)::"memory");
    return ticks;
}

/* The same without a barrier: for statistics, where a few instructions more or less do not count.
 */
static inline uint64_t bh_ticks_early(void)
{
    uint64_t ticks;

    __asm__ volatile("mrs %0, cntpct_el0" : "=r"(ticks));
    return ticks;
}

/* CNTFRQ_EL0: ticks per second. */
static inline uint64_t bh_tick_hz(void)
{
    uint64_t hz;

    __asm__("mrs %0, cntfrq_el0" : "=r"(hz));
    return hz;
}

#endif
