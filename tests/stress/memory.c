/* SPDX-License-Identifier: BSD-2-Clause */
/* Retype, delete and revoke: whatever was made of an untyped, revoking gives all of it back. */
#include "stress.h"

#define CYCLES      1000
#define MIN_CYCLES  100 /* even if it takes longer than a phase should */
#define REGION_BITS 18
#define OBJECTS     40
#define WINDOW      0x5d2000ul /* where a frame is looked at */

static const struct {
    seL4_Word type;
    seL4_Word bits;
} kinds[] = {
    {seL4_TCBObject, 0},           {seL4_EndpointObject, 0},      {seL4_NotificationObject, 0},
    {seL4_ReplyObject, 0},         {seL4_SchedContextObject, 7},  {seL4_SchedContextObject, 9},
    {seL4_CapTableObject, 1},      {seL4_CapTableObject, 5},      {seL4_CapTableObject, 8},
    {seL4_ARM_SmallPageObject, 0}, {seL4_ARM_PageTableObject, 0}, {seL4_ARM_VSpaceObject, 0},
    {seL4_ARM_VCPUObject, 0},      {seL4_UntypedObject, 12},      {seL4_UntypedObject, 4},
};

/* A page of it must be zero again, and is made dirty. */
static void look_at_page(seL4_CPtr region, seL4_CPtr slot)
{
    volatile uint64_t *words = (volatile uint64_t *)WINDOW;

    root_check(seL4_Untyped_Retype(region, seL4_ARM_SmallPageObject, 0, ROOT_CNODE, 0, 0, slot, 1),
               "retype a page");
    root_check(
        seL4_ARM_Page_Map(slot, ROOT_VSPACE, WINDOW, seL4_ReadWrite, seL4_ARM_Default_VMAttributes),
        "map a page");
    for (unsigned i = 0; i < 512; i++) {
        if (words[i] != 0) {
            root_fail("a new page holds 0x%lx", (unsigned long)words[i]);
        }
        words[i] = ~0ul;
    }
}

static void put_aside(seL4_CPtr slot, seL4_CPtr cnode)
{
    if (cnode != 0) {
        seL4_CNode_Move(cnode, stress_below(32), 5, ROOT_CNODE, slot, 64);
    }
}

/* Fills the region; some capabilities go into CNodes of it, some are copied, some deleted. */
static void fill(seL4_CPtr region, seL4_CPtr first)
{
    seL4_CPtr cnode = 0;

    for (seL4_CPtr slot = first; slot < first + OBJECTS; slot++) {
        unsigned kind = stress_below(sizeof(kinds) / sizeof(kinds[0]));
        if (seL4_Untyped_Retype(region, kinds[kind].type, kinds[kind].bits, ROOT_CNODE, 0, 0, slot,
                                1) != seL4_NoError) {
            continue;
        }
        if (kinds[kind].type == seL4_CapTableObject && kinds[kind].bits == 5 && stress_one_in(2)) {
            /* Sometimes a CNode within itself. */
            cnode = slot;
        }
        switch (stress_below(4)) {
        case 0:
            put_aside(slot, cnode);
            break;
        case 1:
            seL4_CNode_Delete(ROOT_CNODE, slot, 64);
            break;
        case 2:
            seL4_CNode_Copy(ROOT_CNODE, slot + OBJECTS, 64, ROOT_CNODE, slot, 64, seL4_AllRights);
            break;
        default:
            break;
        }
    }
}

void stress_memory(void)
{
    seL4_CPtr region = stress_object(seL4_UntypedObject, REGION_BITS);
    seL4_CPtr first = root_slots(2 * OBJECTS);

    for (unsigned cycle = 0; cycle < CYCLES * stress.scale; cycle++) {
        if (cycle >= MIN_CYCLES && stress_over()) {
            break;
        }
        fill(region, first);
        root_check(seL4_CNode_Revoke(ROOT_CNODE, region, 64), "revoke the region");
        if (stress_one_in(4)) {
            look_at_page(region, first);
            root_check(seL4_CNode_Revoke(ROOT_CNODE, region, 64), "revoke the page");
        }
        root_check(seL4_Untyped_Retype(region, seL4_UntypedObject, REGION_BITS, ROOT_CNODE, 0, 0,
                                       first, 1),
                   "retype all of the region");
        root_check(seL4_CNode_Revoke(ROOT_CNODE, region, 64), "revoke all of the region");
        stress_watch("memory");
    }
}
