/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls that a debug kernel has on top: everything here is printed by the kernel. */
#include "roottask.h"

static void print_number(seL4_Word value)
{
    char digits[2 * sizeof(value) + 1] = {0};

    for (unsigned i = 2 * sizeof(value); i-- > 0; value >>= 4) {
        digits[i] = "0123456789abcdef"[value & 15];
    }
    seL4_DebugPutString(digits);
}

void bh_root_main(seL4_BootInfo *bootinfo)
{
    root_init(bootinfo, "debug");
    seL4_DebugPutString("debug: begin");
    print_number(seL4_DebugCapIdentify(ROOT_TCB) != seL4_DebugCapIdentify(ROOT_CNODE));
    print_number(seL4_DebugCapIdentify(root.next_slot)); /* an empty one */
    print_number(seL4_DebugGetThreadAffinity(ROOT_TCB));
    seL4_DebugNameThread(ROOT_TCB, "a root task");
    seL4_DebugDumpScheduler();
    seL4_DebugSnapshot();
    seL4_DebugPutString("debug: end");
    root_power_off();
}
