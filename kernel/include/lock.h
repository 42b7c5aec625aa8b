/* SPDX-License-Identifier: BSD-2-Clause */
/* The big kernel lock. */
#ifndef KEEL_LOCK_H
#define KEEL_LOCK_H

#include "cpu.h"

/*
 * Whoever comes when it is free gets it. Who has looked at it in vain for long parks: he sleeps
 * until he is woken, because the core that holds the lock may be a thread of an emulator which
 * needs the processor the looks are made with. One parked core at a time is on its way back, and if
 * it has to park again it reserves the lock, so that every wait is bounded.
 */
extern struct kernel_lock {
    uint32_t state;    /* LOCK_* */
    uint32_t reserved; /* number of a core + 1, 0: nobody waits for that long */
    uint32_t parked;   /* a bit per core, and LOCK_COMING */
} kernel_lock;

#define LOCK_FREE     0u
#define LOCK_HELD     1u
#define LOCK_RESERVED 2u /* free, but only for the core in `reserved` */

/* In `parked`: a core was woken, and has neither got the lock nor parked again. */
#define LOCK_COMING (1u << 31)

/* Takes the lock if it is in this state. */
static inline bool lock_try(uint32_t state)
{
    return __atomic_compare_exchange_n(&kernel_lock.state, &state, LOCK_HELD, false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/*
 * Waits for the lock, doing meanwhile what the holder asks of it. The caller's thread
 * context must have been saved, and cpu->repeats be set.
 */
void lock_wait(struct cpu *cpu);

/* Wakes a parked core, after this one has dropped the lock. */
void lock_wake(unsigned core);

static inline void lock_drop(const struct cpu *cpu)
{
    if (likely(__atomic_load_n(&kernel_lock.reserved, __ATOMIC_RELAXED) == 0))
        __atomic_store_n(&kernel_lock.state, LOCK_FREE, __ATOMIC_RELEASE);
    else
        __atomic_store_n(&kernel_lock.state, LOCK_RESERVED, __ATOMIC_RELEASE);
    /* Who parks after this load sees the lock free: park() has the other fence. */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (unlikely(__atomic_load_n(&kernel_lock.parked, __ATOMIC_RELAXED) != 0))
        lock_wake(cpu->core);
}

#endif
