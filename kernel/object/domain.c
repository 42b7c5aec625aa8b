/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scheduling domains. SMP configurations have one, whose schedule is one endless entry and an end
 * marker that cannot be replaced: all there is to do is to check arguments.
 */
#include <sel4/abi/config.h>

#include "arch.h"

#define DOMAIN_ENTRIES 2u
#define DURATION_BITS  56

static enum status set(struct invocation *inv)
{
    if (inv->length < 1 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    if (inv_arg(inv, 0) >= CONFIG_NUM_DOMAINS)
        return inv_fail1(inv, seL4_InvalidArgument, 0);
    if (!cap_is(inv->extra[0]->cap, CAP_THREAD))
        return inv_fail1(inv, seL4_InvalidArgument, 1);
    return STATUS_OK;
}

static enum status schedule_configure(struct invocation *inv)
{
    if (inv->length < 3)
        return inv_fail(inv, seL4_TruncatedMessage);
    if (inv_arg(inv, 0) > DOMAIN_ENTRIES - 2)
        return inv_fail_range(inv, 0, DOMAIN_ENTRIES - 2);
    if (inv_arg(inv, 1) >= CONFIG_NUM_DOMAINS)
        return inv_fail_range(inv, 0, CONFIG_NUM_DOMAINS - 1);
    /* Entry 0 is where the schedule starts, so it may not become an end marker. */
    word duration = inv_arg(inv, 2);
    if (duration == 0 || duration >> DURATION_BITS != 0)
        return inv_fail1(inv, seL4_InvalidArgument, 2);
    return STATUS_OK;
}

static enum status schedule_set_start(struct invocation *inv)
{
    if (inv->length < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    if (inv_arg(inv, 0) >= DOMAIN_ENTRIES)
        return inv_fail_range(inv, 0, DOMAIN_ENTRIES - 1);
    if (inv_arg(inv, 0) != 0)
        return inv_fail1(inv, seL4_InvalidArgument, 0);
    return STATUS_OK;
}

enum status domain_decode(struct invocation *inv)
{
    switch (inv->label) {
    case DomainSetSet:
        return set(inv);
    case DomainScheduleConfigure:
        return schedule_configure(inv);
    case DomainScheduleSetStart:
        return schedule_set_start(inv);
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}
