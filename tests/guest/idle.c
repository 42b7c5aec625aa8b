/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An idle machine: a second with nothing but a timer tick every 10 ms and waiting for it, and a
 * second with nothing at all.
 */
#include "runtime/gic.h"

const char guest_name[] = "idle";

#define TICKS 100u

static volatile unsigned ticks;
static unsigned waits;
static uint64_t period;

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();
    write_sysreg(cntv_cval_el0, read_sysreg(cntv_cval_el0) + period);
    ticks = ticks + 1;
    gic_end(intid);
}

static void sleep_ticks(unsigned count, uint64_t length)
{
    ticks = 0;
    period = length;
    write_sysreg(cntv_cval_el0, now() + period);
    write_sysreg(cntv_ctl_el0, 1);
    while (ticks < count) {
        __asm__ volatile("wfi" ::: "memory");
        waits++;
    }
    write_sysreg(cntv_ctl_el0, 0);
}

/* Who looks at the machine from outside finds the stretches by these. */
static void mark(void)
{
    hvc_call(PSCI_VERSION, 0, 0, 0);
}

void guest_main(void)
{
    uint32_t timer = dt_intid("arm,armv8-timer", 2);
    uint64_t second = ticks_of_us(1000000), begin;

    if (!check("there is a GIC", gic_init()))
        return;
    irq_handler = handler;
    gic_enable(timer);
    delay_us(20000); /* the output is out */
    irq_unmask();
    mark();
    begin = now();
    sleep_ticks(TICKS, second / TICKS);
    mark();
    check("a second of ticks took a second at least", now() - begin >= second);
    /* A wait may end early, but one that does not wait at all shows here. */
    check("it waited", waits <= 4 * TICKS);
    printf("%u ticks, %u waits\n", TICKS, waits);

    delay_us(20000);
    waits = 0;
    mark();
    begin = now();
    sleep_ticks(1, second);
    mark();
    check("a tick after a second took a second at least", now() - begin >= second);
    check("it slept through it", waits <= 4);
    irq_mask();
}
