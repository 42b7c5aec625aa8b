/* SPDX-License-Identifier: BSD-2-Clause */
#include "lock.h"

#include "arch.h"

/* Looks at the lock before a core parks: some ten microseconds. */
#define PATIENCE 1000

struct kernel_lock kernel_lock __attribute__((aligned(64)));

static bool take(uint32_t who)
{
    uint32_t state = __atomic_load_n(&kernel_lock.state, __ATOMIC_RELAXED);

    if (state == LOCK_RESERVED && __atomic_load_n(&kernel_lock.reserved, __ATOMIC_RELAXED) != who)
        return false;
    return state != LOCK_HELD && lock_try(state);
}

/* Only a core that waits right now can reserve, so that it will take its turn at once. */
static void reserve(uint32_t who)
{
    uint32_t nobody = 0;
    __atomic_compare_exchange_n(&kernel_lock.reserved, &nobody, who, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
}

/* Another one may be woken. */
static void arrived(void)
{
    __atomic_fetch_and(&kernel_lock.parked, ~LOCK_COMING, __ATOMIC_RELAXED);
}

/*
 * Sleeps until the lock is dropped or somebody calls. Returns whether it was woken for the lock.
 * `coming`: it was woken so before.
 */
static bool park(uint32_t who, bool coming)
{
    uint32_t own = 1u << (who - 1);

    if (coming)
        reserve(who);
    __atomic_fetch_or(&kernel_lock.parked, own, __ATOMIC_RELAXED);
    if (coming)
        arrived();
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&kernel_lock.state, __ATOMIC_RELAXED) == LOCK_HELD)
        arch_wait_sleep();
    return (__atomic_fetch_and(&kernel_lock.parked, ~own, __ATOMIC_RELAXED) & own) == 0;
}

void lock_wait(struct cpu *cpu)
{
    uint32_t who = cpu->core + 1;
    bool coming = false;

    for (unsigned looks = 0; !take(who); looks++) {
        arch_wait_serve(cpu);
        arch_relax();
        if (looks < PATIENCE)
            continue;
        coming = park(who, coming);
        looks = 0;
    }
    if (coming)
        arrived();
    if (__atomic_load_n(&kernel_lock.reserved, __ATOMIC_RELAXED) == who)
        __atomic_store_n(&kernel_lock.reserved, 0, __ATOMIC_RELAXED);
}

/*
 * Bit of the parked core that is to come: the one the lock is reserved for, else the next after
 * `core`, unless another is on its way. 0: none.
 */
static uint32_t next_parked(uint32_t parked, unsigned core)
{
    uint32_t reserved = __atomic_load_n(&kernel_lock.reserved, __ATOMIC_RELAXED);

    if (reserved != 0)
        return parked & 1u << (reserved - 1);
    if ((parked & LOCK_COMING) != 0)
        return 0;
    uint32_t after = parked & ~((2u << core) - 1);
    uint32_t some = after != 0 ? after : parked;
    return some & -some;
}

void lock_wake(unsigned core)
{
    uint32_t parked = __atomic_load_n(&kernel_lock.parked, __ATOMIC_RELAXED);
    uint32_t next;

    do {
        next = next_parked(parked, core);
        if (next == 0)
            return;
    } while (!__atomic_compare_exchange_n(&kernel_lock.parked, &parked,
                                          (parked & ~next) | LOCK_COMING, false, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
    arch_wait_wake((unsigned)__builtin_ctz(next));
}
