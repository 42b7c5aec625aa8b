/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spin lock for device state that the VMM threads of several vCPUs share.
 *
 * Lock order (outermost first): device -> interrupt controller -> console output. While a lock is
 * held nothing waits, but for room in the console (bounded), and only kicks and log lines are sent.
 */
#ifndef VMM_CORE_LOCK_H
#define VMM_CORE_LOCK_H

#include <stdint.h>

struct lock {
    uint32_t held;
};

/* Give way while a lock is busy: its holder may have been preempted on this very core. */
void host_relax(void);

/* Tries between two such offers: what is left of the time slice may be lost by one. */
#define LOCK_PATIENCE 1024u

static inline void lock_take(struct lock *lock)
{
    unsigned tries = 0;
    while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE) != 0) {
        if (++tries % LOCK_PATIENCE == 0) {
            host_relax();
        }
    }
}

static inline void lock_release(struct lock *lock)
{
    __atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

#endif
