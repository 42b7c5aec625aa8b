/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deletion. Most capabilities go in one step. The last capability of a CNode or a TCB turns into a
 * zombie, under which the object's slots are cleared from the end, with preemption points.
 *
 * Slots can hold zombies in turn, nested as deeply as users like, and in circles. Nothing recurses:
 * the slot to be deleted always holds the zombie being worked on, and a zombie that has to wait is
 * parked in slot 0 of the object that has to be cleared before (see nested()).
 */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

static word zombie_size(struct cap zombie)
{
    return cap_info(zombie) == ZOMBIE_TCB ? TCB_SLOTS : BIT(cap_info(zombie));
}

static bool zombie_contains(struct cap zombie, const struct slot *slot)
{
    const struct slot *first = cap_object(zombie);
    return slot >= first && slot < first + zombie_size(zombie);
}

static struct cap make_zombie(struct slot *slots, unsigned kind)
{
    struct cap zombie = cap_make(CAP_ZOMBIE, kind, slots, 0);
    zombie.data = zombie_size(zombie);
    return zombie;
}

static void finalise_tcb(struct tcb *t)
{
    thread_stall(t);
    if (t->bound_notification)
        notification_unbind(t->bound_notification);
    tcb_suspend(t);
    sc_cancel_yield(t);
    if (t->sc)
        sc_unbind_tcb(t->sc);
    arch_tcb_finalise(t);
}

/*
 * The effect of deleting the capability in `slot` on its object. Returns what stays in the slot: a
 * zombie, or the null capability.
 */
static struct cap finalise(struct slot *slot)
{
    struct cap cap = slot->cap;
    void *object = cap_object(cap);
    bool final = tree_is_final(slot);

    if (cap_is_arch(cap)) {
        arch_cap_finalise(cap, final);
        return cap_null();
    }
    if (!final)
        return cap_null();

    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
        ipc_cancel_all(&((struct endpoint *)object)->queue);
        break;
    case CAP_NOTIFICATION:
        notification_unbind(object);
        sc_unbind_notification(((struct notification *)object)->sc);
        ipc_cancel_all(&((struct notification *)object)->queue);
        break;
    case CAP_REPLY:
        reply_clear(object);
        break;
    case CAP_SCHED_CONTEXT:
        sc_destroy(object);
        break;
    case CAP_IRQ_HANDLER:
        irq_release((unsigned)cap.data);
        break;
    case CAP_CNODE:
        return make_zombie(object, cnode_radix(cap));
    case CAP_THREAD:
        finalise_tcb(object);
        return make_zombie(((struct tcb *)object)->slot, ZOMBIE_TCB);
    default:
        break;
    }
    return cap_null();
}

/* Deletes anything but a zombie: afterwards the slot is empty or holds a new zombie. */
static void reduce(struct slot *slot)
{
    struct cap rest = finalise(slot);

    if (rest.head == 0)
        tree_remove(slot);
    else
        slot->cap = rest;
}

/*
 * `top` holds zombie A and A's last uncleared slot, `inner`, zombie Q. Whatever holds `top` must
 * outlive what `top` holds, so there are three cases.
 */
static void nested(struct slot *top, struct slot *inner)
{
    struct cap a = top->cap;
    struct cap q = inner->cap;
    struct slot *a_first = cap_object(a);

    if (inner == a_first && !zombie_contains(a, top)) {
        /* A is done. */
        tree_remove(top);
        tree_move(inner, top, q);
        return;
    }
    if (!zombie_contains(q, top)) {
        /* Q goes first. A waits in Q's slot 0, what was there is A's again. */
        struct slot *q_first = cap_object(q);
        tree_swap(top, a, inner, q);
        tree_swap(inner, inner->cap, q_first, q_first->cap);
        top->cap.data = max_word(top->cap.data, 1);
        return;
    }
    /* Q holds `top`, so A goes first and Q waits in A's slot 0. */
    tree_swap(inner, q, a_first, a_first->cap);
}

/* One step of clearing what the zombie in `top` names; the slot is empty at the end. */
static void zombie_step(struct slot *top)
{
    if (top->cap.data == 0) {
        tree_remove(top);
        return;
    }
    struct slot *inner = (struct slot *)cap_object(top->cap) + top->cap.data - 1;
    if (inner == top || slot_empty(inner))
        top->cap.data--;
    else if (cap_is(inner->cap, CAP_ZOMBIE))
        nested(top, inner);
    else
        reduce(inner);
}

enum status slot_delete(struct slot *slot)
{
    if (slot_empty(slot))
        return STATUS_OK;
    if (!cap_is(slot->cap, CAP_ZOMBIE))
        reduce(slot);
    while (!slot_empty(slot)) {
        zombie_step(slot);
        if (!slot_empty(slot) && preemption_point())
            return STATUS_PREEMPTED;
    }
    return STATUS_OK;
}

enum status slot_revoke(struct slot *slot)
{
    while (tree_has_children(slot)) {
        enum status status = slot_delete(slot_next(slot));
        if (status != STATUS_OK)
            return status;
        if (tree_has_children(slot) && preemption_point())
            return STATUS_PREEMPTED;
    }
    return STATUS_OK;
}

void slot_delete_simple(struct slot *slot)
{
    if (!slot_empty(slot))
        reduce(slot);
}
