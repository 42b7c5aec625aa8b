/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A world for the tests: two cores, memory as one untyped, a root thread on core 0 that holds all
 * of it in a CNode of 1,024 slots. Tests act by system calls of the current thread.
 */
#ifndef KEEL_TEST_WORLD_H
#define KEEL_TEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sel4/abi/syscalls.h>

#include "arch.h"
#include "ipc.h"
#include "sched.h"

#define WORLD_BITS  22
#define WORLD_RADIX 10
#define US          10u /* ticks per microsecond of the fake architecture */

enum world_slot {
    W_NULL = 0,
    W_TCB,
    W_CNODE,
    W_VSPACE,
    W_IRQ_CONTROL,
    W_DOMAIN,
    W_SC,
    W_CONTROL, /* SchedControl of core 0; core 1 follows */
    W_CONTROL_1,
    W_UNTYPED,
    W_BUFFER,
    W_FIRST_FREE,
};

struct world {
    char *memory; /* 2^WORLD_BITS bytes, aligned; the untyped's half is the upper one */
    struct slot *cnode;
    struct tcb *root;
    struct sched_context *sc;
    seL4_IPCBuffer *buffer; /* the root thread's IPC buffer */
    unsigned next;          /* free slot */
};

extern struct world world;

int world_setup(void **state);
int world_teardown(void **state);

struct slot *world_slot(unsigned n);
void *world_object(unsigned n);

/* A system call of the thread that is current on the machine's core. */
void world_syscall(int64_t number, word operand, word info);

/* A fault of that thread, with this data word. */
void world_fault(word data);

/* The machine's core has got the lock, but its thread was taken off it while it waited. */
void world_abandon(void);

/*
 * The root thread calls an object: message words after `n`, capabilities from `caps`. Returns the
 * label of the answer. The root thread must be current before and after.
 */
word world_call(unsigned slot, word label, const unsigned *caps, unsigned ncaps, unsigned n, ...);

/* New object in the next free slot; returns the slot. */
unsigned world_new(unsigned type, unsigned bits);

/* A thread with priority, CSpace of the root and its own budget of budget/period us (0: none). */
unsigned world_thread(unsigned priority, word budget_us, word period_us, struct tcb **out);

/* The scheduling context that world_thread made for this thread (slot after the TCB). */
struct sched_context *world_sc(unsigned thread_slot);

/* Time passes and the timer interrupt comes. */
void world_advance(word us);

static inline struct tcb *world_current(void)
{
    return this_cpu()->current;
}

/* Checks the links and rules of the derivation tree for every slot of the world. */
void world_check(void);

#endif
