/* SPDX-License-Identifier: BSD-2-Clause */
#include "memory.h"

#include <string.h>

#include "holdings.h"
#include "log.h"

#define OWN_NODE_BITS 10u

/* Where the manager maps frames for good: far above its image. */
#define KEPT_PAGES UINT64_C(0x7f00000000)
#define KEPT_END   (KEPT_PAGES + (UINT64_C(1) << seL4_LargePageBits))
#define PLACES     (KEPT_END - ((uint64_t)MEMORY_PLACES << seL4_PageBits))

static struct ut_pool pool;
static struct realm own;
static struct holdings holdings;
static bool accounting;

/* --- untyped capabilities ------------------------------------------------------------------- */

static bool split_half(const struct ut_block *parent, const struct ut_block *half)
{
    return log_ok("splitting memory",
                  seL4_Untyped_Retype(parent->slot, seL4_UntypedObject, half->bits,
                                      seL4_CapInitThreadCNode, 0, 0, half->slot, 1));
}

static bool split(void *context, const struct ut_block *parent, struct ut_block *low,
                  struct ut_block *high)
{
    low->slot = cspace_slot();
    high->slot = cspace_slot();
    if (low->slot != 0 && high->slot != 0 && split_half(parent, low) && split_half(parent, high)) {
        return true;
    }
    log_ok("revoking memory", seL4_CNode_Revoke(seL4_CapInitThreadCNode, parent->slot, 64));
    cspace_slot_free(low->slot);
    cspace_slot_free(high->slot);
    return false;
}

static void revoke(void *context, const struct ut_block *block)
{
    log_ok("revoking memory", seL4_CNode_Revoke(seL4_CapInitThreadCNode, block->slot, 64));
}

static void forget(void *context, struct ut_block *low, struct ut_block *high)
{
    cspace_slot_free(low->slot);
    cspace_slot_free(high->slot);
}

static const struct ut_ops pool_ops = {.split = split, .revoke = revoke, .forget = forget};

static enum ut_kind kind_of(const seL4_UntypedDesc *desc, const struct board *board)
{
    if (!desc->isDevice) {
        return UT_RAM;
    }
    if (board_is_ram(board, desc->paddr, UINT64_C(1) << desc->sizeBits)) {
        return UT_DEVICE_RAM;
    }
    return UT_DEVICE;
}

uint64_t memory_free_bytes(void)
{
    return ut_free_bytes(&pool, UT_RAM) + ut_free_bytes(&pool, UT_DEVICE_RAM);
}

void memory_account(void)
{
    accounting = true;
}

const struct holdings *memory_holdings(void)
{
    return &holdings;
}

/* --- realms --------------------------------------------------------------------------------- */

struct realm *memory_own(void)
{
    return &own;
}

/* Retype one object into a slot of node 0. */
static seL4_CPtr object_in_root(struct budget *budget, seL4_Word type, unsigned bits,
                                seL4_Word size_bits)
{
    struct ut_block *block = budget_room(budget, bits);
    seL4_CPtr slot = block ? cspace_slot() : 0;

    if (slot == 0) {
        log_line("out of memory for kernel objects");
        return 0;
    }
    if (!log_ok("making an object", seL4_Untyped_Retype(block->slot, type, size_bits,
                                                        seL4_CapInitThreadCNode, 0, 0, slot, 1))) {
        cspace_slot_free(slot);
        return 0;
    }
    return slot;
}

bool realm_create(struct realm *realm, unsigned bits)
{
    budget_init(&realm->budget, &pool);
    realm->node = (struct cspace_node){0};
    realm->tables = 0;
    realm->topmost = 0;

    seL4_CPtr cnode =
        object_in_root(&realm->budget, seL4_CapTableObject, bits + seL4_SlotBits, bits);

    if (cnode == 0) {
        budget_release(&realm->budget);
        return false;
    }
    if (!cspace_node_add(&realm->node, cnode, bits)) {
        budget_release(&realm->budget);
        cspace_slot_free(cnode);
        return false;
    }
    return true;
}

void realm_destroy(struct realm *realm)
{
    holdings_drop_owner(&holdings, (uintptr_t)realm);
    budget_release(&realm->budget);
    cspace_node_forget(&realm->node);
}

seL4_CPtr realm_object(struct realm *realm, seL4_Word type, unsigned bits, seL4_Word size_bits)
{
    struct ut_block *block = budget_room(&realm->budget, bits);
    seL4_Word slot = block ? cspace_take(&realm->node, 1) : 0;

    if (slot == 0) {
        log_line("out of memory for kernel objects");
        return 0;
    }
    if (!log_ok("making an object", seL4_Untyped_Retype(block->slot, type, size_bits,
                                                        realm->node.cnode, 0, 0, slot, 1))) {
        return 0;
    }
    return cspace_pointer(&realm->node, slot);
}

seL4_CPtr realm_simple(struct realm *realm, seL4_Word type)
{
    static const uint8_t size[seL4_ObjectTypeCount] = {
        [seL4_TCBObject] = seL4_TCBBits,
        [seL4_EndpointObject] = seL4_EndpointBits,
        [seL4_NotificationObject] = seL4_NotificationBits,
        [seL4_ReplyObject] = seL4_ReplyBits,
        [seL4_ARM_VSpaceObject] = seL4_VSpaceBits,
        [seL4_ARM_SmallPageObject] = seL4_PageBits,
        [seL4_ARM_PageTableObject] = seL4_PageTableBits,
        [seL4_ARM_VCPUObject] = seL4_VCPUBits,
    };

    return realm_object(realm, type, size[type], 0);
}

seL4_CPtr realm_cnode(struct realm *realm, unsigned radix)
{
    return realm_object(realm, seL4_CapTableObject, radix + seL4_SlotBits, radix);
}

seL4_Word realm_frames(struct realm *realm, const struct ut_block *block, unsigned page_bits)
{
    seL4_Word type = page_bits == seL4_HugePageBits    ? seL4_ARM_HugePageObject
                     : page_bits == seL4_LargePageBits ? seL4_ARM_LargePageObject
                                                       : seL4_ARM_SmallPageObject;
    seL4_Word count = UINT64_C(1) << (block->bits - page_bits);
    seL4_Word first = cspace_take(&realm->node, count);

    if (first == 0) {
        return 0;
    }
    for (seL4_Word done = 0; done < count;) {
        seL4_Word step = count - done;

        if (step > seL4_UntypedRetypeMaxObjects) {
            step = seL4_UntypedRetypeMaxObjects;
        }
        if (!log_ok("making frames", seL4_Untyped_Retype(block->slot, type, 0, realm->node.cnode, 0,
                                                         0, first + done, step))) {
            return 0;
        }
        done += step;
    }
    return first;
}

seL4_CPtr memory_device_frame(uint64_t paddr)
{
    struct ut_block *block = ut_alloc_at(&pool, paddr, seL4_PageBits);

    if (!block) {
        return 0;
    }
    seL4_Word slot = realm_frames(&own, block, seL4_PageBits);

    return slot ? cspace_pointer(&own.node, slot) : 0;
}

/* --- address spaces ------------------------------------------------------------------------- */

seL4_CPtr realm_vspace(struct realm *realm)
{
    seL4_CPtr vspace = realm_simple(realm, seL4_ARM_VSpaceObject);

    if (vspace == 0 || !log_ok("assigning an ASID",
                               seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, vspace))) {
        return 0;
    }
    realm->tables += UINT64_C(1) << seL4_VSpaceBits;
    return vspace;
}

void realm_drop_vspace(struct realm *realm, seL4_CPtr vspace)
{
    seL4_Word slot = vspace & ((UINT64_C(1) << CSPACE_NODE_BITS) - 1);

    if (vspace == 0) {
        return;
    }
    holdings_drop_space(&holdings, vspace);
    log_ok("dropping an address space",
           seL4_CNode_Revoke(realm->node.cnode, slot, (seL4_Uint8)realm->node.bits));
    log_ok("dropping an address space",
           seL4_CNode_Delete(realm->node.cnode, slot, (seL4_Uint8)realm->node.bits));
}

void realm_drop_tables(struct realm *realm)
{
    if (realm->topmost != 0) {
        log_ok("unmapping a page table", seL4_ARM_PageTable_Unmap(realm->topmost));
        realm->topmost = 0;
    }
}

/* The frame is mapped: note who has it. */
static bool account(struct realm *realm, seL4_CPtr vspace, seL4_CPtr frame, unsigned page_bits,
                    seL4_CapRights_t rights)
{
    seL4_ARM_Page_GetAddress_t address = seL4_ARM_Page_GetAddress(frame);

    if (!log_ok("asking for a frame's address", (seL4_Error)address.error)) {
        return false;
    }
    holdings_add(&holdings, (struct holding){.owner = (uintptr_t)realm,
                                             .space = vspace,
                                             .base = address.paddr,
                                             .size = UINT64_C(1) << page_bits,
                                             .writable = seL4_CapRights_get_capAllowWrite(rights)});
    return true;
}

bool realm_map_page(struct realm *realm, seL4_CPtr vspace, seL4_CPtr frame, unsigned page_bits,
                    uint64_t vaddr, seL4_CapRights_t rights, seL4_Word attributes)
{
    for (;;) {
        seL4_Error error =
            seL4_ARM_Page_Map(frame, vspace, vaddr, rights, (seL4_ARM_VMAttributes)attributes);

        if (error == seL4_NoError && accounting) {
            return account(realm, vspace, frame, page_bits, rights);
        }
        if (error != seL4_FailedLookup) {
            return log_ok("mapping a frame", error);
        }
        seL4_CPtr table = realm_simple(realm, seL4_ARM_PageTableObject);

        if (table == 0 ||
            !log_ok("mapping a page table",
                    seL4_ARM_PageTable_Map(table, vspace, vaddr, seL4_ARM_Default_VMAttributes))) {
            return false;
        }
        realm->tables += UINT64_C(1) << seL4_PageTableBits;
        if (realm->topmost == 0) {
            realm->topmost = table;
        }
    }
}

bool realm_map(struct realm *realm, seL4_CPtr vspace, seL4_CPtr frame, uint64_t vaddr,
               seL4_CapRights_t rights, seL4_Word attributes)
{
    return realm_map_page(realm, vspace, frame, seL4_PageBits, vaddr, rights, attributes);
}

void *memory_keep(seL4_CPtr frame, seL4_Word attributes)
{
    static uint64_t next = KEPT_PAGES;
    uint64_t vaddr = next;

    if (next == PLACES ||
        !realm_map(&own, seL4_CapInitThreadVSpace, frame, vaddr, seL4_ReadWrite, attributes)) {
        return NULL;
    }
    next += UINT64_C(1) << seL4_PageBits;
    return (void *)vaddr;
}

/* The page table is there: the first frame that was kept has brought it. */
const void *memory_show(struct realm *realm, seL4_CPtr frame, unsigned place)
{
    uint64_t vaddr = PLACES + ((uint64_t)place << seL4_PageBits);
    seL4_CPtr copy = cspace_copy(&realm->node, frame, seL4_CanRead, 0);

    if (copy == 0 || !realm_map(realm, seL4_CapInitThreadVSpace, copy, vaddr, seL4_CanRead,
                                seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)) {
        return NULL;
    }
    return (const void *)vaddr;
}

/* --- start ---------------------------------------------------------------------------------- */

bool memory_init(const seL4_BootInfo *info, const struct board *board)
{
    ut_pool_init(&pool, &pool_ops, NULL);
    for (seL4_Word i = 0; i < info->untyped.end - info->untyped.start; i++) {
        const seL4_UntypedDesc *desc = &info->untypedList[i];

        if (desc->sizeBits < UT_MIN_BITS) {
            continue;
        }
        if (!ut_pool_add(&pool, info->untyped.start + i, desc->paddr, desc->sizeBits,
                         kind_of(desc, board))) {
            log_line("more untyped memory than expected; some is not used");
            break;
        }
    }
    cspace_init(info);
    budget_init(&own.budget, &pool);

    seL4_CPtr top = object_in_root(&own.budget, seL4_CapTableObject,
                                   CSPACE_TOP_BITS + seL4_SlotBits, CSPACE_TOP_BITS);

    return top != 0 && cspace_enter(top) && realm_create(&own, OWN_NODE_BITS);
}
