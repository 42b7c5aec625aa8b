/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Randomised work for the kernel on all cores, in phases. A phase builds its objects from one
 * untyped, lets them work while the root task disturbs them, checks what must hold, and revokes the
 * untyped. Everything random comes from one seed; the interleaving of cores does not.
 */
#ifndef STRESS_H
#define STRESS_H

#include "roottask.h"

#define STRESS_THREADS   48
#define STRESS_MAX_CORES 8

struct stress {
    unsigned cores;
    unsigned scale; /* how many times the usual work */
    bool keel;      /* extensions are there, VCPUs may be moved freely */
    uint64_t random;
    seL4_CPtr tick;
    seL4_CPtr first_slot; /* of the phase */
    unsigned stacks;      /* used in this phase */
};

extern struct stress stress;

/* --- main.c --- */

uint32_t stress_random(void);
unsigned stress_below(unsigned n);
bool stress_one_in(unsigned n);

/* A generator of one's own for threads. */
uint32_t stress_next(uint64_t *state);

/* An object of the phase. */
seL4_CPtr stress_object(seL4_Word type, seL4_Word size_bits);

/* A fresh stack of the phase. */
struct root_stack *stress_stack(void);

/* A TCB and a scheduling context on `core`, ready to be started. */
struct stress_thread {
    struct root_thread config;
    unsigned core;
};
void stress_make_thread(struct stress_thread *t, unsigned core, unsigned priority,
                        void (*entry)(void *), void *arg);

/* New parameters: sometimes round robin, sometimes a budget. */
void stress_configure(seL4_CPtr sc, unsigned core);

/* Waits for the next millisecond; others run meanwhile on the root task's core. */
void stress_pause(void);

/* Has the phase had its time? */
bool stress_over(void);

/* Does it hang? The other fails the test then. */
bool stress_late(void);
void stress_watch(const char *what);

_Noreturn void stress_park(void);

/* --- phases --- */

void stress_memory(void);
void stress_messages(void);
void stress_signals(void);
void stress_badges(void);
void stress_interrupts(void);
void stress_triggers(void);
void stress_chaos(void);
void stress_guests(void);
void stress_budgets(void);

#endif
