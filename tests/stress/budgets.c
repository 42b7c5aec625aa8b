/* SPDX-License-Identifier: BSD-2-Clause */
/* A scheduling context of a fifth of a core gets that, beside one that takes all there is. */
#include "stress.h"

#include <bulkhead/time.h>

#define BUDGET_US  2000
#define PERIOD_US  10000
#define MEASURE_MS 600
#define TOLERANCE  20 /* permille of the core */

static void spin(void *arg)
{
    for (;;) {
    }
}

void stress_budgets(void)
{
    struct stress_thread limited[STRESS_MAX_CORES] = {0}, greedy[STRESS_MAX_CORES] = {0};
    uint64_t start, us;

    for (unsigned core = 0; core < stress.cores; core++) {
        stress_make_thread(&limited[core], core, 110, spin, NULL);
        stress_make_thread(&greedy[core], core, 100, spin, NULL);
        root_check(seL4_SchedControl_ConfigureFlags(root.bootinfo->schedcontrol.start + core,
                                                    limited[core].config.sc, BUDGET_US, PERIOD_US,
                                                    4, 0, 0),
                   "configure a fifth");
        root_round_robin(greedy[core].config.sc, core, 1000);
        root_thread(&greedy[core].config, true);
        root_thread(&limited[core].config, true);
    }
    for (unsigned core = 0; core < stress.cores; core++) {
        seL4_SchedContext_Consumed(limited[core].config.sc);
    }
    start = bh_ticks();
    while (bh_ticks() - start < bh_tick_hz() / 1000 * MEASURE_MS) {
        stress_pause();
    }
    for (unsigned core = 0; core < stress.cores; core++) {
        uint64_t consumed = seL4_SchedContext_Consumed(limited[core].config.sc).consumed;
        us = (bh_ticks() - start) * 1000 / (bh_tick_hz() / 1000);
        uint64_t permille = consumed * 1000 / us;
        root_print("stress: core %u: %lu permille of 200\n", core, (unsigned long)permille);
        /* Emulated cores get time from a busy host, unless there is one and it is counted. */
        if (stress.cores == 1 && (permille < 200 - TOLERANCE || permille > 200 + TOLERANCE)) {
            root_fail("core %u: budget not kept", core);
        }
    }
}
