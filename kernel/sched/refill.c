/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Budgets as sporadic servers (Sprunt, Sha, Lehoczky 1989; with the corrections of Stanovich et
 * al. 2010): a list of refills, each an amount of time and the moment from which it may be used.
 * Time is taken from the head; what was taken comes back one period after it was begun. The list
 * is a ring within the object.
 *
 * Kept: the times do not fall, no refill overlaps its successor (time + amount <= next time), the
 * amounts sum up to the budget, the head holds at least the minimum budget.
 *
 * A round-robin context has one refill that is always ready; used up, it is whole again at the tail
 * of the ready queue.
 */
#include "sched.h"

ticks min_budget;

static unsigned ring_next(const struct sched_context *sc, unsigned index)
{
    return index + 1 == sc->refill_max ? 0 : index + 1;
}

static struct refill *tail(struct sched_context *sc)
{
    unsigned index = sc->refill_head + sc->refill_count - 1;
    return &sc->refills[index >= sc->refill_max ? index - sc->refill_max : index];
}

static void pop_head(struct sched_context *sc)
{
    sc->refill_head = (uint16_t)ring_next(sc, sc->refill_head);
    sc->refill_count--;
}

/* Adds a refill that is not earlier than the tail, or makes the tail later if the ring is full. */
static void append(struct sched_context *sc, struct refill refill)
{
    struct refill *last = tail(sc);

    if (last->time + last->amount >= refill.time) {
        last->amount += refill.amount;
        return;
    }
    if (sc->refill_count == sc->refill_max) {
        last->time = refill.time - last->amount;
        last->amount += refill.amount;
        return;
    }
    sc->refill_count++;
    *tail(sc) = refill;
}

/* A head too small to be worth a switch waits for the next refill and is used just before it. */
static void merge_small_head(struct sched_context *sc)
{
    while (refill_head(sc)->amount < min_budget && sc->refill_count > 1) {
        ticks amount = refill_head(sc)->amount;
        pop_head(sc);
        refill_head(sc)->time -= amount;
        refill_head(sc)->amount += amount;
    }
}

void refill_start(struct sched_context *sc, unsigned max, ticks budget, ticks period, ticks now)
{
    sc->period = period;
    sc->budget = budget;
    sc->refill_max = (uint16_t)max;
    sc->refill_head = 0;
    sc->refill_count = 1;
    sc->refills[0] = (struct refill){now, budget};
}

void refill_update(struct sched_context *sc, unsigned max, ticks budget, ticks period, ticks now)
{
    struct refill head = *refill_head(sc);

    if (head.time < now || sc_round_robin(sc))
        head.time = now;
    refill_start(sc, max, budget, period, head.time);
    if (period == 0 || head.amount >= budget)
        return;
    if (head.amount < min_budget) {
        /* Not enough to go on with: all of it later. */
        refill_head(sc)->time += period;
        return;
    }
    refill_head(sc)->amount = head.amount;
    append(sc, (struct refill){head.time + period, budget - head.amount});
}

bool refill_renew(struct sched_context *sc, ticks now)
{
    if (!sc_round_robin(sc) || refill_sufficient(sc, 0))
        return false;
    *refill_head(sc) = (struct refill){now, sc->budget};
    return true;
}

/*
 * Time beyond the whole budget (the machine stood still, or an interrupt came late) is whole
 * periods of all refills, as many as can be counted: the ABI allows budgets of 20 us in periods of
 * 2^51 ticks. Returns what is left to charge.
 */
static ticks charge_periods(struct sched_context *sc, ticks used)
{
    ticks periods = min_word(used / sc->budget, TICKS_MAX / 2 / sc->period);
    unsigned index = sc->refill_head;

    for (unsigned i = 0; i < sc->refill_count; i++) {
        sc->refills[index].time += periods * sc->period;
        index = ring_next(sc, index);
    }
    return used % sc->budget;
}

void refill_charge(struct sched_context *sc, ticks used)
{
    if (sc_round_robin(sc)) {
        refill_head(sc)->amount -= min_word(used, refill_head(sc)->amount);
        return;
    }
    if (unlikely(used > sc->budget))
        used = charge_periods(sc, used);
    /* Heads that are used up come back as a whole. */
    while (used > 0 && used >= refill_head(sc)->amount) {
        struct refill done = *refill_head(sc);
        used -= done.amount;
        done.time += sc->period;
        if (sc->refill_count == 1) {
            *refill_head(sc) = done;
            continue;
        }
        pop_head(sc);
        append(sc, done);
    }
    if (used > 0) {
        struct refill *head = refill_head(sc);
        struct refill part = {head->time + sc->period, used};
        head->time += used;
        head->amount -= used;
        append(sc, part);
    }
    merge_small_head(sc);
}

void refill_unblock(struct sched_context *sc, ticks now)
{
    if (sc_round_robin(sc) || !refill_ready(sc, now))
        return;
    refill_head(sc)->time = now;
    while (sc->refill_count > 1) {
        struct refill *head = refill_head(sc);
        struct refill *next = &sc->refills[ring_next(sc, sc->refill_head)];
        if (next->time > head->time + head->amount)
            break;
        ticks amount = head->amount;
        pop_head(sc);
        next->time = now;
        next->amount += amount;
    }
}

bool refill_ready(struct sched_context *sc, ticks now)
{
    return sc_round_robin(sc) || refill_head(sc)->time <= now;
}

bool refill_sufficient(struct sched_context *sc, ticks used)
{
    ticks amount = refill_head(sc)->amount;
    return amount >= used && amount - used >= min_budget;
}
