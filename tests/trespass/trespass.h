/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What user level must not get from the kernel: other people's secrets, more time than it has, or
 * the end of everybody. Each part prints what it has found to be all right, or fails.
 */
#ifndef TRESPASS_H
#define TRESPASS_H

#include "guest.h"
#include "roottask.h"

#define TRESPASS_PRIORITY 100
#define TRESPASS_UNMAPPED 0x12345000ul

/* A guest with a scheduling context; it traps to the endpoint. */
struct trespass_guest {
    struct root_guest config;
    seL4_CPtr endpoint;
    seL4_CPtr reply;
};

/* Makes the objects. What it runs is the caller's to set. */
struct trespass_guest trespass_guest(void);

/* Wakes the root task once in `us`. Returns the notification. */
seL4_CPtr trespass_ticker(uint64_t us);

/* An untyped of device memory that begins at this address. */
seL4_CPtr trespass_device(uint64_t paddr);

/* --- parts --- */

void trespass_address(void);
void trespass_walk(void);
void trespass_idle(void);
void trespass_latency(void);

#endif
