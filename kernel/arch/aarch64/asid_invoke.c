/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of ASID control and ASID pools. */
#include "asid.h"
#include "labels.h"
#include "vspace.h"

static enum status make_pool(struct invocation *inv)
{
    struct slot *dest;

    if (inv->length < 2 || inv->caps < 2)
        return inv_fail(inv, ERR_TRUNCATED_MESSAGE);
    struct slot *source = inv->extra[0];
    unsigned number = asid_free_pool();
    if (number == ASID_POOLS)
        return inv_fail(inv, ERR_DELETE_FIRST);
    if (!cap_is(source->cap, CAP_UNTYPED) || untyped_bits(source->cap) != ASID_POOL_BITS ||
        untyped_is_device(source->cap))
        return inv_fail1(inv, ERR_INVALID_CAPABILITY, 1);
    if (tree_has_children(source))
        return inv_fail(inv, ERR_REVOKE_FIRST);
    enum status status = inv_dest_slot(inv, inv->extra[1], inv_arg(inv, 0), inv_arg(inv, 1), &dest);
    if (status != STATUS_OK)
        return status;

    struct asid_pool *pool = cap_object(source->cap);
    arch_clear_memory(pool, sizeof *pool);
    source->cap = cap_untyped(pool, ASID_POOL_BITS, false, BIT(ASID_POOL_BITS));
    asid_add_pool(number, pool);
    tree_insert_child(source, dest, cap_make(CAP_ASID_POOL, 0, pool, number));
    return STATUS_OK;
}

enum status asid_control_decode(struct invocation *inv)
{
    if (inv->label != LABEL_ASID_MAKE_POOL)
        return inv_fail(inv, ERR_ILLEGAL_OPERATION);
    return make_pool(inv);
}

enum status asid_pool_decode(struct invocation *inv)
{
    if (inv->label != LABEL_ASID_ASSIGN)
        return inv_fail(inv, ERR_ILLEGAL_OPERATION);
    if (inv->caps < 1)
        return inv_fail(inv, ERR_TRUNCATED_MESSAGE);
    struct slot *slot = inv->extra[0];
    if (!cap_is(slot->cap, CAP_VSPACE) || mapping_asid(slot->cap) != 0)
        return inv_fail1(inv, ERR_INVALID_CAPABILITY, 1);
    unsigned asid = asid_assign((unsigned)inv->cap.data, cap_object(slot->cap));
    if (asid == 0)
        return inv_fail(inv, ERR_DELETE_FIRST);
    slot->cap = cap_with_mapping(slot->cap, asid, 0);
    return STATUS_OK;
}
