/* SPDX-License-Identifier: BSD-2-Clause */
#include "smp.h"

#include "gic.h"

#define SCTLR_M_C   5u
#define CURRENT_EL1 4u
#define DAIF_ALL    0x3c0u
#define POLL_US     200u

static void (*work[CORES_MAX][CORES_MAX])(void); /* [caller][core] */
struct smp_arrival smp_arrival[CORES_MAX];

/* Cores 0 to n - 1 as PSCI knows them. */
static unsigned count_cores(void)
{
    unsigned n = 1;
    while (n < CORES_MAX && smp_state(n) >= 0)
        n++;
    return n;
}

unsigned smp_begin(void (*handler)(struct frame *frame))
{
    mmu_enable();
    unsigned cores = count_cores();
    if (!check("there is a GIC", gic_init()) || !check("there are several cores", cores > 1))
        return 0;
    irq_handler = handler;
    return cores;
}

static void arrive(uint64_t caller)
{
    bool clean = (read_sysreg(sctlr_el1) & SCTLR_M_C) == 0 &&
                 read_sysreg(CurrentEL) == CURRENT_EL1 &&
                 (read_sysreg(daif) & DAIF_ALL) == DAIF_ALL;

    mmu_enable_core();
    struct smp_arrival *arrival = &smp_arrival[core_index()];
    arrival->clean = clean;
    arrival->caller = (unsigned)caller;
    smp_add(&arrival->count);
    gic_init_core();
    work[caller][core_index()]();
    irq_mask();
    psci_call(PSCI_CPU_OFF, 0, 0, 0);
    check("CPU_OFF does not come back", false);
    finish();
}

int64_t smp_on(unsigned core, void (*function)(void))
{
    work[core_index()][core] = function;
    return core_on(core, arrive, core_index());
}

int64_t smp_state(unsigned core)
{
    return psci_call(PSCI_AFFINITY_INFO64, core, 0, 0);
}

bool smp_wait_state(unsigned core, int64_t state)
{
    uint64_t end = now() + ticks_of_us(SMP_PATIENCE_US);
    while (smp_state(core) != state && now() < end)
        delay_us(POLL_US);
    return smp_state(core) == state;
}

bool smp_run(void (*function)(void))
{
    unsigned cores = count_cores();
    bool good = true;

    for (unsigned core = 0; core < cores; core++)
        if (core != core_index())
            good &= smp_on(core, function) == PSCI_SUCCESS;
    function();
    irq_mask();
    for (unsigned core = 0; core < cores; core++)
        if (core != core_index())
            good &= smp_wait_state(core, PSCI_AFFINITY_OFF);
    return good;
}

bool smp_meet(unsigned count)
{
    static volatile unsigned arrived, round;
    unsigned this_round = round;

    if (__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST) == count) {
        arrived = 0;
        smp_add(&round);
    }
    return smp_wait_for(round != this_round);
}
