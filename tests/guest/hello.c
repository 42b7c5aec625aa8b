/* SPDX-License-Identifier: BSD-2-Clause */
/* How a flat program finds the machine when it is entered. */
#include "runtime/guest.h"

const char guest_name[] = "hello";

void guest_main(void)
{
    uint64_t here, base = 0, size = 0;

    /* The way many programs print first: stores to the data register, nothing set up or asked. */
    for (const char *c = "hello: raw stores to the UART\n"; *c; c++)
        store8(PL011_BASE, (uint8_t)*c);

    __asm__("adr %0, _start" : "=r"(here));
    check_equal("the program is at RAM + 0x80000", here, RAM_BASE + 0x80000);
    check_equal("the exception level is 1", read_sysreg(CurrentEL) >> 2, 1);
    check_equal("the MMU and the data cache are off", read_sysreg(sctlr_el1) & 5, 0);
    check_equal("this is core 0", read_sysreg(mpidr_el1) & 0xff00fffffful, 0);

    if (!check("x0 is 8-byte aligned and in RAM",
               (uint64_t)devicetree % 8 == 0 && (uint64_t)devicetree > here))
        return;
    check_equal("x0 points to a devicetree", load32((uint64_t)devicetree), 0xedfe0dd0);
    check("the devicetree names the memory", dt_memory(&base, &size));
    check_equal("RAM begins at 0x40000000", base, RAM_BASE);
    check("the devicetree is within RAM", (uint64_t)devicetree + dt_total_size() <= base + size);
    check("the devicetree names PSCI", dt_cell("arm,psci-0.2", "method", 0) != 0);
    check("the devicetree names the timer", dt_intid("arm,armv8-timer", 2) == 27);
    check("the counter's frequency is known", read_sysreg(cntfrq_el0) >= 1000000);
}
