/* SPDX-License-Identifier: BSD-2-Clause */
/* The big kernel lock, and doing things on other cores while holding it. */
#ifndef KEEL_AARCH64_LOCK_H
#define KEEL_AARCH64_LOCK_H

#include "cpu.h"

/* SGIs that keel uses. The reference kernel uses the same two, so that they are never free. */
#define SGI_CALL       0u
#define SGI_RESCHEDULE 1u

/* A ticket lock: cores get the kernel in the order they asked for it. */
extern struct ticket_lock {
    uint32_t next;    /* ticket of the next to come */
    uint32_t serving; /* ticket of the holder */
} kernel_lock;

/* Waits for the turn of a ticket, executing meanwhile what the holder asks for with on_cpu(). */
void lock_wait(struct cpu *cpu, uint32_t ticket);

/* Takes the lock. The caller's thread context must have been saved. */
static inline void lock_take(struct cpu *cpu)
{
    uint32_t ticket = __atomic_fetch_add(&kernel_lock.next, 1, __ATOMIC_RELAXED);

    if (unlikely(__atomic_load_n(&kernel_lock.serving, __ATOMIC_ACQUIRE) != ticket))
        lock_wait(cpu, ticket);
}

static inline void lock_drop(void)
{
    __atomic_store_n(&kernel_lock.serving, kernel_lock.serving + 1, __ATOMIC_RELEASE);
}

#endif
