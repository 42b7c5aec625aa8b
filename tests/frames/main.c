/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A frame of 1 GiB, for boards with memory from 2 GiB to 5 GiB. One kernel calls that memory RAM,
 * another, which was built for a smaller board, a device's: either way words written through the
 * frame are in memory where the frame's address says, and RAM is cleared before it is used again.
 */
#include "roottask.h"

#define MEMORY_BASE 0x80000000ul
#define MEMORY_END  0x140000000ul
#define GIB         0x40000000ul
#define STEP        (GIB / 512) /* what an entry of the next smaller table covers */
#define WINDOW      0x40000000ul
#define SMALL       0x80000000ul /* where a smaller frame is looked at */
#define MAX_TABLES  3
#define PART_BITS   26
#define PARTS       (unsigned)(GIB >> PART_BITS)

static uint64_t mark(seL4_Word offset)
{
    return (offset | 1) * 0x9e3779b97f4a7c15ul;
}

static seL4_CPtr find_block(seL4_UntypedDesc *found)
{
    const seL4_BootInfo *bi = root.bootinfo;

    for (seL4_CPtr cap = bi->untyped.start; cap < bi->untyped.end; cap++) {
        *found = bi->untypedList[cap - bi->untyped.start];
        if (found->sizeBits >= seL4_HugePageBits && found->paddr >= MEMORY_BASE &&
            found->paddr < MEMORY_END) {
            return cap;
        }
    }
    root_fail("no block of 1 GiB");
}

static seL4_CPtr make(seL4_CPtr untyped, seL4_Word type)
{
    seL4_CPtr slot = root_slots(1);

    root_check(seL4_Untyped_Retype(untyped, type, 0, ROOT_CNODE, 0, 0, slot, 1), "make a frame");
    return slot;
}

/* With the tables that are missing on the way; returns how many were. */
static unsigned map(seL4_CPtr frame, seL4_Word vaddr)
{
    unsigned tables = 0;
    seL4_Error error;

    while ((error = seL4_ARM_Page_Map(frame, ROOT_VSPACE, vaddr, seL4_ReadWrite,
                                      seL4_ARM_Default_VMAttributes)) == seL4_FailedLookup &&
           tables < MAX_TABLES) {
        root_check(seL4_ARM_PageTable_Map(root_object(seL4_ARM_PageTableObject, 0), ROOT_VSPACE,
                                          vaddr, seL4_ARM_Default_VMAttributes),
                   "map a table");
        tables++;
    }
    root_check(error, "map a frame");
    return tables;
}

static volatile uint64_t *word(seL4_Word base, seL4_Word offset)
{
    return (volatile uint64_t *)(base + offset);
}

/* The first and the last word of every 2 MiB. */
static void use(seL4_CPtr frame)
{
    seL4_ARM_Page_GetAddress_t at = seL4_ARM_Page_GetAddress(frame);

    root_check(at.error, "address of a frame");
    root_print("frames: 1 GiB at 0x%lx, %u tables\n", (unsigned long)at.paddr, map(frame, WINDOW));
    for (seL4_Word offset = 0; offset < GIB; offset += STEP) {
        *word(WINDOW, offset) = mark(offset);
        *word(WINDOW, offset + STEP - 8) = mark(offset + STEP - 8);
    }
    for (seL4_Word offset = 0; offset < GIB; offset += STEP) {
        if (*word(WINDOW, offset) != mark(offset) ||
            *word(WINDOW, offset + STEP - 8) != mark(offset + STEP - 8)) {
            root_fail("a word near 0x%lx changed", (unsigned long)offset);
        }
    }
    root_check(seL4_ARM_Page_CleanInvalidate_Data(frame, 0, GIB), "clean a frame");
}

/* The same memory again, by smaller frames: the first one of every PART. */
static void look_again(seL4_CPtr block, bool device)
{
    seL4_CPtr part = root_slots(PARTS);

    root_check(
        seL4_Untyped_Retype(block, seL4_UntypedObject, PART_BITS, ROOT_CNODE, 0, 0, part, PARTS),
        "divide the block");
    for (seL4_Word offset = 0; offset < GIB; offset += 1ul << PART_BITS) {
        seL4_CPtr frame = make(part++, seL4_ARM_LargePageObject);

        map(frame, SMALL);
        if (*word(SMALL, 0) != (device ? mark(offset) : 0) ||
            *word(SMALL, STEP - 8) != (device ? mark(offset + STEP - 8) : 0)) {
            root_fail("0x%lx and 0x%lx at 0x%lx", (unsigned long)*word(SMALL, 0),
                      (unsigned long)*word(SMALL, STEP - 8), (unsigned long)offset);
        }
        root_check(seL4_ARM_Page_Unmap(frame), "unmap a frame");
    }
    root_print("frames: %s\n", device ? "all words are there" : "all of it is clear");
}

void bh_root_main(seL4_BootInfo *bootinfo)
{
    seL4_UntypedDesc desc;

    root_init(bootinfo, "frames");
    seL4_CPtr block = find_block(&desc);
    use(make(block, seL4_ARM_HugePageObject));
    root_check(seL4_CNode_Revoke(ROOT_CNODE, block, 64), "give the block back");
    look_again(block, desc.isDevice);
    root_print("frames: PASS\n");
    root_power_off();
}
