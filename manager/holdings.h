/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who has which frames: what the manager has mapped in which address space, by physical address.
 * Pure bookkeeping for the dump that tests check isolation with.
 */
#ifndef MANAGER_HOLDINGS_H
#define MANAGER_HOLDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOLDINGS_MAX 3072u

struct holding {
    uint64_t owner; /* whose page tables map it: it ends with that */
    uint64_t space; /* the address space */
    uint64_t base;  /* physical address */
    uint64_t size;  /* bytes */
    bool writable;
};

struct holdings {
    unsigned count;
    bool incomplete; /* there was no room for all */
    struct holding holding[HOLDINGS_MAX];
};

/* Add one; what continues the one before it is joined with it. */
void holdings_add(struct holdings *holdings, struct holding holding);

/* Forget all of an address space; all that belong to an owner. */
void holdings_drop_space(struct holdings *holdings, uint64_t space);
void holdings_drop_owner(struct holdings *holdings, uint64_t owner);

/*
 * The first range of physical addresses from `from` on that the same spaces have: its base and
 * size, and those spaces' holdings, each space once (a writable one, if there is one) and at most
 * `max`. Returns how many there are; 0 = nobody has anything from there on.
 */
unsigned holdings_next(const struct holdings *holdings, uint64_t from, uint64_t *base,
                       uint64_t *size, const struct holding **who, unsigned max);

#endif
