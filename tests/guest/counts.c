/* SPDX-License-Identifier: BSD-2-Clause */
/* Known numbers of exits of each kind, for a harness that reads the VM's statistics afterwards. */
#include "runtime/gic.h"

const char guest_name[] = "counts";

#define FR    (PL011_BASE + 0x18)
#define DR    (PL011_BASE + 0x00)
#define CR    (PL011_BASE + 0x30)
#define ID    (PL011_BASE + 0xff0)
#define RXFE  0x10u
#define SGI   3u
#define LOADS 2000u
#define PAIRS 50u
#define CALLS 700u
#define SGIS  300u
#define HOLES 20u
#define TICKS 40u

static unsigned waits; /* WFI */
static volatile unsigned sgis, ticks;
static uint32_t timer;

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();

    sgis = sgis + (intid == SGI);
    if (intid == timer) {
        write_sysreg(cntv_cval_el0, read_sysreg(cntv_cval_el0) + ticks_of_us(1000));
        ticks = ticks + 1;
    }
    gic_end(intid);
}

static void read_pair(uint64_t at)
{
    uint64_t a, b;
    __asm__ volatile("ldp %w0, %w1, [%2]" : "=r"(a), "=r"(b) : "r"(at) : "memory");
}

static void exits(void)
{
    for (unsigned i = 0; i < LOADS; i++)
        load32(ID);
    for (unsigned i = 0; i < PAIRS; i++)
        read_pair(ID);
    for (unsigned i = 0; i < CALLS; i++)
        smc_call(PSCI_VERSION, 0, 0, 0);
    trap_expect();
    for (unsigned i = 0; i < HOLES; i++)
        load32(0x0b000000);
    check_equal("aborts", trap_end(), HOLES);
}

static void interrupts(void)
{
    gic_enable(SGI);
    irq_unmask();
    for (unsigned i = 0; i < SGIS; i++) {
        gic_send_sgi_to_self(SGI);
        wait_count(&sgis, i + 1);
    }
    write_sysreg(cntv_cval_el0, now() + ticks_of_us(1000));
    write_sysreg(cntv_ctl_el0, 1);
    gic_enable(timer);
    for (; ticks < TICKS; waits++)
        __asm__ volatile("wfi" ::: "memory");
    write_sysreg(cntv_ctl_el0, 0);
    irq_mask();
    check_equal("interrupts from itself", sgis, SGIS);
}

void guest_main(void)
{
    timer = dt_intid("arm,armv8-timer", 2);
    if (!check("there is a GIC", gic_init()))
        return;
    irq_handler = handler;
    exits();
    interrupts();
    store32(CR, 0x301);
    printf("counts: mmio %u, decoded %u, hypercall %u, abort %u, idle %u, injected %u.\n",
           LOADS + PAIRS, PAIRS, CALLS, HOLES, waits, SGIS + TICKS);
    while (load32(FR) & RXFE)
        ;
}
