/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's clock is CNTPCT_EL0, its alarm the EL2 physical timer (Arm ARM D11.2). Conversion is
 * exact for the ABI's 62.5 MHz and multiplies by kHz first, as the reference does.
 */
#include "arch.h"
#include "interrupt.h"

#define CTL_ENABLE 1u

word arch_khz = 62500;

void timer_init(void)
{
    word frequency = READ_SYSREG(cntfrq_el0);
    if (frequency >= 1000)
        arch_khz = frequency / 1000;
}

ticks arch_us_to_ticks(word us)
{
    return us * arch_khz / 1000;
}

word arch_ticks_to_us(ticks t)
{
    /* Two steps, so that no product overflows. */
    return t / arch_khz * 1000 + t % arch_khz * 1000 / arch_khz;
}

void arch_set_deadline(ticks deadline)
{
    WRITE_SYSREG(cnthp_cval_el2, deadline);
    WRITE_SYSREG(cnthp_ctl_el2, CTL_ENABLE);
}

void timer_quiet(void)
{
    WRITE_SYSREG(cnthp_ctl_el2, 0);
    isb();
}
