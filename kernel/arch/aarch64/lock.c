/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who waits for the lock serves calls of the holder, who would otherwise wait for ever for a core
 * that waits for the lock.
 */
#include "lock.h"

#include "arch.h"
#include "switch.h"

/* Looks at the lock before a core reserves it: about 100 us, of its own time if it is emulated. */
#define PATIENCE 10000

struct kernel_lock kernel_lock __attribute__((aligned(64)));

/* Somebody else is waited for: lets a multithreaded core, or an emulator, get on with that. */
static void relax(void)
{
    __asm__ volatile("yield" : : : "memory");
}

static void serve_call(struct cpu *cpu)
{
    void (*call)(struct cpu *, void *) = __atomic_load_n(&cpu->arch.call, __ATOMIC_ACQUIRE);

    if (call == NULL)
        return;
    call(cpu, cpu->arch.call_arg);
    __atomic_store_n(&cpu->arch.call, NULL, __ATOMIC_RELEASE);
}

/* Only a core that waits right now can reserve, so that it will take its turn at once. */
static void reserve(uint32_t who)
{
    uint32_t nobody = 0;
    __atomic_compare_exchange_n(&kernel_lock.reserved, &nobody, who, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
}

void lock_wait(struct cpu *cpu)
{
    uint32_t who = cpu->core + 1;

    for (unsigned looks = 0;; looks++) {
        serve_call(cpu);
        bool mine = __atomic_load_n(&kernel_lock.reserved, __ATOMIC_RELAXED) == who;
        uint32_t state = __atomic_load_n(&kernel_lock.state, __ATOMIC_RELAXED);
        if ((state == LOCK_FREE || (state == LOCK_RESERVED && mine)) && lock_try(state))
            break;
        if (!mine && looks >= PATIENCE)
            reserve(who);
        yield();
        relax();
    }
    if (__atomic_load_n(&kernel_lock.reserved, __ATOMIC_RELAXED) == who)
        __atomic_store_n(&kernel_lock.reserved, 0, __ATOMIC_RELAXED);
}

void on_cpu(struct cpu *cpu, void (*call)(struct cpu *cpu, void *arg), void *arg)
{
    if (cpu == this_cpu()) {
        call(cpu, arg);
        return;
    }
    cpu->arch.call_arg = arg;
    __atomic_store_n(&cpu->arch.call, call, __ATOMIC_RELEASE);
    gic->send_sgi(cpu->core, SGI_CALL);
    while (__atomic_load_n(&cpu->arch.call, __ATOMIC_ACQUIRE) != NULL)
        relax();
}

void arch_ipi_reschedule(unsigned core)
{
    gic->send_sgi(core, SGI_RESCHEDULE);
}

/* What the stalled thread has in hardware that is not lazily kept anyway. */
static void stall_here(struct cpu *cpu, void *arg)
{
    (void)arg;
    thread_unload(cpu);
}

void arch_ipi_stall(unsigned core)
{
    on_cpu(&cpus[core], stall_here, NULL);
}
