/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who runs. The current thread of a core is in no queue while it runs. A kernel entry may leave a
 * candidate (a thread it woke) or ask for a new choice; sched_finish decides once, at the end.
 */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

struct cpu cpus[MAX_CPUS];
unsigned cpu_count;

bool thread_schedulable(const struct tcb *t)
{
    return !thread_stopped(t) && t->sc && sc_active(t->sc) && !t->in_release;
}

void sched_commit(struct cpu *cpu)
{
    if (cpu->sc && sc_active(cpu->sc)) {
        refill_charge(cpu->sc, cpu->consumed);
        cpu->sc->consumed += cpu->consumed;
    }
    cpu->consumed = 0;
}

/* Where a runnable thread waits that is not to run now. */
static void enqueue(struct tcb *t, bool front)
{
    ticks now = this_cpu()->now;

    if (refill_renew(t->sc, now))
        front = false;
    if (!refill_usable(t->sc, now))
        release_insert(t);
    else if (front)
        ready_push(t);
    else
        ready_append(t);
}

void sched_end_slice(struct cpu *cpu, bool may_fault)
{
    struct tcb *t = cpu->current;

    sched_commit(cpu);
    cpu->reprogram = true;
    if (!thread_schedulable(t))
        return;
    cpu->choose = true;
    if (may_fault && !sc_round_robin(t->sc) && fault_timeout(t))
        return;
    enqueue(t, false);
}

void sched_give_up(struct cpu *cpu)
{
    struct sched_context *sc = cpu->sc;
    ticks consumed = sc->consumed + cpu->consumed;

    cpu->consumed = max_word(refill_head(sc)->amount, cpu->consumed);
    sched_end_slice(cpu, false);
    sc->consumed = consumed; /* what was given up was not used */
}

/* A thread for another core. */
static void wake_remote(struct tcb *t)
{
    struct cpu *cpu = &cpus[t->core];

    ready_append(t);
    if (cpu->current != cpu->idle && t->priority <= cpu->current->priority)
        return;
    cpu->choose = true;
    arch_ipi_reschedule(t->core);
}

void sched_wake(struct tcb *t)
{
    struct cpu *cpu = this_cpu();

    if (!thread_schedulable(t) || t->in_ready)
        return;
    if (t->sc != cpu->sc) {
        if (t->sc->sporadic)
            refill_unblock(t->sc, cpu->now);
        refill_renew(t->sc, cpu->now);
        if (!refill_usable(t->sc, cpu->now)) {
            release_insert(t);
            return;
        }
    }
    if (t->core != cpu->core) {
        wake_remote(t);
    } else if (t == cpu->current) {
        cpu->choose = true;
    } else if (!cpu->candidate) {
        cpu->candidate = t;
        cpu->choose = true;
    } else if (t->priority > cpu->candidate->priority) {
        ready_push(cpu->candidate);
        cpu->candidate = t;
    } else {
        ready_append(t);
    }
}

void sched_dequeue(struct tcb *t)
{
    struct cpu *cpu = &cpus[t->core];

    if (t->in_ready)
        ready_remove(t);
    if (t->in_release)
        release_remove(t);
    if (cpu->candidate == t) {
        cpu->candidate = NULL;
        cpu->choose = true;
    }
    if (cpu->current == t)
        cpu->choose = true;
}

void sched_set_state(struct tcb *t, enum thread_state state)
{
    t->state = state;
    if (cpus[t->core].current == t)
        cpus[t->core].choose = true;
}

void sched_set_priority(struct tcb *t, unsigned priority)
{
    bool ready = t->in_ready;

    if (ready)
        ready_remove(t);
    t->priority = (uint8_t)priority;
    if (thread_queued(t)) {
        queue_remove(t->queue, t);
        ipc_queue_insert(t->queue, t);
    } else if (ready) {
        if (t->core == this_cpu()->core && thread_schedulable(t))
            sched_wake(t);
        else
            wake_remote(t);
    } else if (cpus[t->core].current == t) {
        cpus[t->core].choose = true;
    }
}

void sched_migrate(struct tcb *t, unsigned core)
{
    if (t->core == core)
        return;
    sched_dequeue(t);
    arch_migrate(t);
    t->core = core;
}

void thread_stall(struct tcb *t)
{
    struct cpu *cpu = this_cpu();
    struct cpu *remote = &cpus[t->core];

    if (remote == cpu || remote->current != t || t == remote->idle)
        return;
    arch_ipi_stall(remote->core);

    if (remote->now < cpu->now)
        sched_update_time(remote, cpu->now);
    sched_commit(remote);
    if (remote->repeats) {
        remote->abandoned = true;
        t->state = THREAD_RESTART;
    }
    remote->current = remote->idle;
    remote->sc = NULL;
    remote->choose = true;
    if (thread_schedulable(t) && !t->in_ready)
        enqueue(t, true);
}

/* Threads whose next refill has become ready. */
static void awaken(struct cpu *cpu)
{
    while (cpu->release.head && refill_ready(cpu->release.head->sc, cpu->now)) {
        struct tcb *t = cpu->release.head;
        release_remove(t);
        sched_wake(t);
    }
}

/* The first ready thread that really has budget, out of its queue; the idle thread if none. */
static struct tcb *choose(struct cpu *cpu)
{
    for (;;) {
        struct tcb *t = ready_first(cpu);
        if (!t)
            return cpu->idle;
        ready_remove(t);
        if (t->sc == cpu->sc || refill_usable(t->sc, cpu->now))
            return t;
        enqueue(t, false);
    }
}

/* Is the current thread still one to run on this core, and not queued to wait for its turn? */
static bool may_continue(const struct cpu *cpu)
{
    const struct tcb *t = cpu->current;
    return t != cpu->idle && t->core == cpu->core && thread_schedulable(t) && !t->in_ready;
}

static struct tcb *decide(struct cpu *cpu)
{
    struct tcb *current = cpu->current;
    struct tcb *candidate = cpu->candidate;
    bool keep = may_continue(cpu);

    cpu->candidate = NULL;
    if (candidate) {
        if (keep && candidate->priority <= current->priority)
            ready_append(candidate);
        else if (candidate->priority < ready_top(cpu))
            ready_push(candidate);
        else
            return candidate;
    }
    if (keep && current->priority >= ready_top(cpu))
        return current;
    return NULL;
}

/* From here on time is counted for the scheduling context of `t`. */
static void switch_sc(struct cpu *cpu, struct sched_context *sc)
{
    if (cpu->sc == sc)
        return;
    sched_commit(cpu);
    cpu->sc = sc;
    cpu->reprogram = true;
    if (sc && !sc->sporadic)
        refill_unblock(sc, cpu->now);
}

static void set_deadline(struct cpu *cpu)
{
    ticks deadline = cpu->release.head ? refill_head(cpu->release.head->sc)->time : TICKS_MAX;

    if (cpu->sc)
        deadline = min_word(deadline, cpu->now - cpu->consumed + refill_head(cpu->sc)->amount);
    cpu->reprogram = false;
    arch_set_deadline(deadline);
}

static void reschedule(struct cpu *cpu)
{
    struct tcb *old = cpu->current;
    bool keep = may_continue(cpu);
    struct tcb *next = decide(cpu);

    cpu->choose = false;
    if (next == old)
        return;
    if (keep) {
        /* Preempted: charged first, so that it waits where its budget says. */
        sched_commit(cpu);
        enqueue(old, true);
    }
    if (!next)
        next = choose(cpu);
    if (next == old)
        return;
    if (next != cpu->idle)
        arch_switch_to(cpu, next);
    cpu->current = next;
}

void sched_settle(struct cpu *cpu)
{
    if (cpu->release.head)
        awaken(cpu);
    if (cpu->choose)
        reschedule(cpu);

    struct tcb *t = cpu->current;
    switch_sc(cpu, t->sc);
    if (t->state == THREAD_RESTART) {
        arch_restart(t);
        t->state = THREAD_RUNNING;
    }
    if (unlikely(t->yield_to))
        sc_complete_yield(t);
    if (cpu->reprogram)
        set_deadline(cpu);
}

bool preemption_point(void)
{
    struct cpu *cpu = this_cpu();

    if (++cpu->work_units < WORK_UNITS)
        return false;
    cpu->work_units = 0;
    return arch_interrupt_pending();
}

/* --- the first threads --- */

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
    cpu->choose = true;
    sched_finish(cpu);
}
