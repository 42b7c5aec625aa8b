/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that build the servers share. */
#ifndef MANAGER_SERVERS_PRIVATE_H
#define MANAGER_SERVERS_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "memory.h"

/* A scheduling context of the core that `control` is for; times in microseconds. 0 = failed. */
seL4_CPtr servers_sc(struct realm *realm, seL4_CPtr control, uint64_t budget, uint64_t period);

/* What such a context gives; as if none of it was used, if it belongs to no thread that could run.
 */
bool servers_set_time(seL4_CPtr control, seL4_CPtr sc, uint64_t budget, uint64_t period);

/* The manager's endpoint for faults of a server's thread; 0 = failed. who: EVENT_*_SERVER. */
seL4_CPtr servers_fault_endpoint(struct realm *realm, unsigned who, unsigned thread);

#endif
