/* SPDX-License-Identifier: BSD-2-Clause */
/* Stage-2 translation tables of VSpaces (Arm ARM D5.3, D5.5). */
#ifndef KEEL_AARCH64_VSPACE_H
#define KEEL_AARCH64_VSPACE_H

#include "arch.h"

/* The entry that a walk ends at: a page, an empty one, or one of the last level. */
struct pt_place {
    word *entry;
    unsigned bits; /* log2 bytes that the entry translates */
};

/* Walks towards vaddr, at most to the level of entries of 2^target bits. */
struct pt_place pt_walk(word *root, word vaddr, unsigned target);

bool pte_is_empty(word pte);
bool pte_is_table(word pte, unsigned bits);

/* Physical address that a page or table entry points to. */
word pte_address(word pte);

/* A page entry of 2^bits bytes. attributes and rights as in Page_Map. */
word pte_page(word paddr, unsigned bits, bool read, bool write, word attributes);
word pte_table(word paddr);

/* Changes an entry of a VSpace in use; what the TLBs know of it is removed. */
void pte_set(word *entry, word pte, unsigned asid);

/* Undo what a capability to a mapped frame, table says; no-ops if it is no longer so. */
void frame_unmap(struct cap cap);
void page_table_unmap(struct cap cap);

enum status vspace_decode(struct invocation *inv);
enum status page_table_decode(struct invocation *inv);
enum status frame_decode(struct invocation *inv);
enum status asid_control_decode(struct invocation *inv);
enum status asid_pool_decode(struct invocation *inv);
enum status smc_decode(struct invocation *inv);

/* Calls the firmware: x0..x7 as they go in and come back. */
#define SMC_WORDS 8
void smc(word x[SMC_WORDS]);

enum cache_op { CACHE_CLEAN, CACHE_INVALIDATE, CACHE_CLEAN_INVALIDATE, CACHE_UNIFY };

/*
 * Cache maintenance on the kernel addresses [start, end), whose first byte word 0 of the message
 * names. It looks for interrupts, because a large page has 16 million lines. If it is preempted,
 * word 0 in the caller's registers names what is still to be done when the call is repeated.
 */
enum status cache_maintain(struct invocation *inv, enum cache_op op, word start, word end);

/* The root and the ASID of the VSpace in extra[cap]; NULL once it has failed the invocation. */
word *inv_vspace(struct invocation *inv, unsigned cap, unsigned *asid);

#endif
