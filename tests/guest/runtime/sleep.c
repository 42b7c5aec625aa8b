/* SPDX-License-Identifier: BSD-2-Clause */
#include "sleep.h"

#include "gic.h"

static volatile bool fired;

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();

    write_sysreg(cntv_ctl_el0, 0);
    fired = true;
    gic_end(intid);
}

bool sleep_init(void)
{
    if (!check("there is a GIC", gic_init()))
        return false;
    irq_handler = handler;
    gic_enable(dt_intid("arm,armv8-timer", 2));
    irq_unmask();
    return true;
}

uint64_t sleep_until(uint64_t when)
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
