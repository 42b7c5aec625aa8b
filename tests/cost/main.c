/* SPDX-License-Identifier: BSD-2-Clause */
#include "cost.h"

#include <bulkhead/time.h>

#define INSTRUCTIONS_PER_TICK 16

struct cost cost;
struct root_stack cost_client_stack, cost_server_stack;

void cost_print(const char *name, const struct cost_span *span)
{
    uint64_t instructions = (span->end - span->start) * INSTRUCTIONS_PER_TICK;

    root_print("cost: %s %lu\n", name, (unsigned long)(instructions / COST_LOOPS));
}

void cost_wait(void)
{
    seL4_Word badge;

    seL4_Wait(cost.done, &badge);
    seL4_TCB_Suspend(cost.client);
    seL4_TCB_Suspend(cost.server);
    seL4_TCB_Suspend(cost.guest);
    seL4_SchedContext_Unbind(cost.client_sc);
    seL4_SchedContext_Unbind(cost.server_sc);
    seL4_SchedContext_Unbind(cost.guest_sc);
}

void cost_start_server(void (*entry)(void *), void *arg, unsigned priority, bool passive)
{
    struct root_thread server = {.tcb = cost.server,
                                 .sc = cost.server_sc,
                                 .priority = priority,
                                 .entry = entry,
                                 .arg = arg,
                                 .stack = &cost_server_stack};
    seL4_Word badge;

    root_thread(&server, true);
    seL4_Wait(cost.done, &badge);
    if (passive) {
        root_check(seL4_SchedContext_UnbindObject(cost.server_sc, cost.server), "make passive");
    }
}

static void make_objects(void)
{
    const uint64_t slice = 1000000; /* longer than any measurement */

    cost.endpoint = root_object(seL4_EndpointObject, 0);
    cost.reply = root_object(seL4_ReplyObject, 0);
    cost.notification = root_object(seL4_NotificationObject, 0);
    cost.done = root_object(seL4_NotificationObject, 0);
    cost.client = root_object(seL4_TCBObject, 0);
    cost.client_sc = root_object(seL4_SchedContextObject, 8);
    cost.server = root_object(seL4_TCBObject, 0);
    cost.server_sc = root_object(seL4_SchedContextObject, 8);
    cost.guest = root_object(seL4_TCBObject, 0);
    cost.guest_sc = root_object(seL4_SchedContextObject, 8);
    cost.vcpu = root_object(seL4_ARM_VCPUObject, 0);
    cost.cspace = root_object(seL4_CapTableObject, 1);
    root_round_robin(cost.client_sc, 0, slice);
    root_round_robin(cost.server_sc, 0, slice);
    root_round_robin(cost.guest_sc, 0, slice);
}

void bh_root_main(seL4_BootInfo *bootinfo)
{
    root_init(bootinfo, "cost");
    make_objects();
    cost_calls();
    cost_messages();
    cost_faults();
    root_print("cost: end\n");
    root_power_off();
}
