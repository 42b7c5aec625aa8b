/* SPDX-License-Identifier: BSD-2-Clause */
/* Ready queues (constant time), release queues and IPC queues (ordered lists). */
#include "arch.h"
#include "sched.h"

static struct ready_queues *queues_of(const struct tcb *t)
{
    return &cpus[t->core].ready;
}

/* Between two neighbours of its ready queue; NULL: at that end. */
static void link(struct tcb *t, struct tcb *prev, struct tcb *next)
{
    struct ready_queues *ready = queues_of(t);
    struct tcb_queue *queue = &ready->queue[t->priority];

    t->in_ready = true;
    t->sched_prev = prev;
    t->sched_next = next;
    if (prev)
        prev->sched_next = t;
    else
        queue->head = t;
    if (next)
        next->sched_prev = t;
    else
        queue->tail = t;
    ready->map[t->priority / 64] |= BIT(t->priority % 64);
    ready->summary |= BIT(t->priority / 64);
}

void ready_append(struct tcb *t)
{
    link(t, queues_of(t)->queue[t->priority].tail, NULL);
}

void ready_push(struct tcb *t)
{
    link(t, NULL, queues_of(t)->queue[t->priority].head);
}

void ready_remove(struct tcb *t)
{
    struct ready_queues *ready = queues_of(t);
    struct tcb_queue *queue = &ready->queue[t->priority];

    t->in_ready = false;
    if (t->sched_prev)
        t->sched_prev->sched_next = t->sched_next;
    else
        queue->head = t->sched_next;
    if (t->sched_next)
        t->sched_next->sched_prev = t->sched_prev;
    else
        queue->tail = t->sched_prev;
    if (queue->head)
        return;
    ready->map[t->priority / 64] &= ~BIT(t->priority % 64);
    if (ready->map[t->priority / 64] == 0)
        ready->summary &= ~BIT(t->priority / 64);
}

int ready_top(const struct cpu *cpu)
{
    if (cpu->ready.summary == 0)
        return -1;
    int index = 63 - __builtin_clzll(cpu->ready.summary);
    return index * 64 + 63 - __builtin_clzll(cpu->ready.map[index]);
}

struct tcb *ready_first(const struct cpu *cpu)
{
    int top = ready_top(cpu);
    return top < 0 ? NULL : cpu->ready.queue[top].head;
}

static ticks release_time(const struct tcb *t)
{
    return refill_head(t->sc)->time;
}

/* The earliest release of a core has changed: its timer has to follow. */
static void release_changed(struct cpu *cpu)
{
    cpu->reprogram = true;
    if (cpu != this_cpu())
        arch_ipi_reschedule(cpu->core);
}

void release_insert(struct tcb *t)
{
    struct cpu *cpu = &cpus[t->core];
    struct tcb *prev = NULL;
    struct tcb *next = cpu->release;

    while (next && release_time(next) <= release_time(t)) {
        prev = next;
        next = next->sched_next;
    }
    t->in_release = true;
    t->sched_prev = prev;
    t->sched_next = next;
    if (next)
        next->sched_prev = t;
    if (prev) {
        prev->sched_next = t;
        return;
    }
    cpu->release = t;
    release_changed(cpu);
}

void release_remove(struct tcb *t)
{
    struct cpu *cpu = &cpus[t->core];

    t->in_release = false;
    if (t->sched_next)
        t->sched_next->sched_prev = t->sched_prev;
    if (t->sched_prev) {
        t->sched_prev->sched_next = t->sched_next;
        return;
    }
    /* A timer that fires too early does no harm, so another core need not hear of it. */
    cpu->release = t->sched_next;
    cpu->reprogram = true;
}

void ipc_queue_remove(struct tcb_queue *queue, struct tcb *t)
{
    if (t->ipc_prev)
        t->ipc_prev->ipc_next = t->ipc_next;
    else
        queue->head = t->ipc_next;
    if (t->ipc_next)
        t->ipc_next->ipc_prev = t->ipc_prev;
    else
        queue->tail = t->ipc_prev;
    t->ipc_next = NULL;
    t->ipc_prev = NULL;
}
