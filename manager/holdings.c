/* SPDX-License-Identifier: BSD-2-Clause */
#include "holdings.h"

static bool continues(const struct holding *last, const struct holding *next)
{
    return last->owner == next->owner && last->space == next->space &&
           last->writable == next->writable && last->base + last->size == next->base;
}

void holdings_add(struct holdings *holdings, struct holding holding)
{
    /* RAM is mapped in a guest and its VMM by turns. */
    for (unsigned back = 1; back <= 2 && back <= holdings->count; back++) {
        struct holding *last = &holdings->holding[holdings->count - back];

        if (continues(last, &holding)) {
            last->size += holding.size;
            return;
        }
    }
    if (holdings->count == HOLDINGS_MAX) {
        holdings->incomplete = true;
        return;
    }
    holdings->holding[holdings->count++] = holding;
}

static void keep(struct holdings *holdings, unsigned *kept, const struct holding *holding)
{
    holdings->holding[(*kept)++] = *holding;
}

void holdings_drop_space(struct holdings *holdings, uint64_t space)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < holdings->count; i++) {
        if (holdings->holding[i].space != space) {
            keep(holdings, &kept, &holdings->holding[i]);
        }
    }
    holdings->count = kept;
}

void holdings_drop_owner(struct holdings *holdings, uint64_t owner)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < holdings->count; i++) {
        if (holdings->holding[i].owner != owner) {
            keep(holdings, &kept, &holdings->holding[i]);
        }
    }
    holdings->count = kept;
}

/* The lowest address from `from` on that somebody has; UINT64_MAX = none. */
static uint64_t first_held(const struct holdings *holdings, uint64_t from)
{
    uint64_t first = UINT64_MAX;

    for (unsigned i = 0; i < holdings->count; i++) {
        const struct holding *at = &holdings->holding[i];
        uint64_t held = at->base > from ? at->base : from;

        if (held < at->base + at->size && held < first) {
            first = held;
        }
    }
    return first;
}

/* The lowest address above `from` where a holding begins or ends. */
static uint64_t next_edge(const struct holdings *holdings, uint64_t from)
{
    uint64_t edge = UINT64_MAX;

    for (unsigned i = 0; i < holdings->count; i++) {
        const struct holding *at = &holdings->holding[i];
        uint64_t end = at->base + at->size;

        edge = at->base > from && at->base < edge ? at->base : edge;
        edge = end > from && end < edge ? end : edge;
    }
    return edge;
}

/* Put a holding among those found; true if its space is a new one and there is room. */
static bool found(const struct holding *holding, const struct holding **who, unsigned count,
                  unsigned max)
{
    for (unsigned i = 0; i < count; i++) {
        if (who[i]->space == holding->space) {
            who[i] = holding->writable ? holding : who[i];
            return false;
        }
    }
    if (count < max) {
        who[count] = holding;
    }
    return count < max;
}

static unsigned holders(const struct holdings *holdings, uint64_t address,
                        const struct holding **who, unsigned max)
{
    unsigned count = 0;

    for (unsigned i = 0; i < holdings->count; i++) {
        const struct holding *at = &holdings->holding[i];

        if (address >= at->base && address - at->base < at->size) {
            count += found(at, who, count, max);
        }
    }
    return count;
}

static bool same(const struct holding **a, const struct holding **b, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (a[i]->space != b[i]->space || a[i]->writable != b[i]->writable) {
            return false;
        }
    }
    return true;
}

unsigned holdings_next(const struct holdings *holdings, uint64_t from, uint64_t *base,
                       uint64_t *size, const struct holding **who, unsigned max)
{
    enum { MOST = 32 };
    const struct holding *next[MOST];
    uint64_t end;
    unsigned count;

    max = max > MOST ? MOST : max;
    *base = first_held(holdings, from);
    if (*base == UINT64_MAX) {
        return 0;
    }
    count = holders(holdings, *base, who, max);
    for (end = next_edge(holdings, *base); end != UINT64_MAX; end = next_edge(holdings, end)) {
        if (holders(holdings, end, next, max) != count || !same(who, next, count)) {
            break;
        }
    }
    *size = end - *base;
    return count;
}
