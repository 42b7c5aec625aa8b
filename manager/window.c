/* SPDX-License-Identifier: BSD-2-Clause */
#include "window.h"

#include <stddef.h>

#include "log.h"
#include "memory.h"

#define WINDOWS    512u /* of each size: what a page table maps */
#define ATTRIBUTES (seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)

/* Windows of one size lie in the reach of one page table. Each area has a 1 GiB region of its own,
 * so that the topmost table made for it carries nothing else. */
struct area {
    uint64_t base;
    unsigned page_bits;
    seL4_CPtr table; /* maps the windows; 0 = pages of 1 GiB hang on the root */
    seL4_CPtr upper; /* maps that table */
    unsigned levels; /* of tables it needs: 2, 1, 0 */
    bool table_in;   /* table is mapped */
    unsigned open;
    seL4_CPtr frame[WINDOWS];
};

static struct area areas[] = {
    {.base = UINT64_C(0x7f40000000), .page_bits = seL4_PageBits, .levels = 2},
    {.base = UINT64_C(0x7f80000000), .page_bits = seL4_LargePageBits, .levels = 1},
    {.base = UINT64_C(0x7fc0000000), .page_bits = seL4_HugePageBits, .levels = 0},
};

static bool map_table(seL4_CPtr *table, uint64_t vaddr)
{
    if (*table == 0) {
        *table = realm_simple(memory_own(), seL4_ARM_PageTableObject);
    }
    return *table != 0 && log_ok("mapping a page table",
                                 seL4_ARM_PageTable_Map(*table, seL4_CapInitThreadVSpace, vaddr,
                                                        seL4_ARM_Default_VMAttributes));
}

static bool prepare(struct area *area)
{
    if (area->levels == 2 && area->upper == 0 && !map_table(&area->upper, area->base)) {
        return false;
    }
    if (area->levels > 0 && !area->table_in) {
        area->table_in = map_table(&area->table, area->base);
        return area->table_in;
    }
    return true;
}

static void close_area(struct area *area)
{
    if (area->open > 0 && area->table_in) {
        log_ok("unmapping a page table", seL4_ARM_PageTable_Unmap(area->table));
        area->table_in = false;
    }
    for (unsigned i = 0; i < area->open; i++) {
        log_ok("unmapping a frame", seL4_ARM_Page_Unmap(area->frame[i]));
    }
    area->open = 0;
}

void *window_open(seL4_CPtr frame, unsigned page_bits)
{
    struct area *area = page_bits == seL4_PageBits        ? &areas[0]
                        : page_bits == seL4_LargePageBits ? &areas[1]
                                                          : &areas[2];

    if (area->open == (area->levels > 0 ? WINDOWS : 1)) {
        close_area(area);
    }
    if (!prepare(area)) {
        return NULL;
    }
    uint64_t vaddr = area->base + ((uint64_t)area->open << area->page_bits);

    if (!log_ok("opening a window",
                seL4_ARM_Page_Map(frame, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite,
                                  (seL4_ARM_VMAttributes)ATTRIBUTES))) {
        return NULL;
    }
    area->frame[area->open++] = frame;
    return (void *)vaddr;
}

void window_close_all(void)
{
    for (unsigned i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
        close_area(&areas[i]);
    }
}
