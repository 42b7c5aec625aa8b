/* SPDX-License-Identifier: BSD-2-Clause */
/* Scheduling: refills, ready and release queues, the choice of the next thread. */
#ifndef KEEL_SCHED_H
#define KEEL_SCHED_H

#include "cpu.h"

/* --- sched/refill.c: the budget of one scheduling context (pure functions of time) --- */

static inline struct refill *refill_head(struct sched_context *sc)
{
    return &sc->refills[sc->refill_head];
}

/* The least amount that is worth running for; set at boot. */
extern ticks min_budget;

/* A configured scheduling context; others never run. */
static inline bool sc_active(const struct sched_context *sc)
{
    return sc->refill_max > 0;
}

static inline bool sc_round_robin(const struct sched_context *sc)
{
    return sc->period == 0;
}

/* Starts over: the whole budget is available at `now`. period 0 means round robin. */
void refill_start(struct sched_context *sc, unsigned max, ticks budget, ticks period, ticks now);

/* New parameters for a scheduling context in use: what has been used of its budget stays used. */
void refill_update(struct sched_context *sc, unsigned max, ticks budget, ticks period, ticks now);

/* Takes `used` ticks off the head and schedules their return. */
void refill_charge(struct sched_context *sc, ticks used);

/* Makes a used-up round-robin budget whole again; true if it was used up. */
bool refill_renew(struct sched_context *sc, ticks now);

/* The thread wakes at `now`: budget that has been waiting becomes one refill starting now. */
void refill_unblock(struct sched_context *sc, ticks now);

/* May the head be used at `now`? */
bool refill_ready(struct sched_context *sc, ticks now);

/* Is enough left in the head after `used` more ticks for the thread to go on? */
bool refill_sufficient(struct sched_context *sc, ticks used);

/* Both: can the thread run at `now`? */
static inline bool refill_usable(struct sched_context *sc, ticks now)
{
    return refill_ready(sc, now) && refill_sufficient(sc, 0);
}

/* --- sched/queue.c --- */

/* Puts a thread behind `prev`; NULL: at the head. */
static inline void queue_insert(struct tcb_queue *queue, struct tcb *t, struct tcb *prev)
{
    t->prev = prev;
    t->next = prev ? prev->next : queue->head;
    if (prev)
        prev->next = t;
    else
        queue->head = t;
    if (t->next)
        t->next->prev = t;
    else
        queue->tail = t;
}

void queue_remove(struct tcb_queue *queue, struct tcb *t);

/* Queues of IPC objects: by priority, first in first out within one. */
static inline void ipc_queue_insert(struct tcb_queue *queue, struct tcb *t)
{
    struct tcb *prev = queue->tail;

    while (prev && prev->priority < t->priority)
        prev = prev->prev;
    queue_insert(queue, t, prev);
}

/* Ready queues of the thread's core. The thread is in no queue / in its ready queue. */
void ready_append(struct tcb *t);
void ready_push(struct tcb *t); /* at the front */
void ready_remove(struct tcb *t);

/* The first thread of the highest priority, or NULL. */
struct tcb *ready_first(const struct cpu *cpu);

/* Highest priority with a thread, -1 if none. */
int ready_top(const struct cpu *cpu);

/* Release queue of the thread's core, ordered by the time of the head refill. */
void release_insert(struct tcb *t);
void release_remove(struct tcb *t);

/* --- sched/scheduler.c --- */

/* Runnable, with a configured scheduling context, not waiting for budget. */
bool thread_schedulable(const struct tcb *t);

/* Reads the clock; what has passed is the current scheduling context's. Once per kernel entry. */
static inline void sched_update_time(struct cpu *cpu, ticks now)
{
    cpu->consumed += now - cpu->now;
    cpu->now = now;
}

/* At kernel entry: has the current thread budget to go on? (The idle thread always has.) */
static inline bool sched_budget_ok(struct cpu *cpu)
{
    return !cpu->sc || refill_sufficient(cpu->sc, cpu->consumed);
}

/*
 * The current thread's head refill is used up: charges it and has the thread wait for its turn or
 * for its next refill, or sends a timeout fault if `may_fault`.
 */
void sched_end_slice(struct cpu *cpu, bool may_fault);

/* Charges what a core's current scheduling context has used so far. */
void sched_commit(struct cpu *cpu);

/* Gives up the rest of the head refill (Yield). */
void sched_give_up(struct cpu *cpu);

/* A thread has become runnable: decides about switching to it, here or on its core. */
void sched_wake(struct tcb *t);

/* Takes the thread out of ready and release queues; the core it is current on chooses anew. */
void sched_dequeue(struct tcb *t);

/* A state that is not runnable: the core it runs on chooses anew. */
void sched_set_state(struct tcb *t, enum thread_state state);

/* New priority: moves within queues. */
void sched_set_priority(struct tcb *t, unsigned priority);

/* The thread, which runs on no other core, follows its scheduling context to this core. */
void sched_migrate(struct tcb *t, unsigned core);

/*
 * If the thread is running on another core, that core is brought into the kernel, the thread is
 * put into its ready queue and what it was about to ask for is repeated later. Afterwards the
 * thread is not current on any core but the calling one, and its context is in memory.
 */
void thread_stall(struct tcb *t);

/*
 * Chooses and switches at the end of every entry: wakes who has budget again, sets the timer.
 * Usually the current thread just goes on.
 */
void sched_settle(struct cpu *cpu);

static inline void sched_finish(struct cpu *cpu)
{
    const struct tcb *t = cpu->current;

    if (cpu->choose || cpu->reprogram || cpu->release.head || t->sc != cpu->sc ||
        t->state == THREAD_RESTART || t->yield_to)
        sched_settle(cpu);
    cpu->work_units = 0;
}

/*
 * Counts a unit of work of a long operation; true if an interrupt wants in. The caller then
 * leaves its objects consistent and returns STATUS_PREEMPTED; the system call is repeated.
 */
bool preemption_point(void);

#endif
