/* SPDX-License-Identifier: BSD-2-Clause */
/* What all servers have in common. */
#include "servers.h"

#include <stdio.h>

#include <bulkhead/time.h>

#include "log.h"
#include "servers_private.h"

#define SC_BITS          8u
#define SC_EXTRA_REFILLS 4u

void servers_fill_start(struct bh_start *start, const struct board *board, const char *name)
{
    start->tick_hz = bh_tick_hz();
    start->gic_version = board->gic_version;
    snprintf(start->name, sizeof(start->name), "%s", name);
}

bool servers_set_time(seL4_CPtr control, seL4_CPtr sc, uint64_t budget, uint64_t period)
{
    return log_ok("configuring a scheduling context",
                  seL4_SchedControl_ConfigureFlags(control, sc, budget, period, SC_EXTRA_REFILLS, 0,
                                                   seL4_SchedContext_NoFlag));
}

seL4_CPtr servers_sc(struct realm *realm, seL4_CPtr control, uint64_t budget, uint64_t period)
{
    seL4_CPtr sc = realm_object(realm, seL4_SchedContextObject, SC_BITS, SC_BITS);

    return sc != 0 && servers_set_time(control, sc, budget, period) ? sc : 0;
}

seL4_CPtr servers_fault_endpoint(struct realm *realm, unsigned who, unsigned thread)
{
    return cspace_copy(&realm->node, event_endpoint(), seL4_CapRights_new(1, 0, 0, 1),
                       event_badge(EVENT_FAULT, who, thread));
}
