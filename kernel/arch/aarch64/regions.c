/* SPDX-License-Identifier: BSD-2-Clause */
#include "regions.h"

bool regions_add(struct region_list *list, uint64_t start, uint64_t end)
{
    if (start >= end)
        return true;
    if (list->count == MAX_REGIONS)
        return false;
    unsigned i = list->count++;
    for (; i > 0 && list->region[i - 1].start > start; i--)
        list->region[i] = list->region[i - 1];
    list->region[i] = (struct region){start, end};
    return true;
}

bool regions_remove(struct region_list *list, uint64_t start, uint64_t end)
{
    if (start >= end)
        return true;
    for (unsigned i = 0; i < list->count;) {
        struct region *r = &list->region[i];
        uint64_t old_end = r->end;
        if (r->end <= start || r->start >= end) {
            i++;
        } else if (r->start >= start && r->end <= end) {
            list->count--;
            for (unsigned k = i; k < list->count; k++)
                list->region[k] = list->region[k + 1];
        } else if (r->start >= start) {
            r->start = end;
            i++;
        } else {
            r->end = start;
            if (!regions_add(list, end, old_end))
                return false;
            i++;
        }
    }
    return true;
}

bool regions_contain(const struct region_list *list, uint64_t start, uint64_t end)
{
    for (unsigned i = 0; i < list->count; i++) {
        if (list->region[i].start <= start && end <= list->region[i].end)
            return start < end;
    }
    return false;
}

bool regions_carve_top(struct region_list *list, uint64_t size, uint64_t align, uint64_t *start)
{
    for (unsigned i = list->count; i-- > 0;) {
        const struct region *r = &list->region[i];
        if (r->end - r->start < size)
            continue;
        uint64_t at = (r->end - size) & ~(align - 1);
        if (at < r->start)
            continue;
        *start = at;
        return regions_remove(list, at, at + size);
    }
    return false;
}

unsigned region_piece_bits(uint64_t start, uint64_t end, unsigned min, unsigned max)
{
    if (start >= end)
        return 0;
    unsigned bits = 63 - (unsigned)__builtin_clzll(end - start);
    if (start != 0 && (unsigned)__builtin_ctzll(start) < bits)
        bits = (unsigned)__builtin_ctzll(start);
    if (bits > max)
        bits = max;
    return bits >= min ? bits : 0;
}
