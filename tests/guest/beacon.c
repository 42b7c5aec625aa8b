/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows from outside who runs: x27 and x28 hold a mark and a number, id=N of the command line plus
 * the vCPU's own, while each vCPU computes, traps and waits by turns. Whoever reads a physical
 * core's registers while it is in here knows whose vCPU that core runs.
 */
#include "runtime/bootargs.h"
#include "runtime/cores.h"
#include "runtime/gic.h"

const char guest_name[] = "beacon";

#define MARK 0xbeac0000beac0000ul

static uint32_t timer;
static uint64_t id;

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();

    write_sysreg(cntv_cval_el0, now() + ticks_of_us(10000));
    gic_end(intid);
}

/* A hundred thousand rounds of work, an MMIO exit, now and then a wait for the timer. Not more
 * exits than that: emulated cores that wait for each other in the kernel take all the time there
 * is. */
__attribute__((noreturn)) static void shine(uint64_t number)
{
    __asm__ volatile("mov x27, %0\n"
                     "mov x28, %1\n"
                     "1: mov x9, #8\n"
                     "2: mov x10, #0x20000\n"
                     "3: subs x10, x10, #1\n"
                     "b.ne 3b\n"
                     "ldr w11, [%2, #0x18]\n"
                     "subs x9, x9, #1\n"
                     "b.ne 2b\n"
                     "wfi\n"
                     "b 1b\n" ::"r"(MARK),
                     "r"(number), "r"(PL011_BASE)
                     : "x9", "x10", "x11", "x27", "x28", "memory");
    __builtin_unreachable();
}

static void run(void)
{
    gic_enable(timer);
    write_sysreg(cntv_cval_el0, now());
    write_sysreg(cntv_ctl_el0, 1);
    irq_unmask();
    shine(id + core_index());
}

static void other_core(void)
{
    gic_init_core();
    run();
}

void guest_main(void)
{
    if (!check("there is a GIC", gic_init()))
        return;
    timer = dt_intid("arm,armv8-timer", 2);
    id = bootargs_number("id", 0);
    irq_handler = handler;
    for (unsigned core = 1; core_start(core, other_core); core++)
        ;
    print("shining\n");
    run();
}
