/* SPDX-License-Identifier: BSD-2-Clause */
/* The devicetree that it gets has what an overlay adds, and still what was there before. */
#include "runtime/guest.h"

const char guest_name[] = "overlay";

void guest_main(void)
{
    uint64_t base = 0, size = 0;

    check_equal("a property added by a label", dt_cell("arm,pl011", "current-speed", 0), 115200);
    check_equal("a property added by a path", dt_cell(NULL, "bulkhead,number", 0), 0x5eed0001);
    check_equal("a node added", dt_cell("bulkhead,test", "number", 1), 0x5eed0003);
    check("the UART's node is as it was",
          dt_reg("arm,pl011", 0, &base, &size) && base == PL011_BASE && size == 0x1000);
    check_equal("its interrupt, too", dt_intid("arm,pl011", 0), 33);
}
