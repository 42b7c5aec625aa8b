/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much work the VM gets done in a stretch of time that is the same for all VMs: it begins when
 * the counter, which they share, reaches the next multiple of PITCH_S seconds.
 * Prints "bench: work UNITS" and "bench: began SECONDS".
 */
#include "runtime/gic.h"

const char guest_name[] = "bench-compute";

#define PITCH_S  4u
#define WORK_US  500000ul
#define PER_UNIT 1000u

static void sleep_until(uint64_t time)
{
    gic_enable(27); /* pending is enough: interrupts stay masked */
    write_sysreg(cntv_cval_el0, time);
    write_sysreg(cntv_ctl_el0, 1);
    while (now() < time)
        __asm__ volatile("wfi" ::: "memory");
    write_sysreg(cntv_ctl_el0, 0);
    gic_disable(27);
}

static void unit(void)
{
    uint64_t x = 1, left = PER_UNIT;

    __asm__ volatile("1: madd %0, %0, %0, %1\n\tsubs %1, %1, #1\n\tb.ne 1b"
                     : "+r"(x), "+r"(left)::"cc");
}

void guest_main(void)
{
    uint64_t pitch = PITCH_S * read_sysreg(cntfrq_el0), begin, end;
    unsigned long units = 0;

    if (!check("there is a GIC", gic_init()))
        return;
    begin = (now() / pitch + 1) * pitch;
    end = begin + ticks_of_us(WORK_US);
    sleep_until(begin);
    while (now() < end) {
        unit();
        units++;
    }
    printf("bench: work %lu\n", units);
    printf("bench: began %lu\n", begin / read_sysreg(cntfrq_el0));
}
