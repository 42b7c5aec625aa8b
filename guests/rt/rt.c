/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A real-time task, reduced to what matters of it: sleep until the timer's next period begins, look
 * at the clock, note how late it is. Once in so many periods it says how late it was on average and
 * at worst; it does not measure while it prints.
 *
 *   period=US   length of a period (1000)
 *   report=N    periods per report (1000)
 *   reports=N   power off after so many (0: never)
 */
#include "runtime/bootargs.h"
#include "runtime/guest.h"
#include "runtime/sleep.h"

const char guest_name[] = "rt";

static void measure(uint64_t period, uint64_t count, uint64_t *sum, uint64_t *worst)
{
    uint64_t when = now();

    *sum = 0;
    *worst = 0;
    /* The first two are for what printing has left behind. */
    when += 2 * period;
    sleep_until(when);
    for (uint64_t n = 0; n < count; n++) {
        when += period;
        uint64_t late = sleep_until(when);
        *sum += late;
        *worst = late > *worst ? late : *worst;
        if (late > period)
            when = now(); /* periods were missed: begin anew */
    }
}

void guest_main(void)
{
    uint64_t period_us = bootargs_number("period", 1000);
    uint64_t count = bootargs_number("report", 1000);
    uint64_t reports = bootargs_number("reports", 0);
    bool sane = period_us > 0 && count > 0;

    if (!sleep_init())
        return;
    check("there is something to measure", sane);
    if (!sane)
        return;
    for (uint64_t n = 0; reports == 0 || n < reports; n++) {
        uint64_t sum, worst, us = ticks_of_us(1);
        measure(ticks_of_us(period_us), count, &sum, &worst);
        printf("%lu wake-ups, late by %lu us on average, %lu us at worst\n", count,
               sum / count / us, worst / us);
    }
}
