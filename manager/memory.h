/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel objects and address spaces. A realm is what one domain is made of: its memory budget and
 * the capabilities to what was made from it; destroying it leaves nothing of the domain behind.
 */
#ifndef MANAGER_MEMORY_H
#define MANAGER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include <bulkhead/sel4.h>

#include "board.h"
#include "budget.h"
#include "cspace.h"

struct holdings;

struct realm {
    struct budget budget;
    struct cspace_node node;
    uint64_t tables;   /* bytes of page tables, address spaces' roots included */
    seL4_CPtr topmost; /* the first page table that was made */
};

/* From now on, keep account of who has which frame in its address space (holdings.h). */
void memory_account(void);
const struct holdings *memory_holdings(void);

/* Take over the untyped memory and make the manager's own realm. */
bool memory_init(const seL4_BootInfo *info, const struct board *board);

/* The manager's own realm, never destroyed. */
struct realm *memory_own(void);

/* Bytes of RAM that are free (for guests: device RAM included). */
uint64_t memory_free_bytes(void);

/* A realm with room for 2^bits capabilities. On false nothing is left behind. */
bool realm_create(struct realm *realm, unsigned bits);
void realm_destroy(struct realm *realm);

/* A kernel object of 2^bits bytes; for CNodes and scheduling contexts size_bits is retype's
 * argument. Returns its capability or 0. */
seL4_CPtr realm_object(struct realm *realm, seL4_Word type, unsigned bits, seL4_Word size_bits);

/* An object of a fixed size. */
seL4_CPtr realm_simple(struct realm *realm, seL4_Word type);

/* A CNode of 2^radix slots. */
seL4_CPtr realm_cnode(struct realm *realm, unsigned radix);

/* Frames of 2^page_bits bytes that fill an untyped block (which belongs to the realm's budget).
 * Returns the first one's slot in the realm's node, or 0. */
seL4_Word realm_frames(struct realm *realm, const struct ut_block *block, unsigned page_bits);

/* The frame of the device registers at paddr (4 KiB); taken for good. Returns 0 if it is not to be
 * had. */
seL4_CPtr memory_device_frame(uint64_t paddr);

/* A new address space with an ASID. */
seL4_CPtr realm_vspace(struct realm *realm);

/* Take an address space away from all its threads and destroy it. Done before its frames are, it
 * spares the kernel to flush every page from the TLBs of all cores. */
void realm_drop_vspace(struct realm *realm, seL4_CPtr vspace);

/* Unmap everything that hangs on the realm's first page table, for the same reason. */
void realm_drop_tables(struct realm *realm);

/* Map a frame of 2^page_bits bytes; page tables come from realm. rights: seL4_CanRead or
 * seL4_ReadWrite. */
bool realm_map_page(struct realm *realm, seL4_CPtr vspace, seL4_CPtr frame, unsigned page_bits,
                    uint64_t vaddr, seL4_CapRights_t rights, seL4_Word attributes);

/* Map a frame of 4 KiB. */
bool realm_map(struct realm *realm, seL4_CPtr vspace, seL4_CPtr frame, uint64_t vaddr,
               seL4_CapRights_t rights, seL4_Word attributes);

/* Map a 4 KiB frame into the manager for good. NULL if that failed. */
void *memory_keep(seL4_CPtr frame, seL4_Word attributes);

/* Map a 4 KiB frame into the manager, to be read for as long as the realm lives. place: below
 * MEMORY_PLACES, for one frame at a time. NULL if that failed. */
#define MEMORY_PLACES 64u
const void *memory_show(struct realm *realm, seL4_CPtr frame, unsigned place);

#endif
