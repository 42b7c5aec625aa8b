/* SPDX-License-Identifier: BSD-2-Clause */
/* CNodes: what user level does with slots. */
#include "arch.h"
#include "ipc.h"

/* Arguments: destination index and depth in words 0 and 1; source index and depth from `at`. */
static enum status lookup_source(struct invocation *inv, unsigned cap, unsigned at,
                                 struct slot **out)
{
    return inv_lookup_target(inv, true, inv->extra[cap]->cap, inv_arg(inv, at),
                             inv_arg(inv, at + 1), out);
}

/* Copy and Mint: a derived capability beside the old one. */
static enum status copy(struct invocation *inv, struct slot *src, struct slot *dest, bool mint)
{
    struct cap cap = cap_mask_rights(src->cap, inv_arg(inv, 4));

    if (mint)
        cap = cap_update_data(cap, inv_arg(inv, 5), false);
    if (cap.head == 0)
        return inv_fail(inv, seL4_IllegalOperation);
    seL4_Error error = cap_derive(src, cap, &cap);
    if (error != seL4_NoError)
        return inv_fail(inv, error);
    if (cap.head == 0)
        return inv_fail(inv, seL4_IllegalOperation);
    tree_insert(src, dest, cap);
    return STATUS_OK;
}

/* Copy, Mint, Move, Mutate. */
static enum status transfer(struct invocation *inv, struct slot *dest)
{
    struct slot *src;
    bool mint = inv->label == CNodeMint;
    bool move = inv->label == CNodeMove;
    bool mutate = inv->label == CNodeMutate;

    if (inv->length < 4 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    if (!slot_empty(dest))
        return inv_fail(inv, seL4_DeleteFirst);
    enum status status = lookup_source(inv, 0, 2, &src);
    if (status != STATUS_OK)
        return status;
    if (slot_empty(src))
        return inv_fail_missing(inv, true, inv_arg(inv, 3));
    if (inv->length < (mint ? 6u : move ? 4u : 5u))
        return inv_fail(inv, seL4_TruncatedMessage);
    if (!move && !mutate)
        return copy(inv, src, dest, mint);

    struct cap cap = mutate ? cap_update_data(src->cap, inv_arg(inv, 4), true) : src->cap;
    if (cap.head == 0)
        return inv_fail(inv, seL4_IllegalOperation);
    tree_move(src, dest, cap);
    return STATUS_OK;
}

/* The pivot's capability goes to the destination, the source's to the pivot. */
static enum status rotate(struct invocation *inv, struct slot *dest)
{
    struct slot *pivot, *src;
    enum status status;

    if (inv->length < 8 || inv->caps < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
    status = lookup_source(inv, 1, 6, &src);
    if (status != STATUS_OK)
        return status;
    status = lookup_source(inv, 0, 3, &pivot);
    if (status != STATUS_OK)
        return status;
    if (pivot == src || pivot == dest)
        return inv_fail(inv, seL4_IllegalOperation);
    if (src != dest && !slot_empty(dest))
        return inv_fail(inv, seL4_DeleteFirst);
    if (slot_empty(src))
        return inv_fail_missing(inv, true, inv_arg(inv, 7));
    if (slot_empty(pivot))
        return inv_fail_missing(inv, false, inv_arg(inv, 4));

    struct cap to_dest = cap_update_data(pivot->cap, inv_arg(inv, 2), true);
    struct cap to_pivot = cap_update_data(src->cap, inv_arg(inv, 5), true);
    if (to_dest.head == 0 || to_pivot.head == 0)
        return inv_fail(inv, seL4_IllegalOperation);

    if (src == dest) {
        tree_swap(src, to_pivot, pivot, to_dest);
    } else {
        tree_move(pivot, dest, to_dest);
        tree_move(src, pivot, to_pivot);
    }
    return STATUS_OK;
}

static enum status cancel_badged_sends(struct invocation *inv, struct slot *slot)
{
    struct cap cap = slot->cap;

    if (!cap_is(cap, CAP_ENDPOINT) || cap_rights(cap) != SEL4_RIGHTS_ALL)
        return inv_fail(inv, seL4_IllegalOperation);
    return cap.data == 0 ? STATUS_OK : endpoint_cancel_badged(cap_object(cap), cap.data);
}

enum status cnode_decode(struct invocation *inv)
{
    struct slot *slot;

    if (inv->label < CNodeRevoke || inv->label > CNodeRotate)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv->length < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
    enum status status =
        inv_lookup_target(inv, false, inv->cap, inv_arg(inv, 0), inv_arg(inv, 1), &slot);
    if (status != STATUS_OK)
        return status;

    switch (inv->label) {
    case CNodeRevoke:
        return slot_revoke(slot);
    case CNodeDelete:
        return slot_delete(slot);
    case CNodeCancelBadgedSends:
        return cancel_badged_sends(inv, slot);
    case CNodeRotate:
        return rotate(inv, slot);
    default:
        return transfer(inv, slot);
    }
}
