/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of address ranges, and cutting them into untyped memory. Pure. */
#ifndef KEEL_AARCH64_REGIONS_H
#define KEEL_AARCH64_REGIONS_H

#include <stdbool.h>
#include <stdint.h>

#define MAX_REGIONS 32

struct region {
    uint64_t start;
    uint64_t end; /* exclusive, > start */
};

/* Disjoint, in ascending order. */
struct region_list {
    struct region region[MAX_REGIONS];
    unsigned count;
};

/*
 * Adds a range, which may not overlap what is there. False if the list is full. An empty range is
 * nothing.
 */
bool regions_add(struct region_list *list, uint64_t start, uint64_t end);

/* Takes a range out, wherever it overlaps. False if the list would get too long. */
bool regions_remove(struct region_list *list, uint64_t start, uint64_t end);

/* Is all of a range within one region? */
bool regions_contain(const struct region_list *list, uint64_t start, uint64_t end);

/*
 * Takes `size` bytes out of the highest region that has room, as high as alignment (a power of two)
 * allows. False if there is none.
 */
bool regions_carve_top(struct region_list *list, uint64_t size, uint64_t align, uint64_t *start);

/*
 * log2 of the largest naturally aligned power of two at `start` that ends by `end`, between 2^min
 * and 2^max bytes; 0 if there is none: less is left than that.
 */
unsigned region_piece_bits(uint64_t start, uint64_t end, unsigned min, unsigned max);

#endif
