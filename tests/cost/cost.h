/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What kernel operations cost. Under -icount shift=0 an instruction takes a nanosecond of the
 * guest's time, so that ticks of the counter tell instructions; one tick is 16 of them.
 */
#ifndef COST_H
#define COST_H

#include "roottask.h"

#define COST_LOOPS 2000u

/* Ticks at the start and the end of a loop of COST_LOOPS. */
struct cost_span {
    volatile uint64_t start;
    volatile uint64_t end;
};

void cost_print(const char *name, const struct cost_span *span);

/* Objects every measurement may use, and two native threads. */
struct cost {
    seL4_CPtr endpoint;
    seL4_CPtr reply;
    seL4_CPtr notification; /* nobody waits for it */
    seL4_CPtr done;         /* a measurement is over */
    seL4_CPtr client, client_sc;
    seL4_CPtr server, server_sc;
    seL4_CPtr guest, guest_sc, vcpu, cspace;
};

extern struct cost cost;
extern struct root_stack cost_client_stack, cost_server_stack;

/* Priorities; the root task is above all of them. */
#define COST_PRIORITY 100

/* System calls, messages, register invocations. */
void cost_calls(void);
void cost_messages(void);
/* Faults of a guest and their answers. */
void cost_faults(void);

/* Waits until the measurement has signalled `done`, then stops both threads. */
void cost_wait(void);

/* Starts the server and waits until it receives; then it is made passive if asked for. */
void cost_start_server(void (*entry)(void *), void *arg, unsigned priority, bool passive);

/* --- guest.S: endless loops at EL1 --- */

void cost_guest_load(void);
void cost_guest_store(void);
void cost_guest_smc(void);
void cost_guest_wfi(void);
void cost_guest_hvc(void);
#define COST_UNMAPPED 0x10000000ul

#endif
