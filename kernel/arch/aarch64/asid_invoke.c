/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of ASID control and ASID pools. */
#include "asid.h"
#include "vspace.h"

static enum status make_pool(struct invocation *inv)
{
    struct slot *dest;

    if (inv->length < 2 || inv->caps < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
    struct slot *source = inv->extra[0];
    unsigned number = asid_free_pool();
    if (number == ASID_POOLS)
        return inv_fail(inv, seL4_DeleteFirst);
    if (!cap_is(source->cap, CAP_UNTYPED) || untyped_bits(source->cap) != seL4_ASIDPoolBits ||
        untyped_is_device(source->cap))
        return inv_fail1(inv, seL4_InvalidCapability, 1);
    if (tree_has_children(source))
        return inv_fail(inv, seL4_RevokeFirst);
    enum status status = inv_dest_slot(inv, inv->extra[1], inv_arg(inv, 0), inv_arg(inv, 1), &dest);
    if (status != STATUS_OK)
        return status;

    struct asid_pool *pool = cap_object(source->cap);
    arch_clear_memory(pool, sizeof *pool);
    source->cap = cap_untyped(pool, seL4_ASIDPoolBits, false, BIT(seL4_ASIDPoolBits));
    asid_add_pool(number, pool);
    tree_insert_child(source, dest, cap_make(CAP_ASID_POOL, 0, pool, number));
    return STATUS_OK;
}

enum status asid_control_decode(struct invocation *inv)
{
    if (inv->label != ARMASIDControlMakePool)
        return inv_fail(inv, seL4_IllegalOperation);
    return make_pool(inv);
}

enum status asid_pool_decode(struct invocation *inv)
{
    if (inv->label != ARMASIDPoolAssign)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    struct slot *slot = inv->extra[0];
    if (!cap_is(slot->cap, CAP_VSPACE) || mapping_asid(slot->cap) != 0)
        return inv_fail1(inv, seL4_InvalidCapability, 1);
    unsigned asid = asid_assign((unsigned)inv->cap.data, cap_object(slot->cap));
    if (asid == 0)
        return inv_fail(inv, seL4_DeleteFirst);
    slot->cap = cap_with_mapping(slot->cap, asid, 0);
    return STATUS_OK;
}
