/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual timer: when it fires, what a masked one does, and that waiting for it ends. */
#include "runtime/gic.h"

const char guest_name[] = "timer";

#define ENABLE  1ul
#define IMASK   2ul
#define ISTATUS 4ul
#define MS      1000ul

static uint32_t timer; /* its INTID */

static struct {
    volatile unsigned count;
    volatile unsigned others;
    volatile unsigned spurious;
    volatile unsigned last;   /* stop after so many */
    volatile uint64_t at;     /* when the last one was taken */
    volatile uint64_t period; /* ticks until the next; 0: stop */
} tick;

static void set_timer(uint64_t when, uint64_t control)
{
    write_sysreg(cntv_cval_el0, when);
    write_sysreg(cntv_ctl_el0, control);
}

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();
    if (intid >= 1020)
        return;
    if (intid != timer) {
        tick.others = tick.others + 1;
    } else if (!(read_sysreg(cntv_ctl_el0) & ISTATUS)) {
        /* Put off after it was raised: hardware may still deliver one (it is the level at some
         * earlier time). */
        tick.spurious = tick.spurious + 1;
    } else {
        tick.at = now();
        tick.count = tick.count + 1;
        if (tick.count == tick.last)
            tick.period = 0;
        if (tick.period)
            write_sysreg(cntv_cval_el0, read_sysreg(cntv_cval_el0) + tick.period);
        else
            write_sysreg(cntv_ctl_el0, 0);
    }
    gic_end(intid);
}

static void reset(void)
{
    write_sysreg(cntv_ctl_el0, 0);
    tick.count = 0;
    tick.last = 0;
    tick.period = 0;
}

/* An emulator may raise the line late; waits two seconds at most. */
static bool line_rises(void)
{
    uint64_t end = now() + ticks_of_us(2000 * MS);
    while (!gic_get(GICD_ISPENDR, timer) && now() < end)
        ;
    return gic_get(GICD_ISPENDR, timer);
}

static void counter(void)
{
    uint64_t last = now();
    bool rises = true;
    for (unsigned n = 0; n < 10000; n++) {
        uint64_t next = now();
        rises &= next >= last;
        last = next;
    }
    check("the counter never goes back", rises);
    check("the counter runs", now() > last);
}

static void fires(void)
{
    print("a single shot\n");
    reset();
    uint64_t when = now() + ticks_of_us(5 * MS);
    set_timer(when, ENABLE);
    check("  it fires", wait_count(&tick.count, 1));
    check("  not before its time", tick.at >= when);
    delay_us(2 * MS);
    check_equal("  once", tick.count, 1);

    reset();
    set_timer(now() - 1, ENABLE);
    check("  one in the past fires at once", wait_count(&tick.count, 1));

    reset();
    write_sysreg(cntv_tval_el0, ticks_of_us(3 * MS));
    write_sysreg(cntv_ctl_el0, ENABLE);
    check("  by its 32-bit view too", wait_count(&tick.count, 1));

    /* Again if it was not stopped in time: the board may be emulated, and have stood still. */
    do {
        reset();
        when = now() + ticks_of_us(2 * MS);
        set_timer(when, ENABLE);
        write_sysreg(cntv_ctl_el0, 0);
    } while (now() >= when);
    delay_us(5 * MS);
    check_equal("  one that was stopped does not", tick.count, 0);
}

static void periodic(void)
{
    print("periodic\n");
    reset();
    tick.period = ticks_of_us(2 * MS);
    set_timer(now() + tick.period, ENABLE);
    check("  50 ticks", wait_count(&tick.count, 50));
    reset();
}

/* A line that is up while nobody may take it: the machine goes on, and nothing is lost. */
static void masked(void)
{
    print("masked in the timer\n");
    reset();
    set_timer(now() - 1, ENABLE | IMASK);
    delay_us(3 * MS);
    check_equal("  no interrupt", tick.count, 0);
    check("  the condition shows", read_sysreg(cntv_ctl_el0) & ISTATUS);
    check("  the line is down", !gic_get(GICD_ISPENDR, timer));
    write_sysreg(cntv_ctl_el0, ENABLE);
    check("  unmasked it fires", wait_count(&tick.count, 1));

    print("masked in the core\n");
    reset();
    irq_mask();
    set_timer(now() - 1, ENABLE);
    check("  the line shows in the pending register", line_rises());
    set_timer(now() + ticks_of_us(60000 * MS), ENABLE);
    check("  put off, the line goes down", !gic_get(GICD_ISPENDR, timer));
    irq_unmask();
    delay_us(3 * MS);
    check_equal("  ... and no interrupt came", tick.count, 0);
    irq_mask();
    set_timer(now() - 1, ENABLE);
    delay_us(3 * MS);
    irq_unmask();
    check("  unmasked it fires", wait_count(&tick.count, 1));

    print("disabled in the interrupt controller\n");
    for (unsigned round = 0; round < 20; round++) {
        reset();
        gic_disable(timer);
        set_timer(now() + ticks_of_us(500), ENABLE);
        if (!line_rises() || tick.count)
            break;
        gic_enable(timer);
        if (!wait_count(&tick.count, 1))
            break;
        if (round == 19)
            check("  20 times: the core goes on, and it fires when enabled", true);
    }
    check_equal("  once each", tick.count, 1);

    reset();
    gic_disable(timer);
    set_timer(now() - 1, ENABLE);
    line_rises();
    write_sysreg(cntv_ctl_el0, 0);
    check("  stopped, the line goes down", !gic_get(GICD_ISPENDR, timer));
    gic_enable(timer);
    delay_us(2 * MS);
    check_equal("  ... and nothing fires when enabled", tick.count, 0);

    reset();
    gic_distributor(false);
    set_timer(now() + ticks_of_us(500), ENABLE);
    delay_us(3 * MS);
    check_equal("  the distributor off: nothing", tick.count, 0);
    gic_distributor(true);
    check("  ... on again: it fires", wait_count(&tick.count, 1));
}

static void forgotten(unsigned ticks)
{
    /* Handlers that leave the timer as it is see its level again at once. */
    reset();
    tick.period = 1;
    tick.last = ticks;
    set_timer(now() - ticks_of_us(10 * MS), ENABLE);
    check("a level that is not served comes again", wait_count(&tick.count, ticks));
    reset();
}

static void waiting(void)
{
    print("waiting for interrupts\n");
    reset();
    uint64_t begin = now();
    tick.period = 0;
    set_timer(begin + ticks_of_us(10 * MS), ENABLE);
    while (!tick.count)
        __asm__ volatile("wfi" ::: "memory");
    check("  wfi ends with the timer's interrupt", now() - begin >= ticks_of_us(10 * MS));

    reset();
    irq_mask();
    begin = now();
    set_timer(begin + ticks_of_us(10 * MS), ENABLE);
    while (now() - begin < ticks_of_us(10 * MS))
        __asm__ volatile("wfi" ::: "memory");
    check("  wfi ends though PSTATE.I is set", tick.count == 0);
    irq_unmask();
    check("  ... and the interrupt comes then", wait_count(&tick.count, 1));

    reset();
    irq_mask();
    set_timer(now() - 1, ENABLE);
    delay_us(1 * MS);
    __asm__ volatile("wfi" ::: "memory");
    check("  wfi with one pending does not wait", tick.count == 0);
    irq_unmask();
    wait_count(&tick.count, 1);

    reset();
    irq_mask();
    gic_send_sgi_to_self(1);
    __asm__ volatile("wfi" ::: "memory");
    irq_unmask();
    delay_us(1 * MS);
    check_equal("  wfi with a software interrupt pending does not wait", tick.others, 1);

    set_timer(now() + ticks_of_us(5 * MS), ENABLE);
    __asm__ volatile("sevl\n\twfe" ::: "memory");
    check("  wfe after an event does not wait", true);
    while (!tick.count)
        __asm__ volatile("wfe" ::: "memory");
    check("  wfe ends with the timer's interrupt", true);
}

void guest_main(void)
{
    timer = dt_intid("arm,armv8-timer", 2);
    if (!check("there is a GIC", gic_init()) || !check_equal("the timer's INTID", timer, 27))
        return;
    irq_handler = handler;
    gic_enable(timer);
    gic_enable(1);
    irq_unmask();
    counter();
    fires();
    periodic();
    masked();
    forgotten(200);
    waiting();
    check_equal("no interrupt but these", tick.others, 1);
    check("hardly any without cause", tick.spurious <= 8);
}
