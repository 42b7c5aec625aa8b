/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting what a vCPU does, on its own thread: some fourteen instructions for each exit. */
#ifndef VMM_CORE_STATS_H
#define VMM_CORE_STATS_H

#include <bulkhead/stats.h>

#include "core/host.h"
#include "core/lock.h"
#include "core/vcpu.h"

/* Take a lock on the vCPU's behalf. */
static inline void stats_lock_take(struct vcpu *vcpu, struct lock *lock)
{
    unsigned tries = lock_take(lock);
    if (tries != 0) {
        lock_count(&vcpu->stats->locks, tries);
    }
}

/* The vCPU has stopped, or what it waited for has come: its answer is due from now on. */
static inline void stats_arrived(struct vcpu *vcpu)
{
    vcpu->arrival = (uint32_t)host_stamp();
}

/* It is about to be answered, or to wait for an event; now: a stamp. */
static inline void stats_answered(struct vcpu *vcpu, uint64_t now)
{
    uint32_t ticks = (uint32_t)now - vcpu->arrival;
    vcpu->stats->latency[ticks == 0 ? 32 : __builtin_clz(ticks)]++;
}

/* Its VMM thread has begun to run: the first event. */
static inline void stats_begin(struct vcpu *vcpu)
{
    vcpu->stats->exits[BH_EXIT_EVENT]++;
    stats_arrived(vcpu);
}

#endif
