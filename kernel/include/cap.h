/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities and the slots that hold them.
 *
 * A capability is two words:
 *   head: type [63:56], info [55:48], object address [47:0] (a kernel address, sign extended)
 *   data: per type, below
 * Device memory outside the linear window is named by the kernel address it would have there; such
 * an address is never followed.
 *
 *   type           info                        data
 *   UNTYPED        size bits [5:0], device [7] bytes used from the start (watermark)
 *   ENDPOINT       rights                      badge
 *   NOTIFICATION   rights (read, write)        badge
 *   REPLY          rights (grant)
 *   CNODE          radix                       guard size [5:0], guard [63:6] (as users give it)
 *   THREAD
 *   SCHED_CONTEXT  size bits
 *   SCHED_CONTROL                              core
 *   IRQ_HANDLER                                interrupt index (arch numbering, < ARCH_IRQS)
 *   ZOMBIE         radix, or ZOMBIE_TCB        number of slots still to be cleared
 *   DOMAIN, IRQ_CONTROL
 * Architecture types have odd numbers; arch_cap.h of the architecture gives their layout. It must
 * keep type and object address where they are.
 */
#ifndef KEEL_CAP_H
#define KEEL_CAP_H

#include <sel4/abi/errors.h>
#include <sel4/abi/objects.h>

#include "types.h"

/* The numbers are those of seL4's debug call CapIdentify. */
enum cap_type {
    CAP_NULL = 0,
    CAP_UNTYPED = 2,
    CAP_ENDPOINT = 4,
    CAP_NOTIFICATION = 6,
    CAP_REPLY = 8,
    CAP_CNODE = 10,
    CAP_THREAD = 12,
    CAP_IRQ_CONTROL = 14,
    CAP_IRQ_HANDLER = 16,
    CAP_ZOMBIE = 18,
    CAP_DOMAIN = 20,
    CAP_SCHED_CONTEXT = 22,
    CAP_SCHED_CONTROL = 24,
    /* Odd: the architecture's. Those of AArch64: */
    CAP_FRAME = 1,
    CAP_PAGE_TABLE = 3,
    CAP_VSPACE = 9,
    CAP_ASID_CONTROL = 11,
    CAP_ASID_POOL = 13,
    CAP_VCPU = 15,
    CAP_SMC = 25,
    CAP_SGI_SIGNAL = 27,
};

struct cap {
    word head;
    word data;
};

/*
 * The derivation tree is a list of slots in which every capability is followed by its descendants.
 * Which of the following capabilities descend from a slot is decided by what the capabilities say
 * (tree_is_parent), helped by two flags kept in the low bits of `next`.
 */
struct slot {
    struct cap cap;
    word prev;
    word next; /* slot address | SLOT_* flags */
} __attribute__((aligned(32)));

#define SLOT_ORIGINAL     1u /* has authority over what is derived from it: can have children */
#define SLOT_BADGE_ORIGIN 2u /* first of its badge's family: no child of a badged capability */
#define SLOT_FLAGS        31u

_Static_assert(sizeof(struct slot) == 1u << seL4_SlotBits, "the ABI fixes the size of a slot");

#define CAP_TYPE_SHIFT 56
#define CAP_INFO_SHIFT 48

static inline struct cap cap_null(void)
{
    return (struct cap){0, 0};
}

/* Builds a capability; `object` may be NULL for types without object. */
static inline struct cap cap_make(enum cap_type type, unsigned info, const void *object, word data)
{
    word head = (word)type << CAP_TYPE_SHIFT | (word)(info & 255) << CAP_INFO_SHIFT |
                ((word)(uintptr_t)object & MASK(CAP_INFO_SHIFT));
    return (struct cap){head, data};
}

static inline enum cap_type cap_type(struct cap cap)
{
    return (enum cap_type)(cap.head >> CAP_TYPE_SHIFT);
}

static inline unsigned cap_info(struct cap cap)
{
    return (cap.head >> CAP_INFO_SHIFT) & 255;
}

static inline void *cap_object(struct cap cap)
{
    return (void *)(intptr_t)((int64_t)(cap.head << 16) >> 16);
}

static inline bool cap_is(struct cap cap, enum cap_type type)
{
    return cap_type(cap) == type;
}

static inline bool cap_is_arch(struct cap cap)
{
    return cap_type(cap) & 1;
}

static inline struct cap cap_with_info(struct cap cap, unsigned info)
{
    cap.head = (cap.head & ~(UINT64_C(255) << CAP_INFO_SHIFT)) | (word)info << CAP_INFO_SHIFT;
    return cap;
}

/* Badges tell families of capabilities to one object apart. */
static inline bool cap_has_badge(struct cap cap)
{
    return cap_is(cap, CAP_ENDPOINT) || cap_is(cap, CAP_NOTIFICATION) || cap_is(cap, CAP_SMC);
}

/* Rights of endpoint, notification and reply capabilities. */
static inline unsigned cap_rights(struct cap cap)
{
    return cap_info(cap) & SEL4_RIGHTS_ALL;
}

/* Untyped. */
#define UNTYPED_DEVICE 128u

static inline unsigned untyped_bits(struct cap cap)
{
    return cap_info(cap) & 63;
}

static inline bool untyped_is_device(struct cap cap)
{
    return cap_info(cap) & UNTYPED_DEVICE;
}

/* An untyped capability whose first `used` bytes are taken. */
static inline struct cap cap_untyped(const void *base, unsigned bits, bool device, word used)
{
    return cap_make(CAP_UNTYPED, bits | (device ? UNTYPED_DEVICE : 0), base, used);
}

/* CNode. A guard is kept as the user gives it: size in the low six bits, value above. */
static inline unsigned cnode_radix(struct cap cap)
{
    return cap_info(cap);
}

static inline unsigned guard_bits(word guard_data)
{
    return guard_data & 63;
}

static inline word guard_value(word guard_data)
{
    return guard_data >> 6;
}

static inline struct cap cap_cnode(const struct slot *slots, unsigned radix, word guard_data)
{
    return cap_make(CAP_CNODE, radix, slots, guard_data);
}

#define ZOMBIE_TCB 255u /* `info` of the zombie of a TCB's slots */

static inline bool slot_empty(const struct slot *slot)
{
    return slot->cap.head == 0;
}

/* --- object/cap.c --- */

/*
 * Makes in *out what a copy of `cap`, found in `slot`, is. seL4_NoError with a null capability
 * means that nothing can be copied (page tables without mapping, zombies, interrupt control...).
 * seL4_RevokeFirst for an untyped with children, seL4_IllegalOperation from the architecture.
 */
seL4_Error cap_derive(struct slot *slot, struct cap cap, struct cap *out);

/* `cap` with no more than the given rights. */
struct cap cap_mask_rights(struct cap cap, word rights);

/*
 * Applies a data word (badge or guard). `preserve` is set when the capability moves (Mutate,
 * Rotate): then a badge cannot be set. Null capability if that is not allowed.
 */
struct cap cap_update_data(struct cap cap, word data, bool preserve);

/* Does `b` name memory or authority within `a`? (An untyped covers what is made from it.) */
bool cap_covers(struct cap a, struct cap b);

/* Do both name the same object, so that deleting one leaves the object alive? */
bool cap_same_object(struct cap a, struct cap b);

/* Bytes, as log2, of the object `cap` names; 0 if it names none in memory. */
unsigned cap_object_bits(struct cap cap);

/* --- object/tree.c --- */

static inline struct slot *slot_prev(const struct slot *slot)
{
    return (struct slot *)(uintptr_t)slot->prev;
}

static inline struct slot *slot_next(const struct slot *slot)
{
    return (struct slot *)(uintptr_t)(slot->next & ~(word)SLOT_FLAGS);
}

/* Puts `cap`, derived from the capability in `src`, into the empty slot `dest`. */
void tree_insert(struct slot *src, struct slot *dest, struct cap cap);

/* Puts a new object's `cap` into the empty slot `dest` as a child of `parent`. */
void tree_insert_child(struct slot *parent, struct slot *dest, struct cap cap);

/* Puts a capability that descends from nothing (boot, interrupt state) into `dest`. */
void tree_insert_root(struct slot *dest, struct cap cap);

/* Moves what `src` holds to the empty slot `dest`, changed to `cap`; same place in the tree. */
void tree_move(struct slot *src, struct slot *dest, struct cap cap);

/* Exchanges two slots, each with its new capability and place. */
void tree_swap(struct slot *a, struct cap a_cap, struct slot *b, struct cap b_cap);

/* Takes a slot out of the tree and empties it. */
void tree_remove(struct slot *slot);

/* Is `child` (a slot after `parent` in the list) derived from `parent`? */
bool tree_is_parent(const struct slot *parent, const struct slot *child);

/* Has the capability anything derived from it? */
bool tree_has_children(const struct slot *slot);

/* Is this the only capability to its object? */
bool tree_is_final(const struct slot *slot);

/* --- object/delete.c --- */

enum status {
    STATUS_OK = 0,
    STATUS_ERROR,     /* struct invocation says which */
    STATUS_PREEMPTED, /* the system call has to be restarted */
    STATUS_NO_REPLY,  /* done; the reply has been taken care of */
};

/* Deletes the capability in `slot`. STATUS_OK or STATUS_PREEMPTED. */
enum status slot_delete(struct slot *slot);

/* Deletes everything derived from `slot`. STATUS_OK or STATUS_PREEMPTED. */
enum status slot_revoke(struct slot *slot);

/*
 * Deletes a capability whose deletion needs no steps: anything but the last one of a CNode or TCB.
 * For slots the kernel keeps itself (fault handlers, IPC buffers, interrupt notifications).
 */
void slot_delete_simple(struct slot *slot);

#endif
