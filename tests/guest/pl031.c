/* SPDX-License-Identifier: BSD-2-Clause */
/* The real-time clock (Arm DDI 0224). */
#include "runtime/gic.h"

const char guest_name[] = "pl031";

#define DR   0x00u
#define MR   0x04u
#define LR   0x08u
#define CR   0x0cu
#define IMSC 0x10u
#define RIS  0x14u
#define MIS  0x18u
#define ICR  0x1cu

static uint64_t rtc;
static volatile unsigned alarms;

static uint32_t get(unsigned at)
{
    return load32(rtc + at);
}

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();
    if (intid >= 1020)
        return;
    if (intid == dt_intid("arm,pl031", 0)) {
        store32(rtc + ICR, 1);
        alarms = alarms + 1;
    }
    gic_end(intid);
}

static void identification(void)
{
    static const uint8_t id[8] = {0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
    bool all = true;
    for (unsigned n = 0; n < 8; n++)
        all &= (get(0xfe0 + 4 * n) & (n == 2 ? 0x0fu : 0xffu)) == id[n]; /* 2: the revision */
    check("identification", all);
}

static void time(void)
{
    uint64_t start = now();
    uint32_t begin = get(DR);
    delay_us(2000000);
    uint32_t passed = get(DR) - begin;
    uint64_t seconds =
        (now() - start) / ticks_of_us(1000000); /* an emulated board may stand still */
    check("two seconds pass in two seconds", passed >= 1 && passed <= seconds + 1);

    store32(rtc + LR, 1000);
    check("it can be set", get(DR) - 1000 <= 1);
    check_equal("  ... and shows what was loaded", get(LR), 1000);
    store32(rtc + LR, begin);
    check("  ... and set back", get(DR) - begin <= 1);
}

static void alarm(void)
{
    store32(rtc + IMSC, 0);
    store32(rtc + ICR, 1);
    store32(rtc + MR, get(DR) + 1);
    check_equal("the alarm's time can be read", get(MR), get(MR));
    uint64_t end = now() + ticks_of_us(4000000);
    while (!(get(RIS) & 1) && now() < end)
        ;
    check_equal("the alarm shows raw", get(RIS), 1);
    check_equal("  ... and not when disabled", get(MIS), 0);
    store32(rtc + ICR, 1);
    check_equal("  ... and not when cleared", get(RIS), 0);

    irq_handler = handler;
    gic_enable(dt_intid("arm,pl031", 0));
    store32(rtc + IMSC, 1);
    store32(rtc + MR, get(DR) + 1);
    irq_unmask();
    end = now() + ticks_of_us(4000000);
    while (!alarms && now() < end)
        __asm__ volatile("wfi" ::: "memory");
    irq_mask();
    check_equal("the alarm interrupts", alarms, 1);
    store32(rtc + IMSC, 0);
}

static void tick(void)
{
    /* A clock that runs: the wait below must not depend on the alarm it is to test. */
    gic_enable(27);
    write_sysreg(cntv_cval_el0, now() + ticks_of_us(5000000));
    write_sysreg(cntv_ctl_el0, 1);
}

void guest_main(void)
{
    uint64_t size = 0;

    if (!check("there is a PL031", dt_reg("arm,pl031", 0, &rtc, &size)) ||
        !check("there is a GIC", gic_init()))
        return;
    check_equal("at 0x09010000", rtc, 0x09010000);
    check_equal("its INTID", dt_intid("arm,pl031", 0), 34);
    identification();
    check_equal("it is on", get(CR) & 1, 1);
    time();
    tick();
    alarm();
    write_sysreg(cntv_ctl_el0, 0);
}
