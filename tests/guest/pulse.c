/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pulse that shows whether a machine was stopped and set going again without a scratch. Core 0
 * prints a beat at every 20th tick of its timer; what the others do depends on their number: take
 * ticks, look at the counter without a pause, write a device's register and read it back, send
 * themselves an interrupt and wait for it. A single core does all of it by turns. Everything lost,
 * doubled or changed is counted, and so is time that runs backwards. "q" ends it.
 */
#include "runtime/cores.h"
#include "runtime/gic.h"

const char guest_name[] = "pulse";

#define FR      (PL011_BASE + 0x18)
#define DR      (PL011_BASE + 0x00)
#define CR      (PL011_BASE + 0x30)
#define IBRD    (PL011_BASE + 0x24)
#define RXFE    0x10u
#define TICK_US 5000ul
#define BEAT    20u /* ticks */
#define SGI     5u
#define KINDS   4u
#define SPIN_US 300ul

static struct core {
    volatile unsigned ticks, sgis;
    unsigned sent, accesses;
    unsigned early, wrong, backwards, changed;
    uint64_t last;    /* the counter as it was read last */
    uint64_t longest; /* step of it from one look to the next */
    volatile bool done;
} __attribute__((aligned(64))) cores[CORES_MAX];

static uint32_t timer;
static uint64_t period, match;
static unsigned count; /* of cores */
static volatile bool over;

static struct core *self(void)
{
    return &cores[core_index()];
}

static void handler(struct frame *frame)
{
    struct core *core = self();
    unsigned intid = gic_acknowledge();

    if (intid >= 1020)
        return;
    if (intid == timer) {
        /* Not by ISTATUS: QEMU sets it some time after the deadline. */
        uint64_t due = read_sysreg(cntv_cval_el0);
        if (now() < due)
            core->early++;
        write_sysreg(cntv_cval_el0, due + period);
        core->ticks = core->ticks + 1;
    } else if (intid == SGI) {
        core->sgis = core->sgis + 1;
    } else {
        core->wrong++;
    }
    gic_end(intid);
}

static void look(struct core *core)
{
    uint64_t time = now(), step = time - core->last;

    if (time < core->last)
        core->backwards++;
    else if (step > core->longest)
        core->longest = step;
    core->last = time;
}

static void access_device(struct core *core, uint64_t at)
{
    uint32_t value = ++core->accesses & 0xffff;

    store32(at, value);
    if (load32(at) != value)
        core->changed++;
}

static void interrupt_self(struct core *core)
{
    core->sent++;
    gic_send_sgi_to_self(SGI);
    irq_mask();
    while (core->sgis != core->sent) {
        __asm__ volatile("wfi" ::: "memory");
        irq_unmask();
        look(core);
        irq_mask();
    }
    irq_unmask();
}

static void spin(struct core *core, uint64_t us)
{
    for (uint64_t end = now() + ticks_of_us(us); now() < end;)
        look(core);
}

static void wait_for_tick(struct core *core)
{
    unsigned before = core->ticks;

    irq_mask();
    while (core->ticks == before) {
        __asm__ volatile("wfi" ::: "memory");
        irq_unmask();
        irq_mask();
    }
    irq_unmask();
    look(core);
}

static void do_all(struct core *core)
{
    wait_for_tick(core);
    interrupt_self(core);
    access_device(core, match);
    spin(core, SPIN_US);
}

/* Cores 2 and 6 have a register each. Most of the time is spent without exits: emulated cores that
 * wait for each other in the kernel take all the time there is. */
static void do_own(struct core *core)
{
    unsigned index = core_index();

    if (index % KINDS != 0)
        spin(core, TICK_US);
    switch (index % KINDS) {
    case 0:
        wait_for_tick(core);
        return;
    case 1:
        return;
    case 2:
        access_device(core, index == 2 ? match : IBRD);
        return;
    default:
        interrupt_self(core);
        return;
    }
}

static void beat(struct core *core)
{
    static unsigned beats;

    if (core->ticks / BEAT > beats)
        printf("beat %u\n", ++beats);
    while (!(load32(FR) & RXFE))
        over = over || (char)load32(DR) == 'q';
}

static void run(void)
{
    struct core *core = self();

    core->last = now();
    if (core_index() % KINDS == 0) {
        gic_enable(timer);
        write_sysreg(cntv_cval_el0, core->last + period);
        write_sysreg(cntv_ctl_el0, 1);
    }
    gic_enable(SGI);
    irq_unmask();
    while (!over) {
        if (count == 1)
            do_all(core);
        else
            do_own(core);
        if (core_index() == 0)
            beat(core);
    }
    irq_mask();
    write_sysreg(cntv_ctl_el0, 0);
    core->done = true;
}

static void other_core(void)
{
    gic_init_core();
    run();
}

static bool all_done(void)
{
    for (unsigned n = 0; n < count; n++)
        if (!cores[n].done)
            return false;
    return true;
}

void guest_main(void)
{
    uint64_t size, longest = 0;
    unsigned early = 0, wrong = 0, backwards = 0, changed = 0, idle = 0;

    timer = dt_intid("arm,armv8-timer", 2);
    if (!check("there is a GIC", gic_init()) ||
        !check("there is a PL031", dt_reg("arm,pl031", 0, &match, &size)))
        return;
    match += 4;
    period = ticks_of_us(TICK_US);
    irq_handler = handler;
    store32(CR, 0x301);
    /* Core 0 finds out first whether it is alone. */
    for (count = CORES_MAX; count > 1 && psci_call(PSCI_AFFINITY_INFO64, count - 1, 0, 0) < 0;)
        count--;
    for (unsigned n = 1; n < count; n++)
        if (!check("a core starts", core_start(n, other_core)))
            return;
    run();
    for (uint64_t end = now() + ticks_of_us(60000000); !all_done() && now() < end;)
        ;
    check("all cores have ended", all_done());
    for (unsigned n = 0; n < count; n++) {
        early += cores[n].early;
        wrong += cores[n].wrong;
        backwards += cores[n].backwards;
        changed += cores[n].changed;
        idle += cores[n].ticks + cores[n].accesses + cores[n].sgis + cores[n].longest == 0;
        if (cores[n].longest > longest)
            longest = cores[n].longest;
    }
    check_equal("ticks that came early", early, 0);
    check_equal("interrupts that nobody sent", wrong, 0);
    check_equal("times that the counter went back", backwards, 0);
    check_equal("registers that changed", changed, 0);
    check_equal("cores that did nothing", idle, 0);
    printf("longest step %lu us\n", longest / ticks_of_us(1));
}
