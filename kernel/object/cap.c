/* SPDX-License-Identifier: BSD-2-Clause */
/* What capabilities are and what may be made of them. */
#include "arch.h"

seL4_Error cap_derive(struct slot *slot, struct cap cap, struct cap *out)
{
    *out = cap;
    if (cap_is_arch(cap))
        return arch_cap_derive(cap, out);

    /* Both would hand out the same memory. */
    if (cap_is(cap, CAP_UNTYPED) && tree_has_children(slot))
        return seL4_RevokeFirst;
    if (cap_is(cap, CAP_IRQ_CONTROL) || cap_is(cap, CAP_ZOMBIE))
        *out = cap_null();
    return seL4_NoError;
}

struct cap cap_mask_rights(struct cap cap, word rights)
{
    if (cap_is_arch(cap))
        return arch_cap_mask_rights(cap, rights);
    if (cap_has_badge(cap) || cap_is(cap, CAP_REPLY))
        return cap_with_info(cap, cap_rights(cap) & (unsigned)(rights & SEL4_RIGHTS_ALL));
    return cap;
}

static struct cap set_guard(struct cap cap, word data)
{
    unsigned bits = guard_bits(data);
    if (bits + cnode_radix(cap) > WORD_BITS)
        return cap_null();
    word value = guard_value(data) & MASK(bits);
    cap.data = value << 6 | bits;
    return cap;
}

struct cap cap_update_data(struct cap cap, word data, bool preserve)
{
    if (cap_is(cap, CAP_CNODE))
        return set_guard(cap, data);
    if (!cap_has_badge(cap))
        return cap;
    if (preserve || cap.data != 0)
        return cap_null();
    cap.data = data;
    return cap;
}

unsigned cap_object_bits(struct cap cap)
{
    if (cap_is_arch(cap))
        return arch_cap_object_bits(cap);

    switch (cap_type(cap)) {
    case CAP_UNTYPED:
        return untyped_bits(cap);
    case CAP_ENDPOINT:
        return seL4_EndpointBits;
    case CAP_NOTIFICATION:
        return seL4_NotificationBits;
    case CAP_REPLY:
        return seL4_ReplyBits;
    case CAP_CNODE:
        return cnode_radix(cap) + seL4_SlotBits;
    case CAP_THREAD:
        return seL4_TCBBits;
    case CAP_SCHED_CONTEXT:
        return cap_info(cap);
    case CAP_ZOMBIE:
        return cap_info(cap) == ZOMBIE_TCB ? seL4_TCBBits : cap_info(cap) + seL4_SlotBits;
    default:
        return 0;
    }
}

static bool memory_within(struct cap untyped, struct cap cap)
{
    unsigned bits = cap_object_bits(cap);
    if (bits == 0 || bits > untyped_bits(untyped))
        return false;
    /* Both are aligned to their sizes. */
    word outer = (word)(uintptr_t)cap_object(untyped);
    word inner = (word)(uintptr_t)cap_object(cap);
    return (outer ^ inner) >> untyped_bits(untyped) == 0;
}

bool cap_covers(struct cap a, struct cap b)
{
    switch (cap_type(a)) {
    case CAP_UNTYPED:
        return memory_within(a, b);
    case CAP_IRQ_CONTROL:
        return cap_is(b, CAP_IRQ_CONTROL) || cap_is(b, CAP_IRQ_HANDLER) ||
               cap_is(b, CAP_SGI_SIGNAL);
    case CAP_IRQ_HANDLER:
    case CAP_SCHED_CONTROL:
        return cap_type(a) == cap_type(b) && a.data == b.data;
    case CAP_DOMAIN:
        return cap_is(b, CAP_DOMAIN);
    case CAP_NULL:
    case CAP_ZOMBIE:
        return false;
    default:
        break;
    }
    if (cap_is_arch(a))
        return cap_is_arch(b) && arch_cap_same_object(a, b);
    return cap_type(a) == cap_type(b) && cap_object(a) == cap_object(b);
}

bool cap_same_object(struct cap a, struct cap b)
{
    if (cap_is(a, CAP_UNTYPED))
        return false;
    if (cap_is(a, CAP_IRQ_CONTROL) && !cap_is(b, CAP_IRQ_CONTROL))
        return false;
    return cap_covers(a, b);
}
