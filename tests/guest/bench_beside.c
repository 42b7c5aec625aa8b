/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an exit costs beside other VMs on the same core: the mean of many, each timed by itself, and
 * without those in whose middle another VM had a turn. For a counter that counts instructions.
 */
#include "runtime/guest.h"

const char guest_name[] = "bench-beside";

#define MEASURE_US 400000ul
#define AWAY_US    20ul /* no exit takes so long */
#define ID         (PL011_BASE + 0xfe0)

void guest_main(void)
{
    uint64_t limit = ticks_of_us(AWAY_US), away = 0, cost = 0, begin, end;
    unsigned loads = 0, counted = 0;

    delay_us(50000); /* all others are there, and their first output is out of the way */
    begin = now();
    end = begin + ticks_of_us(MEASURE_US);
    for (; now() < end; loads++) {
        uint64_t before = now(), ticks;

        load32(ID);
        ticks = now() - before;
        if (ticks > limit) {
            away += ticks;
            continue;
        }
        cost += ticks;
        counted++;
    }
    uint64_t all = now() - begin;

    check("most exits were measured", counted > loads / 2);
    printf("bench: load %lu\n", cost * (1000000000 / read_sysreg(cntfrq_el0)) / counted);
    printf("bench: away %lu\n", away * 1000 / all);
}
