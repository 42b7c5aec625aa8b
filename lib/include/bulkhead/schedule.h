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

/*
 * The console server, on core 0, above every VM. The period is short for the UART's sake: at 115200
 * baud its 32 bytes of FIFO are full after 2.8 ms, and while the server has no budget nobody
 * empties it.
 */
#define BH_CONSOLE_CORE      0u
#define BH_CONSOLE_BUDGET_US 200u
#define BH_CONSOLE_PERIOD_US 2000u

/* The manager, on core 0, above everything: it runs when a VM is built, ends or fails. */
#define BH_MANAGER_CORE      0u
#define BH_MANAGER_BUDGET_US 1000u
#define BH_MANAGER_PERIOD_US 10000u

/*
 * The timer server, on every core above all VMs. A VMM thread may call it once in BH_TIMER_CALL_US
 * on average and BH_TIMER_BURST times in a row; the answer to more is put off. BH_TIMER_PPM,
 * millionths of the core, are kept for each vCPU: that many calls with all that follows (the alarm
 * set, gone off, the VMM thread signalled), at 5 us each.
 */
#define BH_TIMER_CALL_US 500u
#define BH_TIMER_BURST   8u
#define BH_TIMER_PPM     10000u

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
