/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spin lock for device state that the VMM threads of several vCPUs share.
 *
 * Which locks there are, in which order they are taken and by which exits: docs/architecture.md,
 * "Locks of the VMM".
 */
#ifndef VMM_CORE_LOCK_H
#define VMM_CORE_LOCK_H

#include <bulkhead/stats.h>
#include <stddef.h>
#include <stdint.h>

struct lock {
    uint32_t held;
};

/* Give way while a lock is busy: its holder may have been preempted on this very core. */
void host_relax(void);

/* Tries between two such offers: what is left of the time slice may be lost by one. */
#define LOCK_PATIENCE 1024u

/* Returns how often it was found taken: 0 = no wait. */
static inline unsigned lock_take(struct lock *lock)
{
    unsigned tries = 0;
    while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE) != 0) {
        if (++tries % LOCK_PATIENCE == 0) {
            host_relax();
        }
    }
    return tries;
}

/* Count a wait. waits: written by the calling thread only; NULL = nobody counts. */
static inline void lock_count(struct bh_lock_waits *waits, unsigned tries)
{
    if (waits != NULL) {
        waits->waits++;
        waits->spins += tries;
    }
}

static inline void lock_release(struct lock *lock)
{
    __atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

#endif
