/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets the machine when told 'r' or '2' (by SYSTEM_RESET2), ends it when told 'o', stops in a
 * fault when told 'f'. */
#include "runtime/guest.h"

const char guest_name[] = "reset";

#define FR   (PL011_BASE + 0x18)
#define RXFE 0x10u

void guest_main(void)
{
    static unsigned starts = 1;

    check_equal("data is as in the file", starts, 1);
    starts = 2;
    uint64_t free = RAM_BASE + 0x1000000;
    check_equal("memory is zero", load64(free), 0);
    store64(free, ~0ul);

    for (;;) {
        print("reset: r, o or f?\n");
        while (load32(FR) & RXFE)
            ;
        switch (load32(PL011_BASE) & 0xff) {
        case 'r':
            psci_call(PSCI_SYSTEM_RESET, 0, 0, 0);
            print("FAIL SYSTEM_RESET came back\n");
            return;
        case '2':
            check_equal("SYSTEM_RESET2 of an unknown architectural type",
                        (uint64_t)psci_call(PSCI_SYSTEM_RESET2_64, 1, 0, 0),
                        (uint64_t)PSCI_INVALID_PARAMETERS);
            psci_call(PSCI_SYSTEM_RESET2_64, 0, 0, 0);
            print("FAIL SYSTEM_RESET2 came back\n");
            return;
        case 'f': /* no vectors, no stack: exceptions for ever, which harm nobody else */
            write_sysreg(vbar_el1, 0x0b000000ul);
            __asm__ volatile("brk #0");
            return;
        case 'o':
            return;
        }
    }
}
