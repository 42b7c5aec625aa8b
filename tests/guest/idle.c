/* SPDX-License-Identifier: BSD-2-Clause */
/* An idle machine: nothing but a timer tick every 10 ms and waiting for it. */
#include "runtime/gic.h"

const char guest_name[] = "idle";

#define TICKS 100u

static volatile unsigned ticks;
static uint64_t period;

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();
    write_sysreg(cntv_cval_el0, read_sysreg(cntv_cval_el0) + period);
    ticks = ticks + 1;
    gic_end(intid);
}

void guest_main(void)
{
    unsigned waits = 0;
    uint32_t timer = dt_intid("arm,armv8-timer", 2);

    if (!check("there is a GIC", gic_init()))
        return;
    period = ticks_of_us(10000);
    irq_handler = handler;
    gic_enable(timer);
    uint64_t begin = now();
    write_sysreg(cntv_cval_el0, begin + period);
    write_sysreg(cntv_ctl_el0, 1);
    irq_unmask();
    while (ticks < TICKS) {
        __asm__ volatile("wfi" ::: "memory");
        waits++;
    }
    irq_mask();
    write_sysreg(cntv_ctl_el0, 0);
    uint64_t took = now() - begin;
    check("a second of ticks took a second at least", took >= TICKS * period);
    /* A wait may end early, but one that does not wait at all shows here. */
    check("it waited", waits <= 4 * TICKS);
    printf("%u ticks, %u waits\n", TICKS, waits);
}
