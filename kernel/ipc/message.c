/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying a message from one thread to another. */
#include "arch.h"
#include "ipc.h"

unsigned message_put(struct tcb *receiver, const word *words, unsigned n)
{
    for (unsigned i = 0; i < n && i < ARCH_MSG_REGS; i++)
        arch_set_mr(receiver, i, words[i]);
    if (n <= ARCH_MSG_REGS)
        return n;
    seL4_IPCBuffer *buffer = arch_ipc_buffer(receiver, true);
    if (!buffer)
        return ARCH_MSG_REGS;
    for (unsigned i = ARCH_MSG_REGS; i < n; i++)
        buffer->msg[i] = words[i];
    return n;
}

/* The words of a message that are not in registers. Returns how many there are then. */
static unsigned copy_rest(struct tcb *sender, struct tcb *receiver, unsigned length)
{
    const seL4_IPCBuffer *from = arch_ipc_buffer(sender, false);
    seL4_IPCBuffer *to = arch_ipc_buffer(receiver, true);

    if (!from || !to)
        return ARCH_MSG_REGS;
    for (unsigned i = ARCH_MSG_REGS; i < length; i++)
        to->msg[i] = from->msg[i];
    return length;
}

/* Where the receiver wants a capability; NULL if nowhere. */
static struct slot *receive_slot(struct tcb *receiver, const seL4_IPCBuffer *buffer)
{
    struct lookup_failure failure;
    unsigned left;

    struct slot *cnode = lookup_cap(receiver, buffer->receiveCNode, &failure);
    if (!cnode)
        return NULL;
    word depth = buffer->receiveDepth;
    if (depth < 1 || depth > WORD_BITS)
        return NULL;
    struct slot *slot =
        lookup_slot(cnode->cap, buffer->receiveIndex, (unsigned)depth, &left, &failure);
    return slot && left == 0 && slot_empty(slot) ? slot : NULL;
}

unsigned message_caps(struct tcb *sender, const seL4_IPCBuffer *buffer, unsigned n,
                      struct slot *slots[seL4_MsgMaxExtraCaps], struct lookup_failure *failure)
{
    unsigned found = 0;

    while (found < n && (slots[found] = lookup_cap(sender, buffer->caps_or_badges[found], failure)))
        found++;
    return found;
}

/* Returns the bits unwrapped << 2 | caps of the receiver's message info. */
static word transfer_caps(struct tcb *sender, const seL4_IPCBuffer *from, struct tcb *receiver,
                          seL4_IPCBuffer *to, const struct endpoint *ep, unsigned n)
{
    struct lookup_failure failure;
    struct slot *slots[seL4_MsgMaxExtraCaps];
    struct slot *dest = receive_slot(receiver, to);
    word unwrapped = 0;
    unsigned i;

    if (message_caps(sender, from, n, slots, &failure) < n)
        return 0;
    for (i = 0; i < n; i++) {
        struct cap cap = slots[i]->cap;
        if (ep && cap_is(cap, CAP_ENDPOINT) && cap_object(cap) == ep) {
            to->caps_or_badges[i] = cap.data;
            unwrapped |= BIT(i);
            continue;
        }
        if (!dest || cap_derive(slots[i], cap, &cap) != seL4_NoError || cap.head == 0)
            break;
        tree_insert(slots[i], dest, cap);
        dest = NULL;
    }
    return unwrapped << 2 | i;
}

void message_copy(struct tcb *sender, struct tcb *receiver, word badge)
{
    word info = arch_get_reg(sender, REG_INFO);
    unsigned length = info_length(info);

    for (unsigned i = 0; i < length && i < ARCH_MSG_REGS; i++)
        arch_set_mr(receiver, i, arch_get_mr(sender, i));
    if (unlikely(length > ARCH_MSG_REGS))
        length = copy_rest(sender, receiver, length);
    message_head(receiver, badge, info_label(info) << SEL4_INFO_LABEL_SHIFT | length);
}

void message_transfer(struct tcb *sender, struct tcb *receiver, struct endpoint *ep, word badge,
                      bool grant)
{
    if (sender->fault.type != seL4_Fault_NullFault) {
        fault_message(sender, receiver, badge);
        return;
    }
    unsigned caps = grant ? info_caps(arch_get_reg(sender, REG_INFO)) : 0;
    const seL4_IPCBuffer *from = caps ? arch_ipc_buffer(sender, false) : NULL;
    seL4_IPCBuffer *to = caps ? arch_ipc_buffer(receiver, true) : NULL;

    message_copy(sender, receiver, badge);
    if (from && to) {
        word cap_bits = transfer_caps(sender, from, receiver, to, ep, caps);
        arch_set_reg(receiver, REG_INFO,
                     arch_get_reg(receiver, REG_INFO) | cap_bits << SEL4_INFO_EXTRA_SHIFT);
    }
}
