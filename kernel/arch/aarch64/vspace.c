/* SPDX-License-Identifier: BSD-2-Clause */
#include "vspace.h"

#include "asid.h"
#include "memmap.h"

#define PTE_VALID       1u
#define PTE_TABLE       2u /* table, or page at the last level */
#define PTE_ADDRESS     0xfffffff000ull
#define PTE_READ        (1u << 6) /* S2AP */
#define PTE_WRITE       (1u << 7)
#define PTE_SH_INNER    (3u << 8)
#define PTE_AF          (1u << 10)
#define PTE_XN          (1ull << 54)
#define PTE_ATTR_NORMAL (0xfu << 2) /* write-back, inner and outer */
#define PTE_ATTR_DEVICE (0u << 2)   /* nGnRnE */

#define ROOT_BITS       30
#define ROOT_INDEX_BITS 10
#define LEVEL_BITS      9

bool pte_is_empty(word pte)
{
    return (pte & PTE_VALID) == 0;
}

bool pte_is_table(word pte, unsigned bits)
{
    return bits > seL4_PageBits && (pte & (PTE_VALID | PTE_TABLE)) == (PTE_VALID | PTE_TABLE);
}

word pte_address(word pte)
{
    return pte & PTE_ADDRESS;
}

word pte_table(word paddr)
{
    return paddr | PTE_TABLE | PTE_VALID;
}

word pte_page(word paddr, unsigned bits, bool read, bool write, word attributes)
{
    word pte = paddr | PTE_AF | PTE_VALID | (bits == seL4_PageBits ? PTE_TABLE : 0);

    /* Write without read gives no access at all. */
    if (read)
        pte |= PTE_READ | (write ? PTE_WRITE : 0);
    pte |= (attributes & seL4_ARM_PageCacheable) != 0 ? PTE_ATTR_NORMAL | PTE_SH_INNER
                                                      : PTE_ATTR_DEVICE;
    if ((attributes & seL4_ARM_ExecuteNever) != 0)
        pte |= PTE_XN;
    return pte;
}

struct pt_place pt_walk(word *root, word vaddr, unsigned target)
{
    unsigned bits = ROOT_BITS;
    word *entry = &root[vaddr >> ROOT_BITS & MASK(ROOT_INDEX_BITS)];

    while (bits > target && pte_is_table(*entry, bits)) {
        word *table = phys_to_kernel(pte_address(*entry));
        bits -= LEVEL_BITS;
        entry = &table[vaddr >> bits & MASK(LEVEL_BITS)];
    }
    return (struct pt_place){entry, bits};
}

/* Break before make (Arm ARM D5.10.1): the old translation is gone before a new one is seen. */
void pte_set(word *entry, word pte, unsigned asid)
{
    if (!pte_is_empty(*entry)) {
        __atomic_store_n(entry, 0, __ATOMIC_RELAXED);
        asid_flush_tlb(asid);
    }
    __atomic_store_n(entry, pte, __ATOMIC_RELAXED);
    dsb_ish();
}

void frame_unmap(struct cap cap)
{
    unsigned asid = mapping_asid(cap);
    word *root = asid_root(asid);

    if (root == NULL)
        return;
    struct pt_place place = pt_walk(root, mapping_vaddr(cap), frame_bits(cap));
    if (place.bits != frame_bits(cap) || pte_is_empty(*place.entry) ||
        pte_is_table(*place.entry, place.bits) ||
        pte_address(*place.entry) != kernel_to_phys(cap_object(cap)))
        return;
    pte_set(place.entry, 0, asid);
}

void page_table_unmap(struct cap cap)
{
    unsigned asid = mapping_asid(cap);
    word *root = asid_root(asid);
    word paddr = kernel_to_phys(cap_object(cap));

    if (root == NULL)
        return;
    /* The level is not recorded: look for the table on the path to its address. */
    for (unsigned bits = ROOT_BITS; bits > seL4_PageBits; bits -= LEVEL_BITS) {
        struct pt_place place = pt_walk(root, mapping_vaddr(cap), bits);
        if (place.bits != bits || !pte_is_table(*place.entry, bits))
            return;
        if (pte_address(*place.entry) == paddr) {
            pte_set(place.entry, 0, asid);
            return;
        }
    }
}

word *inv_vspace(struct invocation *inv, unsigned cap, unsigned *asid)
{
    struct cap vspace = inv->extra[cap]->cap;

    *asid = mapping_asid(vspace);
    if (!cap_is(vspace, CAP_VSPACE) || *asid == 0) {
        inv_fail1(inv, seL4_InvalidCapability, cap + 1);
        return NULL;
    }
    word *root = asid_root(*asid);
    if (root == NULL || root != cap_object(vspace)) {
        inv_fail_lookup(inv, false, (struct lookup_failure){1, {seL4_InvalidRoot}});
        return NULL;
    }
    return root;
}

/* --- frames --- */

static enum status frame_map(struct invocation *inv)
{
    struct cap cap = inv->cap;
    unsigned bits = frame_bits(cap);
    unsigned asid;

    if (inv->length < 3 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    word vaddr = inv_arg(inv, 0);
    word rights = inv_arg(inv, 1);
    word *root = inv_vspace(inv, 0, &asid);
    if (root == NULL)
        return STATUS_ERROR;
    if ((vaddr & MASK(bits)) != 0)
        return inv_fail(inv, seL4_AlignmentError);
    if (mapping_asid(cap) != 0) {
        if (mapping_asid(cap) != asid)
            return inv_fail1(inv, seL4_InvalidCapability, 1);
        if (mapping_vaddr(cap) != vaddr)
            return inv_fail1(inv, seL4_InvalidArgument, 0);
    } else if (vaddr > seL4_UserTop || vaddr + MASK(bits) > seL4_UserTop) {
        return inv_fail1(inv, seL4_InvalidArgument, 0);
    }

    struct pt_place place = pt_walk(root, vaddr, bits);
    if (place.bits != bits || pte_is_table(*place.entry, bits)) {
        if (pte_is_table(*place.entry, place.bits))
            place = pt_walk(root, vaddr, seL4_PageBits);
        return inv_fail_missing(inv, false, place.bits);
    }
    bool read = (cap_info(cap) & FRAME_READ) != 0 && (rights & SEL4_RIGHT_READ) != 0;
    bool write = (cap_info(cap) & FRAME_WRITE) != 0 && (rights & SEL4_RIGHT_WRITE) != 0;
    word paddr = kernel_to_phys(cap_object(cap));
    pte_set(place.entry, pte_page(paddr, bits, read, write, inv_arg(inv, 2)), asid);
    inv->slot->cap = cap_with_mapping(cap, asid, vaddr);
    return STATUS_OK;
}

static enum status frame_maintain(struct invocation *inv)
{
    if (inv->length < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
    if (mapping_asid(inv->cap) == 0)
        return inv_fail(inv, seL4_IllegalOperation);
    word start = inv_arg(inv, 0);
    word end = inv_arg(inv, 1);
    word size = BIT(frame_bits(inv->cap));
    word paddr = kernel_to_phys(cap_object(inv->cap));
    if (end <= start)
        return inv_fail1(inv, seL4_InvalidArgument, 1);
    if (start >= size || end > size)
        return inv_fail1(inv, seL4_InvalidArgument, 0);
    if (paddr + end > LINEAR_TOP)
        return inv_fail(inv, seL4_IllegalOperation);
    word kernel = (word)(uintptr_t)cap_object(inv->cap);
    return cache_maintain(inv, (enum cache_op)(inv->label - ARMPageClean_Data), kernel + start,
                          kernel + end);
}

enum status frame_decode(struct invocation *inv)
{
    switch (inv->label) {
    case ARMPageMap:
        return frame_map(inv);
    case ARMPageUnmap:
        frame_unmap(inv->cap);
        inv->slot->cap = cap_unmapped(inv->cap);
        return STATUS_OK;
    case ARMPageClean_Data:
    case ARMPageInvalidate_Data:
    case ARMPageCleanInvalidate_Data:
    case ARMPageUnify_Instruction:
        return frame_maintain(inv);
    case ARMPageGetAddress:
        return inv_result(inv, kernel_to_phys(cap_object(inv->cap)));
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}

/* --- page tables --- */

static enum status page_table_map(struct invocation *inv)
{
    unsigned asid;

    if (inv->length < 2 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    if (mapping_asid(inv->cap) != 0)
        return inv_fail1(inv, seL4_InvalidCapability, 0);
    word vaddr = inv_arg(inv, 0);
    word *root = inv_vspace(inv, 0, &asid);
    if (root == NULL)
        return STATUS_ERROR;
    if (vaddr > seL4_UserTop)
        return inv_fail1(inv, seL4_InvalidArgument, 0);

    struct pt_place place = pt_walk(root, vaddr, seL4_PageBits);
    if (place.bits == seL4_PageBits || !pte_is_empty(*place.entry))
        return inv_fail(inv, seL4_DeleteFirst);
    pte_set(place.entry, pte_table(kernel_to_phys(cap_object(inv->cap))), asid);
    inv->slot->cap = cap_with_mapping(inv->cap, asid, vaddr & ~MASK(place.bits));
    return STATUS_OK;
}

enum status page_table_decode(struct invocation *inv)
{
    switch (inv->label) {
    case ARMPageTableMap:
        return page_table_map(inv);
    case ARMPageTableUnmap:
        if (!tree_is_final(inv->slot))
            return inv_fail(inv, seL4_RevokeFirst);
        if (mapping_asid(inv->cap) != 0) {
            page_table_unmap(inv->cap);
            arch_clear_memory(cap_object(inv->cap), BIT(seL4_PageTableBits));
        }
        inv->slot->cap = cap_unmapped(inv->cap);
        return STATUS_OK;
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}

/* --- VSpaces --- */

/* Clean, Invalidate, CleanInvalidate, Unify of a range within one mapped page. */
enum status vspace_decode(struct invocation *inv)
{
    if (inv->label < ARMVSpaceClean_Data || inv->label > ARMVSpaceUnify_Instruction)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv->length < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
    word start = inv_arg(inv, 0);
    word end = inv_arg(inv, 1);
    word *root = asid_root(mapping_asid(inv->cap));
    if (end <= start)
        return inv_fail1(inv, seL4_InvalidArgument, 1);
    if (end > seL4_UserTop)
        return inv_fail(inv, seL4_IllegalOperation);
    if (mapping_asid(inv->cap) == 0 || root != cap_object(inv->cap))
        return inv_fail1(inv, seL4_InvalidCapability, 0);

    struct pt_place place = pt_walk(root, start, seL4_PageBits);
    if (pte_is_empty(*place.entry))
        return STATUS_OK;
    word page = start & ~MASK(place.bits);
    if (end - 1 > page + MASK(place.bits))
        return inv_fail_range(inv, start, page + MASK(place.bits));
    /* Not pte_address(): a large page's address has more than page alignment. */
    word paddr = (pte_address(*place.entry) & ~MASK(place.bits)) + (start - page);
    if (paddr + (end - start) > LINEAR_TOP)
        return STATUS_OK;
    word kernel = (word)(uintptr_t)phys_to_kernel(paddr);
    return cache_maintain(inv, (enum cache_op)(inv->label - ARMVSpaceClean_Data), kernel,
                          kernel + end - start);
}
