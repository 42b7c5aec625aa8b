/* SPDX-License-Identifier: BSD-2-Clause */
#include "untyped.h"

void ut_pool_init(struct ut_pool *pool, const struct ut_ops *ops, void *context)
{
    *pool = (struct ut_pool){.ops = ops, .context = context};
}

static struct ut_block *new_block(struct ut_pool *pool)
{
    for (size_t i = 0; i < pool->reach; i++) {
        if (pool->block[i].state == UT_ABSENT) {
            return &pool->block[i];
        }
    }
    return pool->reach < UT_MAX_BLOCKS ? &pool->block[pool->reach++] : NULL;
}

bool ut_pool_add(struct ut_pool *pool, uint64_t slot, uint64_t paddr, unsigned bits,
                 enum ut_kind kind)
{
    struct ut_block *block = new_block(pool);

    if (!block) {
        return false;
    }
    *block = (struct ut_block){
        .paddr = paddr, .slot = slot, .bits = bits, .kind = kind, .state = UT_FREE};
    return true;
}

/* Split a free block in two free halves. */
static bool split(struct ut_pool *pool, struct ut_block *block)
{
    struct ut_block *low = new_block(pool);

    if (!low) {
        return false;
    }
    low->state = UT_FREE; /* so that the next search finds another one */
    struct ut_block *high = new_block(pool);

    if (!high) {
        low->state = UT_ABSENT;
        return false;
    }
    *low = (struct ut_block){.paddr = block->paddr,
                             .parent = block,
                             .bits = block->bits - 1,
                             .kind = block->kind,
                             .state = UT_FREE};
    *high = *low;
    high->paddr += UINT64_C(1) << low->bits;
    if (!pool->ops->split(pool->context, block, low, high)) {
        low->state = UT_ABSENT;
        high->state = UT_ABSENT;
        return false;
    }
    block->low = low;
    block->high = high;
    block->state = UT_SPLIT;
    return true;
}

/* Join halves upwards as long as both are free. */
static void join(struct ut_pool *pool, struct ut_block *block)
{
    for (struct ut_block *parent = block->parent; parent; parent = parent->parent) {
        if (parent->low->state != UT_FREE || parent->high->state != UT_FREE) {
            return;
        }
        pool->ops->revoke(pool->context, parent);
        pool->ops->forget(pool->context, parent->low, parent->high);
        parent->low->state = UT_ABSENT;
        parent->high->state = UT_ABSENT;
        parent->low = NULL;
        parent->high = NULL;
        parent->state = UT_FREE;
    }
}

static bool holds(const struct ut_block *block, uint64_t paddr, unsigned bits)
{
    return block->bits >= bits && paddr >= block->paddr &&
           paddr - block->paddr < (UINT64_C(1) << block->bits);
}

/* Cut block down to the 2^bits bytes at paddr. */
static struct ut_block *cut(struct ut_pool *pool, struct ut_block *block, uint64_t paddr,
                            unsigned bits)
{
    while (block->bits > bits) {
        if (!split(pool, block)) {
            join(pool, block);
            return NULL;
        }
        block = holds(block->low, paddr, bits) ? block->low : block->high;
    }
    block->state = UT_USED;
    return block;
}

struct ut_block *ut_alloc(struct ut_pool *pool, enum ut_kind kind, unsigned bits)
{
    struct ut_block *best = NULL;

    if (bits < UT_MIN_BITS) {
        return NULL;
    }
    for (size_t i = 0; i < pool->reach; i++) {
        struct ut_block *block = &pool->block[i];

        if (block->state != UT_FREE || block->kind != kind || block->bits < bits) {
            continue;
        }
        if (!best || block->bits < best->bits) {
            best = block;
        }
    }
    return best ? cut(pool, best, best->paddr, bits) : NULL;
}

struct ut_block *ut_alloc_at(struct ut_pool *pool, uint64_t paddr, unsigned bits)
{
    if (bits < UT_MIN_BITS || (paddr & ((UINT64_C(1) << bits) - 1))) {
        return NULL;
    }
    for (size_t i = 0; i < pool->reach; i++) {
        struct ut_block *block = &pool->block[i];

        if (block->state == UT_FREE && holds(block, paddr, bits)) {
            return cut(pool, block, paddr, bits);
        }
    }
    return NULL;
}

void ut_free(struct ut_pool *pool, struct ut_block *block)
{
    if (!block || block->state != UT_USED) {
        return;
    }
    pool->ops->revoke(pool->context, block);
    block->state = UT_FREE;
    join(pool, block);
}

uint64_t ut_free_bytes(const struct ut_pool *pool, enum ut_kind kind)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < pool->reach; i++) {
        if (pool->block[i].state == UT_FREE && pool->block[i].kind == kind) {
            sum += UINT64_C(1) << pool->block[i].bits;
        }
    }
    return sum;
}
