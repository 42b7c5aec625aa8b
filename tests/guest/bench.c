/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What exits cost, by the counter that a guest reads without one. Under `-icount shift=0` a
 * nanosecond is one executed instruction, kernel and VMM included, so the figures are instructions.
 * Prints "bench: NAME COUNT" lines for bench/run.py.
 */
#include "runtime/gic.h"

const char guest_name[] = "bench";

#define LOOPS 2000u
#define ID    (PL011_BASE + 0xfe0)

static uint64_t loop_cost; /* in ticks, for LOOPS rounds */

static uint64_t to_ns(uint64_t ticks)
{
    return ticks * (1000000000 / read_sysreg(cntfrq_el0));
}

static void result(const char *name, uint64_t ticks, unsigned rounds)
{
    printf("bench: %s %lu\n", name, (to_ns(ticks) + rounds / 2) / rounds);
}

/* Ticks for LOOPS rounds of an instruction on the address in x1 and the values in x0 and x28. */
#define TIME(instruction, address)                                                                 \
    ({                                                                                             \
        register uint64_t x1_ __asm__("x1") = (address);                                           \
        uint64_t begin_ = now();                                                                   \
        for (unsigned n_ = 0; n_ < LOOPS; n_++)                                                    \
            __asm__ volatile(instruction : "+r"(x1_)::"x0", "x2", "x3", "x28", "memory");          \
        now() - begin_;                                                                            \
    })
#define MEASURE(name, instruction, address)                                                        \
    do {                                                                                           \
        uint64_t ticks_ = TIME(instruction, address);                                              \
        result(name, ticks_ > loop_cost ? ticks_ - loop_cost : 0, LOOPS);                          \
    } while (0)

static void exits(uint64_t match)
{
    loop_cost = TIME("nop", 0);
    result("empty-loop", loop_cost, LOOPS);
    MEASURE("mmio-load-x0", "ldr w0, [x1]", ID);
    MEASURE("mmio-load-x28", "ldr w28, [x1]", ID);
    MEASURE("mmio-load-xzr", "ldr wzr, [x1]", ID);
    MEASURE("mmio-store", "str w0, [x1]", match);
    MEASURE("mmio-store-x28", "str w28, [x1]", match);
    MEASURE("mmio-load-pair", "ldp w2, w3, [x1]", ID);
    MEASURE("mmio-gic-distributor", "ldr w0, [x1]", gic.dist + GICD_ISENABLER + 4);
    if (psci_uses_smc())
        MEASURE("smc", "mov x0, #0x84000000\n\tsmc #0", 0);
    MEASURE("hvc", "mov x0, #0x84000000\n\thvc #0", 0);
}

static struct {
    volatile unsigned count;
    volatile uint64_t sent;
    volatile uint64_t latency;
    uint64_t period;
} irq;

static void on_sgi(struct frame *frame)
{
    uint64_t at = read_sysreg(cntvct_el0);
    unsigned intid = gic_acknowledge();
    irq.latency = irq.latency + (at - irq.sent);
    irq.count = irq.count + 1;
    gic_end(intid);
}

static void on_timer(struct frame *frame)
{
    uint64_t at = read_sysreg(cntvct_el0);
    unsigned intid = gic_acknowledge();
    irq.latency = irq.latency + (at - read_sysreg(cntv_cval_el0));
    irq.count = irq.count + 1;
    write_sysreg(cntv_cval_el0, at + irq.period);
    gic_end(intid);
}

static void interrupts(void)
{
    irq_handler = on_sgi;
    gic_enable(1);
    irq_unmask();
    uint64_t begin = now();
    for (unsigned n = 0; n < LOOPS; n++) {
        irq.sent = now();
        gic_send_sgi_to_self(1);
        while (irq.count == n)
            ;
    }
    uint64_t all = now() - begin;
    irq_mask();
    result("interrupt-to-handler", irq.latency, LOOPS);
    result("interrupt-round-trip", all, LOOPS);
}

static void timer(void)
{
    enum { TICKS = 500 };
    irq.count = 0;
    irq.latency = 0;
    irq.period = ticks_of_us(200);
    irq_handler = on_timer;
    gic_enable(27);
    write_sysreg(cntv_cval_el0, now() + irq.period);
    write_sysreg(cntv_ctl_el0, 1);
    irq_unmask();
    while (irq.count < TICKS)
        ;
    irq_mask();
    write_sysreg(cntv_ctl_el0, 0);
    result("timer-to-handler", irq.latency, TICKS);

    irq.count = 0;
    irq.latency = 0;
    irq.period = ticks_of_us(2000);
    write_sysreg(cntv_cval_el0, now() + irq.period);
    write_sysreg(cntv_ctl_el0, 1);
    irq_unmask();
    while (irq.count < TICKS / 5)
        __asm__ volatile("wfi" ::: "memory");
    irq_mask();
    write_sysreg(cntv_ctl_el0, 0);
    result("timer-to-handler-from-wfi", irq.latency, TICKS / 5);
}

void guest_main(void)
{
    uint64_t rtc = 0, size = 0;

    if (!check("there is a GIC", gic_init()) ||
        !check("there is a PL031", dt_reg("arm,pl031", 0, &rtc, &size)))
        return;
    /* The output of the lines above is out of the way before anything is timed. */
    delay_us(20000);
    exits(rtc + 4);
    interrupts();
    timer();
}
