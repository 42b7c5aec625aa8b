/* SPDX-License-Identifier: BSD-2-Clause */
#include "limit.h"

void limit_init(struct limit *limit, uint64_t tick_hz)
{
    *limit = (struct limit){.interval = tick_hz * BH_TIMER_CALL_US / 1000000};
}

uint64_t limit_call(struct limit *limit, unsigned client, uint64_t now)
{
    uint64_t *due = &limit->due[client];
    uint64_t ahead = limit->interval * (BH_TIMER_BURST - 1);
    uint64_t most = now + ahead + limit->interval;
    uint64_t served;

    if (*due < now) {
        *due = now;
    }
    if (*due > most) {
        *due = most;
    }
    served = *due - now > ahead ? *due - ahead : now;
    *due += limit->interval;
    return served;
}
