/* SPDX-License-Identifier: BSD-2-Clause */
/* Two cores that use the same devices, of which one wakes up again and again while the other is in
 * the middle of an access. */
#include "runtime/gic.h"
#include "runtime/smp.h"

const char guest_name[] = "smp-locks";

#define WAKES     3000u
#define PERIOD_US 500u

static uint32_t timer;
static volatile unsigned wakes;
static volatile bool stop;

/* The interrupt stays masked: WFI ends all the same. */
static void wake_up(void)
{
    gic_enable(timer);
    while (wakes < WAKES && !stop) {
        write_sysreg(cntv_cval_el0, now() + ticks_of_us(PERIOD_US));
        write_sysreg(cntv_ctl_el0, 1);
        __asm__ volatile("wfi" ::: "memory");
        unsigned intid = gic_acknowledge();
        if (intid == SPURIOUS)
            continue;
        write_sysreg(cntv_ctl_el0, 0);
        gic_end(intid);
        (void)gic_get(GICD_ISENABLER, 40);
        put_char('.');
        wakes = wakes + 1;
    }
}

static void handler(struct frame *frame)
{
    gic_end(gic_acknowledge());
}

void guest_main(void)
{
    timer = dt_intid("arm,armv8-timer", 2);
    if (!check("there are two cores", smp_begin(handler) == 2))
        return;
    smp_on(1, wake_up);
    uint64_t end = now() + ticks_of_us(120000000);
    while (wakes < WAKES && now() < end) {
        (void)gic_get(GICD_ISENABLER, 40);
        store32(PL011_BASE, ' ');
    }
    stop = true;
    print("\n");
    printf("%u wakes\n", wakes);
    check("the other core woke up each time", wakes == WAKES);
    check("it ends", smp_wait_state(1, PSCI_AFFINITY_OFF));
}
