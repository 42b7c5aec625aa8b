/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability addressing: guarded page tables of CNodes. */
#include "arch.h"

struct slot *lookup_slot(struct cap cap, word capptr, unsigned bits, unsigned *left,
                         struct lookup_failure *failure)
{
    if (unlikely(!cap_is(cap, CAP_CNODE))) {
        *failure = (struct lookup_failure){1, {seL4_InvalidRoot}};
        return NULL;
    }
    for (;;) {
        unsigned radix = cnode_radix(cap);
        unsigned guard = guard_bits(cap.data);

        /* bits is 1..64, guard at most 63: neither shift is by a whole word. */
        if (guard != 0 &&
            (guard > bits || ((capptr >> (bits - guard)) & MASK(guard)) != guard_value(cap.data))) {
            *failure = (struct lookup_failure){
                4, {seL4_GuardMismatch, bits, guard_value(cap.data), guard}};
            return NULL;
        }
        if (unlikely(guard + radix > bits)) {
            *failure = (struct lookup_failure){3, {seL4_DepthMismatch, bits, guard + radix}};
            return NULL;
        }
        bits -= guard + radix;
        struct slot *slots = cap_object(cap);
        struct slot *slot = &slots[(capptr >> bits) & MASK(radix)];
        if (bits == 0 || !cap_is(slot->cap, CAP_CNODE)) {
            *left = bits;
            return slot;
        }
        cap = slot->cap;
    }
}

struct slot *lookup_cap(struct tcb *t, word capptr, struct lookup_failure *failure)
{
    unsigned left;
    return lookup_slot(t->slot[TCB_CSPACE].cap, capptr, WORD_BITS, &left, failure);
}

enum status inv_lookup_target(struct invocation *inv, bool source, struct cap root, word index,
                              word depth, struct slot **out)
{
    struct lookup_failure failure = {0};
    unsigned left;

    if (!cap_is(root, CAP_CNODE))
        return inv_fail_lookup(inv, source, (struct lookup_failure){1, {seL4_InvalidRoot}});
    if (depth < 1 || depth > WORD_BITS)
        return inv_fail_range(inv, 1, WORD_BITS);

    struct slot *slot = lookup_slot(root, index, (unsigned)depth, &left, &failure);
    if (!slot)
        return inv_fail_lookup(inv, source, failure);
    if (left != 0) {
        failure = (struct lookup_failure){3, {seL4_DepthMismatch, left, 0}};
        return inv_fail_lookup(inv, source, failure);
    }
    *out = slot;
    return STATUS_OK;
}

enum status inv_dest_slot(struct invocation *inv, struct slot *root, word index, word depth,
                          struct slot **out)
{
    enum status status = inv_lookup_target(inv, false, root->cap, index, depth, out);
    if (status != STATUS_OK)
        return status;
    return slot_empty(*out) ? STATUS_OK : inv_fail(inv, seL4_DeleteFirst);
}
