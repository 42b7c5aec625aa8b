/* SPDX-License-Identifier: BSD-2-Clause */
#include "power.h"

#include <bulkhead/sel4.h>
#include <bulkhead/time.h>

#include "log.h"
#include "servers.h"

#define PSCI_SYSTEM_OFF 0x84000008u /* Arm DEN 0022, 5.1.9 */
#define LOW_PRIORITY    1u          /* below everything that still has something to do */
#define DRAIN_MS        2000u
#define SETTLE_MS       50u /* for what is in the UART */

static void wait_until(uint64_t deadline)
{
    while (bh_ticks() < deadline) {
        seL4_Yield();
    }
}

_Noreturn void power_off(void)
{
    uint64_t ms = bh_tick_hz() / 1000;
    uint64_t limit = bh_ticks() + DRAIN_MS * ms;
    seL4_ARM_SMCContext call = {.x0 = PSCI_SYSTEM_OFF};
    seL4_ARM_SMCContext result;

    servers_free_console();
    seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, LOW_PRIORITY);
    while (!log_drained() && bh_ticks() < limit) {
        seL4_Yield();
    }
    servers_ask_out();
    while (!servers_all_out() && bh_ticks() < limit) {
        seL4_Yield();
    }
    wait_until(bh_ticks() + SETTLE_MS * ms);
    seL4_ARM_SMC_Call(seL4_CapSMC, &call, &result);
    for (;;) {
        seL4_TCB_Suspend(seL4_CapInitThreadTCB); /* firmware that cannot: stay silent */
    }
}
