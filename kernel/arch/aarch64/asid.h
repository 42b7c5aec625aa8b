/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address space identifiers. An ASID (16 bits: pool, entry) names a VSpace as long as it exists; a
 * VMID (8 bits) is what the TLB knows, and is given to those ASIDs that run.
 */
#ifndef KEEL_AARCH64_ASID_H
#define KEEL_AARCH64_ASID_H

#include "arch.h"
#include "vmid.h"

#define VTTBR_VMID_SHIFT  48
#define ASID_POOLS        128u
#define ASID_POOL_ENTRIES 512u

struct asid_entry {
    word vttbr; /* physical address of the VSpace's root table, VMID (or VMID_NONE); 0: free */
};

struct asid_pool {
    struct asid_entry entry[ASID_POOL_ENTRIES];
};

_Static_assert(sizeof(struct asid_pool) == 1u << seL4_ASIDPoolBits, "the ABI fixes the size");

/* The root table of an ASID, NULL if it is not in use. */
word *asid_root(unsigned asid);

/*
 * VTTBR_EL2 value for a VSpace: root and VMID, which it gets if it has none; of an empty address
 * space if the ASID does not stand for this root table.
 */
word asid_vttbr(unsigned asid, const word *root);

/* The same if it has a VMID and is this root table's, else 0. */
word asid_vttbr_ready(unsigned asid, const word *root);

/* Removes whatever the TLBs of all cores know about an ASID. */
void asid_flush_tlb(unsigned asid);

/* Adds the pool with this number. */
void asid_add_pool(unsigned number, struct asid_pool *pool);

/* Gives a VSpace an entry of a pool; 0 if the pool is full. */
unsigned asid_assign(unsigned pool, word *root);

/* The VSpace goes away: no core uses or caches its translations afterwards. */
void asid_release(unsigned asid, word *root);

/* The pool goes away with all its address spaces. */
void asid_delete_pool(unsigned pool);

/* A root table in which nothing is mapped, for threads without VSpace. */
word asid_empty_vttbr(void);

#endif
