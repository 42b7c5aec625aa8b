/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts among several cores. None may be lost, and none be doubled where the architecture
 * promises it: an SGI that was handled before it is sent again arrives exactly as often as it was
 * sent; on GICv2 also from several sources at once (IHI 0048 3.2.1).
 */
#include "runtime/gic.h"
#include "runtime/smp.h"

const char guest_name[] = "smp-interrupts";

#define SGIS      16u
#define ROUNDS    20u /* storm: passes over its SGIs that each core makes */
#define LAPS      60u
#define TICKS     40u
#define TICK_US   2000u
#define SPI_ROUND 10u
#define FIRST_SPI 36u
#define SPIS      12u
#define VTIMER    27u
#define GO_SGI    9u

static unsigned cores;
static volatile bool failed, open_gate;
static volatile unsigned handled[CORES_MAX][64];
static unsigned sent[CORES_MAX][64]; /* a column belongs to one core at a time */

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();
    if (intid >= 1020)
        return;
    if (intid == VTIMER)
        write_sysreg(cntv_ctl_el0, 0);
    handled[core_index()][intid % 64] = handled[core_index()][intid % 64] + 1;
    gic_end(intid);
}

static void clear(void)
{
    for (unsigned core = 0; core < CORES_MAX; core++)
        for (unsigned intid = 0; intid < 64; intid++)
            handled[core][intid] = sent[core][intid] = 0;
    failed = false;
}

static void enable_sgis(void)
{
    for (unsigned sgi = 0; sgi < SGIS; sgi++)
        gic_enable(sgi);
    irq_unmask();
}

/* --- storm -------------------------------------------------------------------------------- */

static uint32_t next(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 16;
}

static bool all_handled(unsigned sgi)
{
    for (unsigned core = 0; core < cores; core++)
        if (handled[core][sgi] != sent[core][sgi])
            return false;
    return true;
}

/* To the others, to itself, or to any set of cores. */
static void send_somewhere(unsigned sgi, uint32_t *random)
{
    unsigned self = core_index(), all = (1u << cores) - 1, targets;
    unsigned how = next(random) % 4;

    targets = how == 0 ? all & ~(1u << self) : how == 1 ? 1u << self : next(random) & all;
    for (unsigned core = 0; core < cores; core++)
        sent[core][sgi] += targets >> core & 1;
    if (how == 0)
        gic_send_sgi_to_others(sgi);
    else if (how == 1)
        gic_send_sgi_to_self(sgi);
    else
        gic_send_sgi_to_list((uint8_t)targets, sgi);
}

/* Every SGI has one sender at a time; in `cores` turns each core has had each of them. */
static void storm(void)
{
    unsigned self = core_index();
    uint32_t random = self + 1;

    enable_sgis();
    failed |= !smp_meet(cores);
    for (unsigned turn = 0; turn < cores; turn++) {
        for (unsigned round = 0; round < ROUNDS; round++)
            for (unsigned sgi = (self + turn) % cores; sgi < SGIS; sgi += cores) {
                failed |= !smp_wait_for(all_handled(sgi));
                send_somewhere(sgi, &random);
            }
        for (unsigned sgi = (self + turn) % cores; sgi < SGIS; sgi += cores)
            failed |= !smp_wait_for(all_handled(sgi));
        failed |= !smp_meet(cores);
    }
    delay_us(2000); /* what is doubled comes late */
    failed |= !smp_meet(cores);
}

static void storms(void)
{
    unsigned lost = 0, doubled = 0, total = 0;

    clear();
    check("a storm of SGIs between all cores: all of them take part", smp_run(storm) && !failed);
    for (unsigned core = 0; core < cores; core++)
        for (unsigned sgi = 0; sgi < SGIS; sgi++) {
            total += sent[core][sgi];
            lost += handled[core][sgi] < sent[core][sgi];
            doubled += handled[core][sgi] > sent[core][sgi];
        }
    check("... and many are sent", total >= cores * ROUNDS);
    check_equal("... none is lost", lost, 0);
    check_equal("... none is doubled", doubled, 0);
}

/* --- one SGI from everywhere ---------------------------------------------------------------- */

static void send_to_first(void)
{
    if (core_index() != 0) {
        gic_send_sgi(0, GO_SGI);
        failed |= !smp_meet(cores);
        return;
    }
    failed |= !smp_meet(cores);
    gic_enable(GO_SGI);
    irq_unmask();
    delay_us(5000);
}

static void sources(void)
{
    bool good = true;
    unsigned least = UINT32_MAX, most = 0;

    for (unsigned round = 0; round < 5; round++) {
        clear();
        good &= smp_run(send_to_first) && !failed;
        least = handled[0][GO_SGI] < least ? handled[0][GO_SGI] : least;
        most = handled[0][GO_SGI] > most ? handled[0][GO_SGI] : most;
    }
    check("one SGI from all other cores while it is masked", good);
    if (gic.version == 2)
        check("... comes once for each", least == cores - 1 && most == cores - 1);
    else
        check("... comes, at most once for each", least >= 1 && most <= cores - 1);
}

/* --- waiting -------------------------------------------------------------------------------- */

/* A token goes round; who has not got it waits in WFI, as an idle operating system does. */
static void ring(void)
{
    unsigned self = core_index();
    unsigned sgi = GO_SGI, after = (self + 1) % cores;

    gic_enable(sgi);
    irq_unmask();
    failed |= !smp_meet(cores);
    for (unsigned lap = 0; lap < LAPS; lap++) {
        if (self == 0)
            gic_send_sgi(after, sgi);
        irq_mask();
        while (handled[self][sgi] == lap) {
            __asm__ volatile("wfi");
            irq_unmask();
            irq_mask();
        }
        irq_unmask();
        if (self != 0)
            gic_send_sgi(after, sgi);
    }
}

/* Each core's own timer wakes it from WFI. */
static void ticks(void)
{
    unsigned self = core_index();

    gic_enable(VTIMER);
    for (unsigned tick = 0; tick < TICKS; tick++) {
        irq_mask();
        write_sysreg(cntv_cval_el0, now() + ticks_of_us(TICK_US));
        write_sysreg(cntv_ctl_el0, 1);
        while (handled[self][VTIMER] == tick) {
            __asm__ volatile("wfi");
            irq_unmask();
            irq_mask();
        }
    }
    irq_unmask();
    delay_us(2 * TICK_US);
}

static void waits(void)
{
    bool once = true;

    clear();
    check("a token goes round, all others wait in WFI", smp_run(ring) && !failed);
    for (unsigned core = 0; core < cores; core++)
        once &= handled[core][GO_SGI] == LAPS;
    check("... every core had it in every lap", once);

    clear();
    once = true;
    check("every core is woken by its timer", smp_run(ticks));
    for (unsigned core = 0; core < cores; core++)
        once &= handled[core][VTIMER] == TICKS;
    check("... once for every time it was set", once);
}

/* --- peripheral interrupts ------------------------------------------------------------------ */

static void gate(void)
{
    irq_unmask();
    failed |= !smp_wait_for(open_gate);
}

static unsigned handled_in_all(unsigned intid)
{
    unsigned count = 0;
    for (unsigned core = 0; core < cores; core++)
        count += handled[core][intid];
    return count;
}

/* Runs on core 0 while the others are at the gate. */
static void peripherals(void)
{
    bool good = true, right = true;

    clear();
    open_gate = false;
    for (unsigned core = 1; core < cores; core++)
        good &= smp_on(core, gate) == PSCI_SUCCESS;
    for (unsigned core = 1; core < cores; core++)
        good &= smp_wait_state(core, PSCI_AFFINITY_ON);
    irq_unmask();
    for (unsigned n = 0; n < SPIS; n++) {
        gic_edge(FIRST_SPI + n, true);
        gic_enable(FIRST_SPI + n);
    }
    for (unsigned round = 0; round < SPI_ROUND * cores; round++) {
        unsigned target = round % cores;
        for (unsigned n = 0; n < SPIS; n++) {
            gic_target(FIRST_SPI + n, target);
            gic_set(GICD_ISPENDR, FIRST_SPI + n);
        }
        for (unsigned n = 0; n < SPIS; n++) {
            good &= smp_wait_for(handled_in_all(FIRST_SPI + n) == round + 1);
            right &= handled[target][FIRST_SPI + n] == round / cores + 1;
        }
    }
    delay_us(2000);
    for (unsigned n = 0; n < SPIS; n++)
        good &= handled_in_all(FIRST_SPI + n) == SPI_ROUND * cores;
    check("peripheral interrupts arrive, each once", good);
    check("... at the core that is their target", right);
    open_gate = true;
    for (unsigned core = 1; core < cores; core++)
        good &= smp_wait_state(core, PSCI_AFFINITY_OFF);
    irq_mask();
    check("... and the cores go off", good && !failed);
}

void guest_main(void)
{
    cores = smp_begin(handler);
    if (cores == 0)
        return;
    storms();
    sources();
    waits();
    peripherals();
}
