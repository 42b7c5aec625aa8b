/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much of its core a VM gets: looks at the counter without a pause for a second and takes every
 * jump for time in which somebody else ran. To be run where the counter counts instructions.
 */
#include "runtime/guest.h"

const char guest_name[] = "share";

#define MEASURE_US 1000000ul
#define JUMP_US    20ul

void guest_main(void)
{
    uint64_t jump = ticks_of_us(JUMP_US), start = now(), last = start;
    uint64_t end = start + ticks_of_us(MEASURE_US), away = 0, longest = 0;

    while (last < end) {
        uint64_t time = now(), gap = time - last;

        if (gap > jump)
            away += gap;
        if (gap > longest)
            longest = gap;
        last = time;
    }
    printf("share %lu permille, longest pause %lu us\n", 1000 - away * 1000 / (last - start),
           longest / ticks_of_us(1));
    check("measured", true);
}
