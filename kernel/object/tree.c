/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The derivation tree: one list per root in which every slot is followed by its descendants. All
 * capabilities to one object stand together in it, so the last one is found by a look at the two
 * neighbours.
 */
#include "arch.h"

static void set_prev(struct slot *slot, struct slot *prev)
{
    slot->prev = (word)(uintptr_t)prev;
}

static void set_next(struct slot *slot, struct slot *next)
{
    slot->next = (slot->next & SLOT_FLAGS) | (word)(uintptr_t)next;
}

/* Makes the neighbours point at `slot`. */
static void relink(struct slot *slot)
{
    if (slot_prev(slot))
        set_next(slot_prev(slot), slot);
    if (slot_next(slot))
        set_prev(slot_next(slot), slot);
}

static void insert_after(struct slot *prev, struct slot *slot, struct cap cap, word flags)
{
    slot->cap = cap;
    set_prev(slot, prev);
    slot->next = (word)(uintptr_t)slot_next(prev) | flags;
    relink(slot);
}

/* Can `cap`, derived from `src`, have children of its own? If not, its copies are siblings. */
static bool is_original(struct cap cap, struct cap src)
{
    if (cap_has_badge(cap))
        return cap.data != src.data;
    if (cap_is(cap, CAP_IRQ_HANDLER))
        return cap_is(src, CAP_IRQ_CONTROL);
    return cap_is(cap, CAP_UNTYPED);
}

void tree_insert(struct slot *src, struct slot *dest, struct cap cap)
{
    word flags = is_original(cap, src->cap) ? SLOT_ORIGINAL | SLOT_BADGE_ORIGIN : 0;

    /* From now on the memory belongs to the copy; the source gets it back when that is gone. */
    if (cap_is(cap, CAP_UNTYPED) && cap_is(src->cap, CAP_UNTYPED))
        src->cap.data = BIT(untyped_bits(src->cap));
    insert_after(src, dest, cap, flags);
}

void tree_insert_child(struct slot *parent, struct slot *dest, struct cap cap)
{
    insert_after(parent, dest, cap, SLOT_ORIGINAL | SLOT_BADGE_ORIGIN);
}

void tree_insert_root(struct slot *dest, struct cap cap)
{
    dest->cap = cap;
    dest->prev = 0;
    dest->next = SLOT_ORIGINAL | SLOT_BADGE_ORIGIN;
}

static void clear(struct slot *slot)
{
    slot->cap = cap_null();
    slot->prev = 0;
    slot->next = 0;
}

void tree_move(struct slot *src, struct slot *dest, struct cap cap)
{
    *dest = *src;
    dest->cap = cap;
    relink(dest);
    clear(src);
}

void tree_swap(struct slot *a, struct cap a_cap, struct slot *b, struct cap b_cap)
{
    struct slot old_a = *a;

    *a = *b;
    *b = old_a;
    a->cap = b_cap;
    b->cap = a_cap;

    /* Neighbours of each other would now point at themselves. */
    if (slot_next(a) == a)
        set_next(a, b);
    if (slot_prev(a) == a)
        set_prev(a, b);
    if (slot_next(b) == b)
        set_next(b, a);
    if (slot_prev(b) == b)
        set_prev(b, a);
    /* An empty slot is in no list. */
    if (!slot_empty(a))
        relink(a);
    if (!slot_empty(b))
        relink(b);
}

void tree_remove(struct slot *slot)
{
    struct slot *prev = slot_prev(slot);
    struct slot *next = slot_next(slot);

    if (prev)
        set_next(prev, next);
    if (next) {
        set_prev(next, prev);
        /* The family goes on with its next member. */
        next->next |= slot->next & SLOT_BADGE_ORIGIN;
    }
    clear(slot);
}

bool tree_is_parent(const struct slot *parent, const struct slot *child)
{
    if (!(parent->next & SLOT_ORIGINAL))
        return false;
    if (!cap_covers(parent->cap, child->cap))
        return false;
    if (cap_has_badge(parent->cap) && parent->cap.data != 0)
        return child->cap.data == parent->cap.data && !(child->next & SLOT_BADGE_ORIGIN);
    return true;
}

bool tree_has_children(const struct slot *slot)
{
    const struct slot *next = slot_next(slot);
    return next && tree_is_parent(slot, next);
}

bool tree_is_final(const struct slot *slot)
{
    const struct slot *prev = slot_prev(slot);
    const struct slot *next = slot_next(slot);

    if (prev && cap_same_object(prev->cap, slot->cap))
        return false;
    return !next || !cap_same_object(slot->cap, next->cap);
}
