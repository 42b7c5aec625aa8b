/* SPDX-License-Identifier: BSD-2-Clause */
#include "budget.h"

void budget_init(struct budget *budget, struct ut_pool *pool)
{
    *budget = (struct budget){.pool = pool};
}

struct ut_block *budget_block(struct budget *budget, enum ut_kind kind, unsigned bits)
{
    if (budget->blocks == BUDGET_MAX_BLOCKS) {
        return NULL;
    }
    struct ut_block *block = ut_alloc(budget->pool, kind, bits);

    if (block) {
        budget->block[budget->blocks++] = block;
        budget->taken += UINT64_C(1) << bits;
    }
    return block;
}

struct ut_block *budget_room(struct budget *budget, unsigned bits)
{
    bool small = bits < BUDGET_PAGE_BITS;
    struct budget_chunk *chunk = small ? &budget->small : &budget->pages;
    unsigned chunk_bits = small ? BUDGET_SMALL_BITS : BUDGET_CHUNK_BITS;
    uint64_t size = UINT64_C(1) << bits;
    uint64_t start = (chunk->used + size - 1) & ~(size - 1);

    if (bits > chunk_bits) {
        struct ut_block *block = budget_block(budget, UT_RAM, bits);

        budget->objects += block ? size : 0;
        return block;
    }
    if (!chunk->block || start + size > (UINT64_C(1) << chunk_bits)) {
        struct ut_block *block = budget_block(budget, UT_RAM, chunk_bits);

        if (!block) {
            return NULL;
        }
        chunk->block = block;
        start = 0;
    }
    chunk->used = start + size;
    budget->objects += size;
    return chunk->block;
}

void budget_release(struct budget *budget)
{
    /* Last taken first: a block's objects may be capability slots that hold others' objects. */
    while (budget->blocks > 0) {
        ut_free(budget->pool, budget->block[--budget->blocks]);
    }
    budget_init(budget, budget->pool);
}
