/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time on a core, as the host tool counts it and the manager hands it out: one place for both, so
 * that what `bulkhead check` admits is what the kernel enforces.
 *
 * A vCPU whose budget is less than its period has a *reservation*: it gets the budget in every
 * period, and no more. Work that its VMM does while the vCPU waits (timers, console input) runs on
 * a second scheduling context, whose budget comes on top. A vCPU whose budget is its period runs
 * whenever nothing of higher priority wants to: best effort.
 */
#ifndef BULKHEAD_SCHEDULE_H
#define BULKHEAD_SCHEDULE_H

#include <stdint.h>

#define BH_MAX_VM_PRIORITY 200u
#define BH_MIN_BUDGET_US   20u /* the kernel's smallest budget */
#define BH_MIN_PERIOD_US   100u
#define BH_MAX_PERIOD_US   10000000u

#define BH_EVENT_SHARE  10u  /* events get a tenth of the budget, */
#define BH_MIN_EVENT_US 200u /* at least this, if it is not more than the budget */

/* The console server, on core 0, above every VM. */
#define BH_CONSOLE_CORE      0u
#define BH_CONSOLE_BUDGET_US 3000u
#define BH_CONSOLE_PERIOD_US 10000u

/* The manager, on core 0, above everything: it runs when a VM is built, ends or fails. */
#define BH_MANAGER_CORE      0u
#define BH_MANAGER_BUDGET_US 2000u
#define BH_MANAGER_PERIOD_US 10000u

/* Kept for the timer server on every core, in millionths. Alarms are asked for by VMM threads on
 * their own time, so the work they make is bounded by that; this is what it may come to. */
#define BH_TIMER_PPM 100000u

/* Budget for events of a vCPU with this budget and period, in microseconds. */
static inline uint32_t bh_event_budget_us(uint32_t budget_us, uint32_t period_us)
{
    uint32_t share = budget_us / BH_EVENT_SHARE;

    if (budget_us >= period_us) {
        return period_us;
    }
    share = share < BH_MIN_EVENT_US ? BH_MIN_EVENT_US : share;
    share = share > budget_us ? budget_us : share;
    return share > period_us ? period_us : share;
}

#endif
