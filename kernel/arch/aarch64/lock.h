/* SPDX-License-Identifier: BSD-2-Clause */
/* The big kernel lock, and doing things on other cores while holding it. */
#ifndef KEEL_AARCH64_LOCK_H
#define KEEL_AARCH64_LOCK_H

#include "cpu.h"

/* SGIs that keel uses. The reference kernel uses the same two, so that they are never free. */
#define SGI_CALL       0u
#define SGI_RESCHEDULE 1u

/*
 * Whoever comes when it is free gets it: where cores are threads of an emulator, passing it on in
 * turn would mean to wait for each of them to be scheduled. But who has waited for long reserves it
 * for himself, so that every wait is bounded.
 */
extern struct kernel_lock {
    uint32_t state;    /* LOCK_* */
    uint32_t reserved; /* number of a core + 1, 0: nobody waits for that long */
} kernel_lock;

#define LOCK_FREE     0u
#define LOCK_HELD     1u
#define LOCK_RESERVED 2u /* free, but only for the core in `reserved` */

/* Takes the lock if it is in this state. */
static inline bool lock_try(uint32_t state)
{
    return __atomic_compare_exchange_n(&kernel_lock.state, &state, LOCK_HELD, false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/*
 * Waits for the lock, executing meanwhile what the holder asks for with on_cpu(). The caller's
 * thread context must have been saved, and cpu->entry be set.
 */
void lock_wait(struct cpu *cpu);

static inline void lock_drop(void)
{
    if (likely(__atomic_load_n(&kernel_lock.reserved, __ATOMIC_RELAXED) == 0))
        __atomic_store_n(&kernel_lock.state, LOCK_FREE, __ATOMIC_RELEASE);
    else
        __atomic_store_n(&kernel_lock.state, LOCK_RESERVED, __ATOMIC_RELEASE);
}

#endif
