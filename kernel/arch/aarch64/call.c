/* SPDX-License-Identifier: BSD-2-Clause */
/* Doing things on other cores while holding the lock: those that wait for it do them. */
#include "arch.h"
#include "interrupt.h"
#include "switch.h"

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
        arch_relax();
}

void arch_ipi_reschedule(unsigned core)
{
    gic->send_sgi(core, SGI_RESCHEDULE);
}

/* What is kept in the hardware lazily anyway stays there. */
void arch_ipi_stall(unsigned core)
{
    on_cpu(&cpus[core], thread_unload, NULL);
}

void arch_wait_serve(struct cpu *cpu)
{
    void (*call)(struct cpu *, void *) = __atomic_load_n(&cpu->arch.call, __ATOMIC_ACQUIRE);

    if (call == NULL)
        return;
    call(cpu, cpu->arch.call_arg);
    __atomic_store_n(&cpu->arch.call, NULL, __ATOMIC_RELEASE);
}

void arch_wait_sleep(void)
{
    gic->sleep();
}

void arch_wait_wake(unsigned core)
{
    gic->send_sgi(core, SGI_CALL);
}
