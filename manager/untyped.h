/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool of untyped memory: a buddy allocator over untyped capabilities. Pure bookkeeping; the
 * capabilities are split, joined and revoked through operations that the owner supplies.
 *
 * A block is one untyped capability. It is split by retyping it into two halves and joined again by
 * revoking it, so a free block never has children and its memory is cleared by the kernel at the
 * next retype (device memory: never).
 */
#ifndef MANAGER_UNTYPED_H
#define MANAGER_UNTYPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UT_MAX_BLOCKS 6144u
#define UT_MIN_BITS   12u /* smallest block that a split makes */

enum ut_kind {
    UT_RAM,        /* cleared by the kernel; any object */
    UT_DEVICE_RAM, /* RAM that the kernel keeps out of: frames only, cleared by the manager */
    UT_DEVICE,     /* registers */
};

enum ut_state { UT_ABSENT, UT_FREE, UT_USED, UT_SPLIT };

struct ut_block {
    uint64_t paddr;
    uint64_t slot; /* the capability */
    struct ut_block *parent;
    struct ut_block *low; /* halves of a split block */
    struct ut_block *high;
    uint8_t bits; /* log2 of the size in bytes */
    uint8_t kind;
    uint8_t state;
};

struct ut_ops {
    /* Make the two halves of parent; store their capabilities in low->slot and high->slot. */
    bool (*split)(void *context, const struct ut_block *parent, struct ut_block *low,
                  struct ut_block *high);
    /* Delete everything that was made from block, halves included. */
    void (*revoke)(void *context, const struct ut_block *block);
    /* The halves' capabilities are gone: their slots may be used again. */
    void (*forget)(void *context, struct ut_block *low, struct ut_block *high);
};

struct ut_pool {
    const struct ut_ops *ops;
    void *context;
    size_t reach; /* blocks from here on were never in use */
    struct ut_block block[UT_MAX_BLOCKS];
};

void ut_pool_init(struct ut_pool *pool, const struct ut_ops *ops, void *context);

/* Add memory; false if the pool has no room for another block. */
bool ut_pool_add(struct ut_pool *pool, uint64_t slot, uint64_t paddr, unsigned bits,
                 enum ut_kind kind);

/* A block of exactly 2^bits bytes (UT_MIN_BITS or more), taken from the smallest free block that
 * holds it; NULL if there is none. */
struct ut_block *ut_alloc(struct ut_pool *pool, enum ut_kind kind, unsigned bits);

/* The block of 2^bits bytes at paddr (aligned to its size), of whatever kind; NULL if it is not
 * free. */
struct ut_block *ut_alloc_at(struct ut_pool *pool, uint64_t paddr, unsigned bits);

/* Revoke the block and give it back. */
void ut_free(struct ut_pool *pool, struct ut_block *block);

/* Free bytes of a kind. */
uint64_t ut_free_bytes(const struct ut_pool *pool, enum ut_kind kind);

#endif
