/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory: the only way to kernel objects. */
#include "arch.h"
#include "sched.h"

/* Memory is cleared from the top down in pieces, and the watermark lowered with each. */
#define CLEAR_BYTES (UINT64_C(1) << 12)

struct retype {
    unsigned type;
    unsigned user_bits; /* size_bits of the call */
    unsigned bits;      /* of one object */
    word count;
    struct slot *slots;
};

/* log2 bytes of an object. Where `least` is not 0, the user adds bits: that many at least. */
static const struct {
    uint8_t bits;
    uint8_t least;
} sizes[] = {
    [seL4_UntypedObject] = {0, seL4_MinUntypedBits},
    [seL4_TCBObject] = {seL4_TCBBits, 0},
    [seL4_EndpointObject] = {seL4_EndpointBits, 0},
    [seL4_NotificationObject] = {seL4_NotificationBits, 0},
    [seL4_CapTableObject] = {seL4_SlotBits, 1},
    [seL4_SchedContextObject] = {0, seL4_MinSchedContextBits},
    [seL4_ReplyObject] = {seL4_ReplyBits, 0},
};

static struct cap create(const struct retype *retype, void *memory, bool device)
{
    switch (retype->type) {
    case seL4_UntypedObject:
        return cap_untyped(memory, retype->bits, device, 0);
    case seL4_TCBObject:
        tcb_init(memory);
        return cap_make(CAP_THREAD, 0, memory, 0);
    case seL4_EndpointObject:
        return cap_make(CAP_ENDPOINT, SEL4_RIGHTS_ALL, memory, 0);
    case seL4_NotificationObject:
        return cap_make(CAP_NOTIFICATION, SEL4_RIGHT_READ | SEL4_RIGHT_WRITE, memory, 0);
    case seL4_CapTableObject:
        return cap_cnode(memory, retype->user_bits, 0);
    case seL4_SchedContextObject:
        return cap_make(CAP_SCHED_CONTEXT, retype->bits, memory, 0);
    case seL4_ReplyObject:
        return cap_make(CAP_REPLY, SEL4_RIGHT_GRANT, memory, 0);
    default:
        return arch_create_object(retype->type, memory, device);
    }
}

/* The used part becomes free, and zero. */
static enum status reset(struct slot *slot)
{
    char *base = cap_object(slot->cap);
    word used = slot->cap.data;

    if (untyped_is_device(slot->cap))
        used = 0;
    while (used > 0) {
        word start = (used - 1) & ~(CLEAR_BYTES - 1);
        arch_clear_memory(base + start, used - start);
        used = start;
        slot->cap.data = used;
        if (used > 0 && arch_interrupt_pending())
            return STATUS_PREEMPTED;
    }
    slot->cap.data = 0;
    return STATUS_OK;
}

static enum status invoke(struct slot *slot, const struct retype *retype)
{
    if (!tree_has_children(slot) && slot->cap.data != 0) {
        enum status status = reset(slot);
        if (status != STATUS_OK)
            return status;
    }
    bool device = untyped_is_device(slot->cap);
    word start = (slot->cap.data + MASK(retype->bits)) & ~MASK(retype->bits);
    char *memory = (char *)cap_object(slot->cap) + start;

    slot->cap.data = start + (retype->count << retype->bits);
    for (word i = 0; i < retype->count; i++)
        tree_insert_child(slot, &retype->slots[i],
                          create(retype, memory + (i << retype->bits), device));
    return STATUS_OK;
}

static enum status check_type(struct invocation *inv, struct retype *retype)
{
    word type = inv_arg(inv, 0);
    word user_bits = inv_arg(inv, 1);

    if (type >= ARCH_OBJECTS)
        return inv_fail1(inv, seL4_InvalidArgument, 0);
    if (user_bits >= WORD_BITS)
        return inv_fail_range(inv, 0, seL4_MaxUntypedBits);
    retype->type = (unsigned)type;
    retype->user_bits = (unsigned)user_bits;
    bool generic = type < array_len(sizes);
    word least = generic ? sizes[type].least : 0;
    retype->bits = generic ? sizes[type].bits : arch_object_bits(retype->type);
    if (least > 0)
        retype->bits += retype->user_bits;
    if (retype->bits > seL4_MaxUntypedBits)
        return inv_fail_range(inv, 0, seL4_MaxUntypedBits);
    return user_bits < least ? inv_fail1(inv, seL4_InvalidArgument, 1) : STATUS_OK;
}

/* The window of slots that takes the new capabilities. */
static enum status check_slots(struct invocation *inv, struct retype *retype)
{
    word index = inv_arg(inv, 2);
    word depth = inv_arg(inv, 3);
    word offset = inv_arg(inv, 4);
    struct cap node = inv->extra[0]->cap;

    retype->count = inv_arg(inv, 5);
    if (depth != 0) {
        struct slot *slot;
        enum status status = inv_lookup_target(inv, false, node, index, depth, &slot);
        if (status != STATUS_OK)
            return status;
        node = slot->cap;
    }
    if (!cap_is(node, CAP_CNODE))
        return inv_fail_missing(inv, false, depth);
    word size = BIT(cnode_radix(node));
    if (offset >= size)
        return inv_fail_range(inv, 0, size - 1);
    if (retype->count < 1 || retype->count > seL4_UntypedRetypeMaxObjects)
        return inv_fail_range(inv, 1, seL4_UntypedRetypeMaxObjects);
    if (retype->count > size - offset)
        return inv_fail_range(inv, 1, size - offset);

    retype->slots = (struct slot *)cap_object(node) + offset;
    for (word i = 0; i < retype->count; i++)
        if (!slot_empty(&retype->slots[i]))
            return inv_fail(inv, seL4_DeleteFirst);
    return STATUS_OK;
}

static enum status check_memory(struct invocation *inv, const struct retype *retype)
{
    word used = tree_has_children(inv->slot) ? inv->cap.data : 0;
    word left = BIT(untyped_bits(inv->cap)) - used;

    if (left >> retype->bits < retype->count)
        return inv_fail1(inv, seL4_NotEnoughMemory, left);
    if (untyped_is_device(inv->cap) && retype->type != seL4_UntypedObject &&
        !(retype->type >= seL4_NonArchObjectTypeCount && arch_object_is_frame(retype->type)))
        return inv_fail1(inv, seL4_InvalidArgument, 1);
    return STATUS_OK;
}

enum status untyped_decode(struct invocation *inv)
{
    struct retype retype = {0};
    enum status status;

    if (inv->label != UntypedRetype)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv->length < 6 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    status = check_type(inv, &retype);
    if (status == STATUS_OK)
        status = check_slots(inv, &retype);
    if (status == STATUS_OK)
        status = check_memory(inv, &retype);
    return status == STATUS_OK ? invoke(inv->slot, &retype) : status;
}
