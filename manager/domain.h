/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Building a protection domain around one of our programs: capability space, address space, ELF
 * segments, start block, stacks with a guard page, IPC buffers, threads.
 */
#ifndef MANAGER_DOMAIN_H
#define MANAGER_DOMAIN_H

#include <stdbool.h>

#include <bulkhead/archive.h>
#include <bulkhead/start.h>

#include "archive.h"
#include "memory.h"

/* Layout of a program's address space besides its image: one 2 MiB area ... */
#define DOMAIN_START_BLOCK  UINT64_C(0x70000000)
#define DOMAIN_STATS        UINT64_C(0x70008000)
#define DOMAIN_REGISTERS    UINT64_C(0x70010000)
#define DOMAIN_IPC_BUFFERS  UINT64_C(0x70020000) /* + n * 4 KiB, one a thread */
#define DOMAIN_PIPES        UINT64_C(0x70030000) /* + n * 4 KiB, one a client */
#define DOMAIN_STACKS       UINT64_C(0x70080000) /* + n * DOMAIN_STACK_STRIDE */
#define DOMAIN_STACK_STRIDE UINT64_C(0x10000)    /* stack at its top, guard below */
#define DOMAIN_STACK_PAGES  4u
_Static_assert(DOMAIN_IPC_BUFFERS + UINT64_C(1) * BH_MAX_CORES * BH_ARCHIVE_ALIGN <= DOMAIN_PIPES &&
                   DOMAIN_PIPES + UINT64_C(1) * BH_MAX_CLIENTS * BH_ARCHIVE_ALIGN <=
                       DOMAIN_STACKS &&
                   DOMAIN_STACKS + BH_MAX_CORES * DOMAIN_STACK_STRIDE <=
                       DOMAIN_START_BLOCK + (UINT64_C(2) << 20),
               "nothing overlaps");
/* ... and what the programs find in their windows. */
#define DOMAIN_RAM   UINT64_C(0x1040000000)
#define DOMAIN_BLOBS UINT64_C(0x2000000000)

struct domain {
    struct realm *realm;
    seL4_CPtr vspace;
    seL4_CPtr cnode;
    unsigned cnode_bits;
    uint64_t entry;
    unsigned threads;
    seL4_CPtr tcb[BH_MAX_CORES];
    seL4_CPtr start_frame;
    struct bh_start start; /* filled in by the owner, handed over by domain_seal() */
};

struct domain_thread {
    unsigned priority;
    unsigned mcp;       /* up to which it may set priorities of its own threads and vCPUs */
    seL4_CPtr sc;       /* scheduling context; 0 = none */
    seL4_CPtr fault_ep; /* endpoint with badge that hears of its faults */
};

/* Empty domain for program, its image loaded. Archive file "prog/<name>". */
bool domain_create(struct domain *domain, struct realm *realm, enum bh_program program,
                   const char *name, unsigned cnode_bits);

/* Add a thread with stack and IPC buffer; it does not run yet. */
bool domain_thread(struct domain *domain, const struct domain_thread *thread);

/* Put a copy of a capability into the domain's space; badge 0 = none. */
bool domain_give(struct domain *domain, unsigned slot, seL4_CPtr source, seL4_CapRights_t rights,
                 seL4_Word badge);

/* Take a capability from the domain's space again. */
void domain_take(struct domain *domain, unsigned slot);

/* Map a frame of our own or of a third party: a copy of its capability is kept in the realm. */
bool domain_share(struct domain *domain, seL4_CPtr frame, uint64_t vaddr, seL4_CapRights_t rights,
                  seL4_Word attributes);

/* Write the start block and map it. */
bool domain_seal(struct domain *domain);

/* Let thread n run from the program's entry. */
bool domain_run(struct domain *domain, unsigned n);

#endif
