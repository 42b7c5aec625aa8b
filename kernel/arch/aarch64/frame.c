/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of frame capabilities. */
#include "memmap.h"
#include "vspace.h"

static enum status map(struct invocation *inv)
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

static enum status maintain(struct invocation *inv)
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
    cache_maintain((enum cache_op)(inv->label - ARMPageClean_Data), kernel + start, kernel + end);
    return STATUS_OK;
}

enum status frame_decode(struct invocation *inv)
{
    switch (inv->label) {
    case ARMPageMap:
        return map(inv);
    case ARMPageUnmap:
        frame_unmap(inv->cap);
        inv->slot->cap = cap_unmapped(inv->cap);
        return STATUS_OK;
    case ARMPageClean_Data:
    case ARMPageInvalidate_Data:
    case ARMPageCleanInvalidate_Data:
    case ARMPageUnify_Instruction:
        return maintain(inv);
    case ARMPageGetAddress:
        return inv_result(inv, kernel_to_phys(cap_object(inv->cap)));
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}
