/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A memory budget: the untyped blocks that one domain is built from. Everything of the domain is
 * retyped from them, so giving the budget back (one revoke per block) leaves nothing behind. Pure
 * bookkeeping on top of the untyped pool.
 */
#ifndef MANAGER_BUDGET_H
#define MANAGER_BUDGET_H

#include "untyped.h"

#define BUDGET_MAX_BLOCKS 128u
#define BUDGET_PAGE_BITS  12u
#define BUDGET_SMALL_BITS 13u /* blocks for objects below a page */
#define BUDGET_CHUNK_BITS 16u /* blocks for pages */

struct budget_chunk {
    struct ut_block *block;
    uint64_t used; /* bytes, as the kernel counts: objects lie one behind the other, aligned */
};

struct budget {
    struct ut_pool *pool;
    struct ut_block *block[BUDGET_MAX_BLOCKS];
    unsigned blocks;
    struct budget_chunk small;
    struct budget_chunk pages;
    uint64_t taken;   /* bytes of all blocks */
    uint64_t objects; /* bytes of the objects made with budget_room() */
};

void budget_init(struct budget *budget, struct ut_pool *pool);

/*
 * Find the block from which an object of 2^bits bytes (4 or more) has to be retyped now; the room
 * is counted as used. NULL if there is no memory.
 */
struct ut_block *budget_room(struct budget *budget, unsigned bits);

/* Take a whole block of 2^bits bytes for the caller's use; NULL if there is none. */
struct ut_block *budget_block(struct budget *budget, enum ut_kind kind, unsigned bits);

/* Give back everything. The budget is empty and usable afterwards. */
void budget_release(struct budget *budget);

#endif
