/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A heartbeat: a line every 100 ms of guest time (period=MS) until a key is hit, and in the end the
 * longest time between two.
 */
#include "runtime/bootargs.h"
#include "runtime/guest.h"
#include "runtime/sleep.h"

const char guest_name[] = "heartbeat";

#define FR   (PL011_BASE + 0x18)
#define RXFE 0x10u

void guest_main(void)
{
    uint64_t period = ticks_of_us(1000 * bootargs_number("period", 100)), beats = 0, gap = 0,
             late = 0;

    if (!sleep_init())
        return;
    uint64_t when = now() + period;
    sleep_until(when);
    uint64_t last = now();
    while (load32(FR) & RXFE) {
        when += period;
        sleep_until(when);
        uint64_t time = now();
        gap = time - last > gap ? time - last : gap;
        late = time - when > late ? time - when : late;
        last = time;
        printf("beat %lu\n", ++beats);
    }
    printf("%lu beats, longest gap %lu us, latest by %lu us\n", beats, gap / ticks_of_us(1),
           late / ticks_of_us(1));
    check("measured", true);
}
