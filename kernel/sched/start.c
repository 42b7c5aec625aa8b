/* SPDX-License-Identifier: BSD-2-Clause */
/* The first threads. */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

void cpu_init(unsigned core, struct tcb *idle)
{
    struct cpu *cpu = &cpus[core];

    min_budget = arch_us_to_ticks(MIN_BUDGET_US);
    cpu->core = core;
    cpu->now = arch_time();
    cpu->idle = idle;
    cpu->current = idle;
    idle->core = core;
    idle->state = THREAD_IDLE;
}

void boot_start_thread(struct tcb *t, struct sched_context *sc, word budget_us)
{
    struct cpu *cpu = this_cpu();

    t->priority = seL4_MaxPrio;
    t->mcp = seL4_MaxPrio;
    t->state = THREAD_RUNNING;
    sc->core = cpu->core;
    refill_start(sc, SC_CORE_REFILLS, arch_us_to_ticks(budget_us), 0, cpu->now);
    sc_bind_tcb(sc, t);
}

void kernel_start(struct cpu *cpu)
{
    sched_update_time(cpu, arch_time());
    cpu->reprogram = true;
    sched_choose(cpu);
    sched_finish(cpu);
}
