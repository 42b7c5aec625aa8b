/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What it takes to interrupt the other core and be interrupted by it in return. First both wait
 * asleep, which two vCPUs on one core can do as well; then both wait awake, which needs two cores:
 * who measures on one stops the machine after the first figure.
 * The best of many short stretches counts: it is the one that the computer below has not disturbed.
 */
#include "runtime/cores.h"
#include "runtime/gic.h"

const char guest_name[] = "bench-ipi";

#define ROUNDS  50u
#define BATCHES 40u
#define PING    1u /* SGIs: to core 1 */
#define PONG    2u /* and back */

static volatile bool asleep = true;
static volatile bool ready;
static volatile unsigned pongs;

static void on_sgi(struct frame *frame)
{
    unsigned intid = gic_acknowledge();

    gic_end(intid);
    if (intid == PING)
        gic_send_sgi(0, PONG);
    else if (intid == PONG)
        pongs = pongs + 1;
}

static void other_core(void)
{
    gic_init_core();
    gic_enable(PING);
    irq_unmask();
    ready = true;
    for (;;) {
        if (asleep)
            __asm__ volatile("wfi" ::: "memory");
    }
}

/* Until pongs is no longer n. With interrupts masked none can come between the look and the WFI,
 * which ends all the same when one is pending. */
static void wait_past(unsigned n)
{
    while (pongs == n) {
        if (!asleep)
            continue;
        irq_mask();
        if (pongs == n)
            __asm__ volatile("wfi" ::: "memory");
        irq_unmask();
    }
}

static uint64_t round_trips(void)
{
    uint64_t begin = now();

    for (unsigned n = 0; n < ROUNDS; n++) {
        unsigned before = pongs;

        gic_send_sgi(1, PING);
        wait_past(before);
    }
    return now() - begin;
}

static void measure(const char *name)
{
    uint64_t best = ~0ul;

    for (unsigned n = 0; n < BATCHES; n++) {
        uint64_t ticks = round_trips();

        if (ticks < best)
            best = ticks;
    }
    printf("bench: %s %lu\n", name, best * 1000000000 / read_sysreg(cntfrq_el0) / ROUNDS);
}

void guest_main(void)
{
    if (!check("there is a GIC", gic_init()) ||
        !check("there is another core", core_start(1, other_core)))
        return;
    while (!ready)
        delay_us(100);
    irq_handler = on_sgi;
    gic_enable(PONG);
    irq_unmask();
    delay_us(20000);
    measure("ipi-asleep");

    asleep = false;
    /* It may sleep still: a last ping has it look. */
    unsigned before = pongs;

    gic_send_sgi(1, PING);
    wait_past(before);
    measure("ipi-awake");
}
