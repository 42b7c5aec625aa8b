/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Neighbours from hell: never stops, on any of its processors, to do what kind=WORD of the command
 * line says. Nobody but itself may suffer.
 */
#include "runtime/bootargs.h"
#include "runtime/cores.h"
#include "runtime/gic.h"

const char guest_name[] = "storm";

#define NOWHERE 0x0b000000ul

static uint32_t timer;

static void loop(void)
{
    __asm__ volatile("" ::: "memory");
}

/* Exceptions for ever: there is no memory where the vectors should be. */
static void exceptions(void)
{
    write_sysreg(vbar_el1, NOWHERE);
    __asm__ volatile("brk #0");
}

/* Interrupts to itself, handled and at once sent again. */
static void sgi_handler(struct frame *frame)
{
    gic_end(gic_acknowledge());
    gic_send_sgi_to_self(1);
}

static void interrupts(void)
{
    irq_handler = sgi_handler;
    gic_enable(1);
    irq_unmask();
    gic_send_sgi_to_self(1);
}

static void end_handler(struct frame *frame)
{
    gic_end(gic_acknowledge());
}

/* Interrupts to all other processors, which do the same. */
static void crossfire(void)
{
    irq_handler = end_handler;
    gic_enable(1);
    irq_unmask();
    for (;;)
        gic_send_sgi_to_others(1);
}

/* The timer's level is up all the time, so that it fires again as soon as it is acknowledged. */
static void ticks(void)
{
    irq_handler = end_handler;
    gic_enable(timer);
    write_sysreg(cntv_cval_el0, now());
    write_sysreg(cntv_ctl_el0, 1);
    irq_unmask();
}

/* Waits for the timer, only just: each wait needs an alarm. */
static void alarms(void)
{
    irq_mask();
    gic_enable(timer);
    write_sysreg(cntv_cval_el0, now() + ticks_of_us(60));
    write_sysreg(cntv_ctl_el0, 1);
    __asm__ volatile("wfi" ::: "memory");
}

/* Waits that end at once, each with an earlier deadline than the one before. */
static void deadlines(void)
{
    static uint64_t when;

    if (when == 0) {
        when = now() + ticks_of_us(1000000000);
        gic_enable(1);
        gic_enable(timer);
        gic_send_sgi_to_self(1);
    }
    when -= 1000;
    write_sysreg(cntv_cval_el0, when);
    write_sysreg(cntv_ctl_el0, 1);
    __asm__ volatile("wfi" ::: "memory");
}

static void console(void)
{
    store32(PL011_BASE, 'x');
}

static void lines(void)
{
    store32(PL011_BASE, '\n');
}

static void registers(void)
{
    (void)load32(PL011_BASE + 0xfe0);
    (void)load32(gic.dist + GICD_TYPER);
}

static void aborts(void)
{
    trap_expect();
    store32(NOWHERE, 0);
    (void)load64(NOWHERE + 0x1000);
}

static void calls(void)
{
    smc_call(0xc6000000ul, 1, 2, 3);
    hvc_call(0xc6000000ul, 1, 2, 3);
}

/* An hvc is a system call of the kernel: all of them, with whatever is in the registers. */
static void system_calls(void)
{
    for (uint64_t n = 0; n < 32; n++) {
        register uint64_t x7 __asm__("x7") = -n;
        register uint64_t x0 __asm__("x0") = n;
        __asm__ volatile("hvc #0"
                         : "+r"(x7), "+r"(x0)::"x1", "x2", "x3", "x4", "x5", "x6", "memory");
    }
}

static void reset(void)
{
    psci_call(PSCI_SYSTEM_RESET, 0, 0, 0);
}

static const struct {
    const char *name;
    void (*act)(void);
} kinds[] = {
    {"loop", loop},
    {"exceptions", exceptions},
    {"interrupts", interrupts},
    {"crossfire", crossfire},
    {"ticks", ticks},
    {"alarms", alarms},
    {"deadlines", deadlines},
    {"console", console},
    {"lines", lines},
    {"registers", registers},
    {"aborts", aborts},
    {"calls", calls},
    {"system-calls", system_calls},
    {"reset", reset},
};

static void (*act)(void);

static void other_core(void)
{
    gic_init_core();
    for (;;)
        act();
}

void guest_main(void)
{
    timer = dt_intid("arm,armv8-timer", 2);
    if (!check("there is a GIC", gic_init()))
        return;
    for (unsigned n = 0; n < sizeof(kinds) / sizeof(kinds[0]); n++) {
        if (!bootargs_is("kind", kinds[n].name))
            continue;
        printf("storm: %s\n", kinds[n].name);
        act = kinds[n].act;
        for (unsigned core = 1; core_start(core, other_core); core++)
            ;
        for (;;)
            act();
    }
    check("a kind of storm is named", false);
}
