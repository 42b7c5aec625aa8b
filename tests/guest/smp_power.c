/* SPDX-License-Identifier: BSD-2-Clause */
/* Power control with several cores (Arm DEN0022 5.4 to 5.7): on, off, races, standby. */
#include "runtime/gic.h"
#include "runtime/smp.h"

const char guest_name[] = "smp-power";

#define RACES    50u
#define STANDBYS 50u
#define WAKE_SGI 7u
#define STOP_SGI 8u

static unsigned cores;
static volatile bool go, failed, dying;
static volatile unsigned handled[CORES_MAX];

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();
    if (intid >= 1020)
        return;
    handled[core_index()] = handled[core_index()] + 1;
    if (intid == STOP_SGI && dying)
        psci_call(PSCI_CPU_OFF, 0, 0, 0);
    gic_end(intid);
}

static void wait_for_go(void)
{
    failed |= !smp_wait_for(go);
}

static void at_first(void)
{
    bool off = true;
    for (unsigned core = 1; core < cores; core++)
        off &= smp_state(core) == PSCI_AFFINITY_OFF;
    check("the other cores are off at first", off);
    check_equal("CPU_ON to an entry outside memory",
                (uint64_t)psci_call(PSCI_CPU_ON64, 1, 0x100, 0), (uint64_t)PSCI_INVALID_ADDRESS);
    check_equal("... leaves the core off", (uint64_t)smp_state(1), PSCI_AFFINITY_OFF);
}

static void on_and_off(void)
{
    bool good = true, on = true, already = true, off = true, clean = true;

    for (unsigned round = 0; round < 5; round++) {
        go = false;
        for (unsigned core = 1; core < cores; core++)
            good &= smp_on(core, wait_for_go) == PSCI_SUCCESS;
        for (unsigned core = 1; core < cores; core++) {
            good &= smp_wait_for(smp_arrival[core].count == round + 1);
            on &= smp_state(core) == PSCI_AFFINITY_ON;
            already &= smp_on(core, wait_for_go) == PSCI_ALREADY_ON;
            clean &= smp_arrival[core].clean && smp_arrival[core].caller == 0;
        }
        go = true;
        for (unsigned core = 1; core < cores; core++)
            off &= smp_wait_state(core, PSCI_AFFINITY_OFF);
    }
    check("CPU_ON of every core, five times", good && !failed);
    check("... it begins as the specification says", clean);
    check("... AFFINITY_INFO says that it is on", on);
    check("... CPU_ON again: it is on already", already);
    check("CPU_OFF of every core", off);
}

/* All cores but the last switch the last one on at the same moment. */
static struct {
    volatile unsigned success[CORES_MAX], refused[CORES_MAX], other;
} race;

static void racer(void)
{
    unsigned self = core_index(), victim = cores - 1;

    for (unsigned round = 0; round < RACES; round++) {
        failed |= !smp_meet(cores - 1);
        int64_t result = smp_on(victim, wait_for_go);
        if (result == PSCI_SUCCESS)
            race.success[self] = race.success[self] + 1;
        else if (result == PSCI_ALREADY_ON || result == PSCI_ON_PENDING)
            race.refused[self] = race.refused[self] + 1;
        else
            smp_add(&race.other);
        failed |= !smp_meet(cores - 1);
        if (self != 0)
            continue;
        failed |= !smp_wait_for(smp_arrival[victim].count == round + 1);
        go = true;
        failed |= !smp_wait_state(victim, PSCI_AFFINITY_OFF);
        go = false;
    }
}

static void concurrent_on(void)
{
    unsigned success = 0, refused = 0, victim = cores - 1;
    bool ended = true;

    go = false;
    smp_arrival[victim].count = 0;
    for (unsigned core = 1; core < victim; core++)
        smp_on(core, racer);
    racer();
    for (unsigned core = 1; core < victim; core++)
        ended &= smp_wait_state(core, PSCI_AFFINITY_OFF);
    for (unsigned core = 0; core < victim; core++) {
        success += race.success[core];
        refused += race.refused[core];
    }
    check("concurrent CPU_ON of one core: nobody hangs", ended && !failed);
    check_equal("... one success each time", success, RACES);
    check_equal("... the others are told that it is on", refused, RACES * (victim - 1));
    check_equal("... and nothing else", race.other, 0);
    check_equal("... the core starts once each time", smp_arrival[victim].count, RACES);
}

/* Every core is in standby until core 0's interrupt wakes it. */
static volatile unsigned ready, woken[CORES_MAX];

static void sleeper(void)
{
    unsigned self = core_index();

    gic_enable(WAKE_SGI);
    smp_add(&ready);
    while (woken[self] < STANDBYS) {
        irq_mask();
        if (handled[self] == woken[self])
            failed |= psci_call(PSCI_CPU_SUSPEND64, 0, 0, 0) != PSCI_SUCCESS;
        irq_unmask();
        woken[self] = handled[self];
    }
}

static void standby(void)
{
    bool good = true;

    for (unsigned core = 1; core < cores; core++)
        good &= smp_on(core, sleeper) == PSCI_SUCCESS;
    good &= smp_wait_for(ready == cores - 1);
    for (unsigned round = 0; good && round < STANDBYS; round++) {
        gic_send_sgi_to_others(WAKE_SGI);
        for (unsigned core = 1; core < cores; core++)
            good &= smp_wait_for(woken[core] == round + 1);
    }
    for (unsigned core = 1; good && core < cores; core++)
        good = smp_wait_state(core, PSCI_AFFINITY_OFF);
    check("CPU_SUSPEND: an interrupt from another core ends it, each time", good && !failed);
}

static void interrupt_while_off(void)
{
    go = false;
    gic_send_sgi_to_others(WAKE_SGI);
    delay_us(1000);
    bool good = true;
    for (unsigned core = 1; core < cores; core++)
        good &= smp_state(core) == PSCI_AFFINITY_OFF;
    check("an interrupt to a core that is off leaves it off", good);
    for (unsigned core = 1; core < cores; core++)
        good &= smp_on(core, wait_for_go) == PSCI_SUCCESS;
    go = true;
    for (unsigned core = 1; core < cores; core++)
        good &= smp_wait_state(core, PSCI_AFFINITY_OFF);
    check("... which can be switched on after it", good);
}

/* A core goes off in its interrupt handler, which never ends. */
static volatile bool up, waited;

static void dies(void)
{
    gic_enable(STOP_SGI);
    up = true;
    irq_unmask();
    for (;;)
        ;
}

static void comes_back(void)
{
    uint32_t timer = dt_intid("arm,armv8-timer", 2);

    gic_forget();
    irq_unmask();
    delay_us(1000); /* one may be left over */
    irq_mask();
    gic_enable(timer);
    uint64_t end = now() + ticks_of_us(20000);
    write_sysreg(cntv_cval_el0, end);
    write_sysreg(cntv_ctl_el0, 1);
    __asm__ volatile("wfi" ::: "memory");
    waited = now() >= end;
    write_sysreg(cntv_ctl_el0, 0);
    gic_disable(timer);
}

static void off_in_handler(void)
{
    unsigned victim = cores - 1;

    smp_arrival[victim].count = 0;
    dying = true;
    bool good = smp_on(victim, dies) == PSCI_SUCCESS;
    good &= smp_wait_for(up);
    gic_send_sgi(victim, STOP_SGI);
    check("CPU_OFF in an interrupt handler", good && smp_wait_state(victim, PSCI_AFFINITY_OFF));
    dying = false;
    good = smp_on(victim, comes_back) == PSCI_SUCCESS;
    good &= smp_wait_for(smp_arrival[victim].count == 2);
    good &= smp_wait_state(victim, PSCI_AFFINITY_OFF);
    check("... when the core is on again WFI waits", good && waited);
}

/* Core 0 is a core like the others: it goes off, and the last one switches it on and ends all. */
static void last_words(void)
{
    check("another core switched core 0 on again", smp_arrival[0].count == 1);
    check_equal("... and is on itself", (uint64_t)smp_state(cores - 1), PSCI_AFFINITY_ON);
    go = true;
    for (;;)
        ;
}

static void successor(void)
{
    check("core 0 goes off", smp_wait_state(0, PSCI_AFFINITY_OFF));
    check_equal("CPU_ON of core 0", (uint64_t)smp_on(0, last_words), PSCI_SUCCESS);
    smp_wait_for(go);
    finish(); /* on this core, while another one runs */
}

void guest_main(void)
{
    cores = smp_begin(handler);
    if (cores == 0)
        return;
    at_first();
    on_and_off();
    concurrent_on();
    standby();
    interrupt_while_off();
    off_in_handler();
    go = false;
    if (smp_on(cores - 1, successor) != PSCI_SUCCESS)
        return;
    irq_mask();
    psci_call(PSCI_CPU_OFF, 0, 0, 0);
    check("CPU_OFF of core 0 does not come back", false);
}
