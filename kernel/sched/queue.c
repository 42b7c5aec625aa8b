/* SPDX-License-Identifier: BSD-2-Clause */
/* Ready queues (constant time), release queues and IPC queues (ordered lists). */
#include "arch.h"
#include "sched.h"

void queue_remove(struct tcb_queue *queue, struct tcb *t)
{
    if (t->prev)
        t->prev->next = t->next;
    else
        queue->head = t->next;
    if (t->next)
        t->next->prev = t->prev;
    else
        queue->tail = t->prev;
    t->next = NULL;
    t->prev = NULL;
}

static struct tcb_queue *ready_queue(const struct tcb *t)
{
    return &cpus[t->core].ready.queue[t->priority];
}

static void insert_ready(struct tcb *t, struct tcb *prev)
{
    struct ready_queues *ready = &cpus[t->core].ready;

    t->in_ready = true;
    queue_insert(ready_queue(t), t, prev);
    ready->map[t->priority / 64] |= BIT(t->priority % 64);
    ready->summary |= BIT(t->priority / 64);
}

void ready_append(struct tcb *t)
{
    insert_ready(t, ready_queue(t)->tail);
}

void ready_push(struct tcb *t)
{
    insert_ready(t, NULL);
}

void ready_remove(struct tcb *t)
{
    struct ready_queues *ready = &cpus[t->core].ready;

    t->in_ready = false;
    queue_remove(ready_queue(t), t);
    if (ready_queue(t)->head)
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

void release_insert(struct tcb *t)
{
    struct cpu *cpu = &cpus[t->core];
    struct tcb *prev = NULL;
    struct tcb *next = cpu->release.head;

    while (next && release_time(next) <= release_time(t)) {
        prev = next;
        next = next->next;
    }
    t->in_release = true;
    queue_insert(&cpu->release, t, prev);
    if (prev)
        return;
    /* The earliest release of a core has changed: its timer has to follow. */
    cpu->reprogram = true;
    if (cpu != this_cpu())
        arch_ipi_reschedule(cpu->core);
}

void release_remove(struct tcb *t)
{
    struct cpu *cpu = &cpus[t->core];

    t->in_release = false;
    /* A timer that fires too early does no harm, so another core need not hear of it. */
    if (cpu->release.head == t)
        cpu->reprogram = true;
    queue_remove(&cpu->release, t);
}
