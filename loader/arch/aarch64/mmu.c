/* SPDX-License-Identifier: BSD-2-Clause */
#include "mmu.h"

#define BLOCK_SHIFT 21
#define GIGA_SHIFT  30
#define ROOT_SHIFT  39
#define BLOCK       (UINT64_C(1) << BLOCK_SHIFT)
#define GIGA        (UINT64_C(1) << GIGA_SHIFT)
#define VA_END      (UINT64_C(1) << 48)

/* Descriptors, Arm ARM D8.3. Attribute indices are those the kernel expects in MAIR_EL2. */
#define DESC_BLOCK    0x1u
#define DESC_TABLE    0x3u
#define DESC_ATTR(i)  ((uint64_t)(i) << 2)
#define DESC_AP1      (UINT64_C(1) << 6) /* RES1 at EL2; user access at EL1 */
#define DESC_INNER    (UINT64_C(3) << 8)
#define DESC_ACCESSED (UINT64_C(1) << 10)
#define DESC_NO_EXEC  (UINT64_C(3) << 53)
#define ATTR_DEVICE   0
#define ATTR_NORMAL   4

static uint64_t descriptor(bool normal, bool el1)
{
    uint64_t common = DESC_BLOCK | DESC_ACCESSED | (el1 ? 0 : DESC_AP1);

    return normal ? common | DESC_ATTR(ATTR_NORMAL) | DESC_INNER
                  : common | DESC_ATTR(ATTR_DEVICE) | DESC_NO_EXEC;
}

enum cover {
    COVER_NONE,
    COVER_PART,
    COVER_ALL,
};

/* How much of [start, start + size) is RAM. */
static enum cover covered(const struct range *bank, unsigned banks, uint64_t start, uint64_t size)
{
    enum cover cover = COVER_NONE;

    for (unsigned i = 0; i < banks; i++) {
        if (bank[i].start <= start && bank[i].end >= start + size) {
            return COVER_ALL;
        }
        if (bank[i].start < start + size && bank[i].end > start) {
            cover = COVER_PART;
        }
    }
    return cover;
}

/* A block that is RAM in part counts as RAM: firmware rounds its own regions to blocks. */
static void fill_split(uint64_t *table, const struct range *bank, unsigned banks, uint64_t start,
                       bool el1)
{
    for (unsigned i = 0; i < MMU_ENTRIES; i++) {
        uint64_t at = start + i * BLOCK;
        table[i] = at | descriptor(covered(bank, banks, at, BLOCK) != COVER_NONE, el1);
    }
}

bool mmu_build(struct mmu_tables *tables, const struct range *bank, unsigned banks, bool el1)
{
    for (unsigned i = 0; i < MMU_ENTRIES; i++) {
        uint64_t at = i * GIGA;
        enum cover cover = covered(bank, banks, at, GIGA);
        if (cover != COVER_PART) {
            tables->identity[i] = at | descriptor(cover == COVER_ALL, el1);
            continue;
        }
        if (tables->splits == MMU_SPLITS) {
            return false;
        }
        uint64_t *split = tables->split[tables->splits++];
        fill_split(split, bank, banks, at, el1);
        tables->identity[i] = (uint64_t)split | DESC_TABLE;
    }
    tables->root[0] = (uint64_t)tables->identity | DESC_TABLE;
    return true;
}

bool mmu_add_window(struct mmu_tables *tables, uint64_t start, uint64_t end, uint64_t offset)
{
    uint64_t vstart = start + offset, vlast = end - 1 + offset;

    if (offset == 0) {
        return end <= GIGA * MMU_ENTRIES; /* the identity map has it */
    }
    if (vlast < vstart || vlast >= VA_END || vstart >> GIGA_SHIFT != vlast >> GIGA_SHIFT ||
        vstart >> ROOT_SHIFT == 0) {
        return false;
    }
    for (uint64_t at = start & ~(BLOCK - 1); at < end; at += BLOCK) {
        tables->window_blocks[(at + offset) >> BLOCK_SHIFT & (MMU_ENTRIES - 1)] =
            at | descriptor(true, false);
    }
    tables->window[vstart >> GIGA_SHIFT & (MMU_ENTRIES - 1)] =
        (uint64_t)tables->window_blocks | DESC_TABLE;
    tables->root[vstart >> ROOT_SHIFT] = (uint64_t)tables->window | DESC_TABLE;
    return true;
}
