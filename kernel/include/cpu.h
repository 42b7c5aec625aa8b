/* SPDX-License-Identifier: BSD-2-Clause */
/* State per core, and the kernel's entry points. All of it is guarded by the big lock. */
#ifndef KEEL_CPU_H
#define KEEL_CPU_H

#include "config.h"
#include "object.h"

struct ready_queues {
    word summary;                         /* bit n: map[n] is not 0 */
    word map[CONFIG_NUM_PRIORITIES / 64]; /* bit p: queue of priority p has a thread */
    struct tcb_queue queue[CONFIG_NUM_PRIORITIES];
};

struct cpu {
    struct arch_cpu arch;    /* first: entry code knows its offset */
    struct tcb *current;     /* never NULL; may be `idle` */
    struct tcb *candidate;   /* woken during this entry, in no queue; or NULL */
    bool choose;             /* the current thread may not be the one to go on with */
    bool reprogram;          /* the timer's deadline may have changed */
    volatile bool repeats;   /* waits for the lock for its thread, which repeats what it wanted */
    volatile bool abandoned; /* the thread was taken off the core while it waited */
    uint32_t core;
    uint32_t work_units; /* since the last preemption check */

    ticks now;                /* time of the last kernel entry */
    ticks consumed;           /* by `sc` since it was last charged */
    struct sched_context *sc; /* that time is counted for; NULL when idle */
    struct tcb_queue release; /* threads waiting for budget, earliest first */

    struct tcb *idle;
    struct ready_queues ready;
};

extern struct cpu cpus[MAX_CPUS];
extern unsigned cpu_count;

/* The calling core's state. Defined by the architecture (one instruction). */
static inline struct cpu *this_cpu(void);

/* --- entry points, called by the architecture with the lock held --- */

/*
 * The architecture has saved the current thread's context in cpu->current->arch and taken the lock.
 * If it had to wait for it, it has set cpu->repeats before; if it finds cpu->abandoned set then, it
 * clears it and calls kernel_tick instead of what it came for, which the thread will repeat.
 *
 * Each of these does all there is to do, including scheduling and programming the timer;
 * afterwards the architecture drops the lock and restores cpu->current (arch_switch_to was called
 * if it is another thread than before).
 */

/*
 * The ways that most system calls and faults go, for speed only: to be tried first. True if
 * everything is done and a thread runs (not the idle thread), false if nothing is.
 */
bool kernel_syscall_fast(struct cpu *cpu, word number);
bool kernel_fault_fast(struct cpu *cpu, enum seL4_Fault_tag type, word data0, word data1,
                       word data2);

/* A system call instruction with this number. */
void kernel_syscall(struct cpu *cpu, word number);

/*
 * A fault of the current thread (everything but capability and timeout faults): type and data go
 * to t->fault. Nothing is lost if the thread has no budget: it faults again later.
 */
void kernel_fault(struct cpu *cpu, enum seL4_Fault_tag type, word data0, word data1, word data2);

/*
 * The same for events that come again if ignored: nothing happens if the current thread is not
 * runnable or out of budget. Returns whether the fault was taken.
 */
bool kernel_event(struct cpu *cpu, enum seL4_Fault_tag type, word data0);

/*
 * A device interrupt (arch index < ARCH_IRQS), already taken from the interrupt controller, which
 * keeps it quiet until arch_irq_ack.
 */
void kernel_interrupt(struct cpu *cpu, unsigned irq);

/* The kernel timer, a reschedule or stall request from another core, or a spurious interrupt. */
void kernel_tick(struct cpu *cpu);

/* --- boot --- */

/* Sets up cpus[core]: empty queues, idle thread current. `idle` is zeroed memory for a struct
 * tcb.
 */
void cpu_init(unsigned core, struct tcb *idle);

/*
 * Makes `t` runnable on the boot core with a fresh round-robin scheduling context of `budget_us`,
 * priority and MCP 255. Its registers have been set.
 */
void boot_start_thread(struct tcb *t, struct sched_context *sc, word budget_us);

/* First choice of a thread on the calling core, after boot; then restore cpu->current. */
void kernel_start(struct cpu *cpu);

#include "arch_cpu.h" /* defines this_cpu() */

#endif
