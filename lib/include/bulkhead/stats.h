/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The statistics page: what a VMM counts about its VM. One page per VM, made with it and gone with
 * it. The VMM writes it, each thread the part of its own vCPU; the manager has it mapped read-only
 * and believes nothing that stands in it: it is numbers to be shown, never an index or a length.
 *
 * Counters only grow, begin at 0 when the VM is built (also at a restart), and wrap at 2^64.
 */
#ifndef BULKHEAD_STATS_H
#define BULKHEAD_STATS_H

#include <stdint.h>

#define BH_STATS_MAGIC UINT64_C(0x3154415453484b42) /* "BKHSTAT1" in memory order: with version */
#define BH_STATS_VCPUS 8u

/* Why a vCPU stopped, or its VMM thread woke. Each entry into the VMM counts for one of these, and
 * is measured once. */
enum bh_exit_reason {
    BH_EXIT_MMIO,        /* an access answered by a device */
    BH_EXIT_ABORT,       /* nothing answered: the guest got an abort */
    BH_EXIT_HYPERCALL,   /* SMC or HVC */
    BH_EXIT_IDLE,        /* WFI or WFE */
    BH_EXIT_SYSREG,      /* trapped system register */
    BH_EXIT_UNDEFINED,   /* the guest got an undefined-instruction exception */
    BH_EXIT_IRQ_RETIRED, /* end of an injected interrupt */
    BH_EXIT_TIMER,       /* the virtual timer fired */
    BH_EXIT_EVENT,       /* not a guest's doing: notification to the VMM thread */
    BH_EXIT_OTHER,
    BH_EXIT_REASONS,
};

/*
 * Times by powers of two: bucket n counts those whose number of ticks, taken modulo 2^32, has n
 * leading zeroes as a 32-bit word: bucket 32 is 0 ticks, bucket 31 is 1, bucket 30 is 2 and 3, ...
 * The bucket is what one instruction of the processor gives.
 */
#define BH_STATS_BUCKETS 33u

/* Acquisitions of locks that found them taken; spins: tries until they were free. */
struct bh_lock_waits {
    uint64_t waits;
    uint64_t spins;
};

struct bh_stats_vcpu {
    uint64_t exits[BH_EXIT_REASONS];
    uint64_t decoded;  /* accesses whose instruction had to be decoded */
    uint64_t injected; /* interrupts written into list registers */
    struct bh_lock_waits locks;
    uint64_t latency[BH_STATS_BUCKETS]; /* from an entry to its answer, or until the thread waits,
                                           in ticks of the system counter */
};

struct bh_stats {
    uint64_t magic; /* BH_STATS_MAGIC once the VMM counts */
    uint64_t reserved[7];
    struct bh_stats_vcpu vcpu[BH_STATS_VCPUS];
};

_Static_assert(sizeof(struct bh_stats) <= 4096, "the statistics are one page");

#endif
