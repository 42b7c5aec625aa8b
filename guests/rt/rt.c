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
#include "runtime/gic.h"

const char guest_name[] = "rt";

static volatile bool fired;

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();

    write_sysreg(cntv_ctl_el0, 0);
    fired = true;
    gic_end(intid);
}

/* Returns how many ticks after when we run again. */
static uint64_t sleep_until(uint64_t when)
{
    fired = false;
    write_sysreg(cntv_cval_el0, when);
    write_sysreg(cntv_ctl_el0, 1);
    /* WFI with interrupts masked: one that comes between the test and WFI ends it at once. */
    irq_mask();
    while (!fired) {
        __asm__ volatile("wfi" ::: "memory");
        irq_unmask();
        irq_mask();
    }
    irq_unmask();
    return now() - when;
}

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
    uint32_t timer = dt_intid("arm,armv8-timer", 2);

    if (!check("there is a GIC", gic_init()) ||
        !check("there is something to measure", period_us > 0 && count > 0))
        return;
    irq_handler = handler;
    gic_enable(timer);
    irq_unmask();
    for (uint64_t n = 0; reports == 0 || n < reports; n++) {
        uint64_t sum, worst, us = ticks_of_us(1);
        measure(ticks_of_us(period_us), count, &sum, &worst);
        printf("%lu wake-ups, late by %lu us on average, %lu us at worst\n", count,
               sum / count / us, worst / us);
    }
}
