/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts as notifications. */
#include "arch.h"
#include "ipc.h"

static struct {
    struct slot slot[ARCH_IRQS]; /* the notification to signal */
    bool claimed[ARCH_IRQS];     /* a handler capability exists, or it is the kernel's own */
} irqs;

void irq_reserve(unsigned irq)
{
    irqs.claimed[irq] = true;
}

bool irq_is_claimed(unsigned irq)
{
    return irqs.claimed[irq];
}

void irq_issue_handler(unsigned irq, struct slot *control, struct slot *dest)
{
    irqs.claimed[irq] = true;
    arch_irq_enable(irq);
    tree_insert(control, dest, cap_make(CAP_IRQ_HANDLER, 0, NULL, irq));
}

void irq_release(unsigned irq)
{
    arch_irq_mask(irq);
    slot_delete_simple(&irqs.slot[irq]);
    irqs.claimed[irq] = false;
}

void irq_raise(unsigned irq)
{
    struct cap cap = irqs.slot[irq].cap;

    if (!irqs.claimed[irq]) {
        arch_irq_mask(irq);
        return;
    }
    if (cap_is(cap, CAP_NOTIFICATION))
        notification_signal(cap_object(cap), cap.data);
}

enum status irq_control_decode(struct invocation *inv)
{
    unsigned irq;
    word max;
    struct slot *dest;

    if (inv->label != IRQIssueIRQHandler)
        return arch_irq_control_decode(inv);
    if (inv->length < 3 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    if (!arch_irq_index(inv_arg(inv, 0), &irq, &max))
        return inv_fail_range(inv, 0, max);
    if (irq_is_claimed(irq))
        return inv_fail(inv, seL4_RevokeFirst);
    enum status status = inv_dest_slot(inv, inv->extra[0], inv_arg(inv, 1), inv_arg(inv, 2), &dest);
    if (status == STATUS_OK)
        irq_issue_handler(irq, inv->slot, dest);
    return status;
}

static enum status set_notification(struct invocation *inv, unsigned irq)
{
    if (inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    struct cap cap = inv->extra[0]->cap;
    if (!cap_is(cap, CAP_NOTIFICATION) || !(cap_rights(cap) & SEL4_RIGHT_WRITE))
        return inv_fail1(inv, seL4_InvalidCapability, 0);
    slot_delete_simple(&irqs.slot[irq]);
    tree_insert(inv->extra[0], &irqs.slot[irq], cap);
    return STATUS_OK;
}

enum status irq_handler_decode(struct invocation *inv)
{
    unsigned irq = (unsigned)inv->cap.data;

    switch (inv->label) {
    case IRQAckIRQ:
        arch_irq_ack(irq);
        return STATUS_OK;
    case IRQSetIRQHandler:
        return set_notification(inv, irq);
    case IRQClearIRQHandler:
        slot_delete_simple(&irqs.slot[irq]);
        return STATUS_OK;
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}
