/* SPDX-License-Identifier: BSD-2-Clause */
#include "deadline.h"

#define US_PER_S UINT64_C(1000000)

void deadlines_init(struct deadlines *deadlines)
{
    deadlines->count = 0;
    for (unsigned i = 0; i < BH_TIMER_MAX_CLIENTS; i++) {
        deadlines->at[i] = DEADLINE_NONE;
    }
}

static void take_out(struct deadlines *deadlines, unsigned client)
{
    unsigned i = 0;

    while (i < deadlines->count && deadlines->order[i] != client) {
        i++;
    }
    if (i == deadlines->count) {
        return;
    }
    for (deadlines->count--; i < deadlines->count; i++) {
        deadlines->order[i] = deadlines->order[i + 1];
    }
}

bool deadlines_set(struct deadlines *deadlines, uint64_t client, uint64_t at)
{
    unsigned i;

    if (client >= BH_TIMER_MAX_CLIENTS) {
        return false;
    }
    take_out(deadlines, (unsigned)client);
    deadlines->at[client] = at;
    if (at == DEADLINE_NONE) {
        return true;
    }
    for (i = deadlines->count++; i > 0 && deadlines->at[deadlines->order[i - 1]] > at; i--) {
        deadlines->order[i] = deadlines->order[i - 1];
    }
    deadlines->order[i] = (uint8_t)client;
    return true;
}

uint64_t deadlines_next(const struct deadlines *deadlines)
{
    return deadlines->count ? deadlines->at[deadlines->order[0]] : DEADLINE_NONE;
}

int deadlines_pop(struct deadlines *deadlines, uint64_t now)
{
    if (deadlines->count == 0 || deadlines->at[deadlines->order[0]] > now) {
        return -1;
    }
    unsigned client = deadlines->order[0];

    take_out(deadlines, client);
    deadlines->at[client] = DEADLINE_NONE;
    return (int)client;
}

uint64_t deadline_delay_us(uint64_t now, uint64_t at, uint64_t tick_hz)
{
    uint64_t ticks = at > now ? at - now : 0;
    uint64_t us;

    if (ticks / tick_hz >= DEADLINE_MAX_US / US_PER_S) {
        return DEADLINE_MAX_US;
    }
    us = (ticks * US_PER_S + tick_hz - 1) / tick_hz; /* below 3600 s of ticks: no overflow */
    return us < DEADLINE_MIN_US ? DEADLINE_MIN_US : us;
}

uint64_t deadline_budget_us(uint64_t delay_us)
{
    return delay_us - delay_us / 4;
}
