/* SPDX-License-Identifier: BSD-2-Clause */
#include "stress.h"

#include <bulkhead/keel.h>
#include <bulkhead/time.h>

#define SEED           0x5eed0001u
#define TICK_BUDGET_US 100
#define TICK_PERIOD_US 1000
#define PHASE_MS       (800 * STRESS_SCALE)
#define LATE_SECONDS   (30 + 30 * STRESS_SCALE) /* a phase hangs */

struct stress stress;

static struct root_stack stacks[STRESS_THREADS] __attribute__((aligned(ROOT_BUFFER_SIZE)));
static uint64_t phase_start;

uint32_t stress_next(uint64_t *state)
{
    uint64_t x = *state;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    *state = x;
    return (uint32_t)(x >> 32);
}

uint32_t stress_random(void)
{
    return stress_next(&stress.random);
}

unsigned stress_below(unsigned n)
{
    return stress_random() % n;
}

bool stress_one_in(unsigned n)
{
    return stress_below(n) == 0;
}

seL4_CPtr stress_object(seL4_Word type, seL4_Word size_bits)
{
    seL4_CPtr slot = root_slots(1);
    root_check(seL4_Untyped_Retype(root.memory, type, size_bits, ROOT_CNODE, 0, 0, slot, 1),
               "retype for a phase");
    return slot;
}

struct root_stack *stress_stack(void)
{
    if (stress.stacks == STRESS_THREADS) {
        root_fail("no stacks left");
    }
    return &stacks[stress.stacks++];
}

void stress_configure(seL4_CPtr sc, unsigned core)
{
    seL4_CPtr control = root.bootinfo->schedcontrol.start + core;
    uint64_t period = 500 + stress_below(4000);
    uint64_t budget = stress_one_in(2) ? period : 100 + stress_below((unsigned)period - 100);

    root_check(seL4_SchedControl_ConfigureFlags(control, sc, budget, period, stress_below(5), sc,
                                                stress_below(2)),
               "configure a scheduling context");
}

void stress_make_thread(struct stress_thread *t, unsigned core, unsigned priority,
                        void (*entry)(void *), void *arg)
{
    t->core = core;
    t->config = (struct root_thread){.tcb = stress_object(seL4_TCBObject, 0),
                                     .sc = stress_object(seL4_SchedContextObject, 8),
                                     .priority = priority,
                                     .entry = entry,
                                     .arg = arg,
                                     .stack = stress_stack()};
    stress_configure(t->config.sc, core);
}

/* Wakes the root task once in a period. */
static void ticker_main(void *arg)
{
    for (;;) {
        seL4_Signal(stress.tick);
        seL4_Yield();
    }
}

static void start_ticker(void)
{
    static struct root_stack stack;
    struct root_thread ticker = {.tcb = root_object(seL4_TCBObject, 0),
                                 .sc = root_object(seL4_SchedContextObject, 8),
                                 .priority = 254,
                                 .entry = ticker_main,
                                 .stack = &stack};

    stress.tick = root_object(seL4_NotificationObject, 0);
    root_check(seL4_SchedControl_ConfigureFlags(root.bootinfo->schedcontrol.start, ticker.sc,
                                                TICK_BUDGET_US, TICK_PERIOD_US, 0, 0, 0),
               "configure the ticker");
    root_thread(&ticker, true);
}

void stress_pause(void)
{
    seL4_Word badge;

    seL4_Wait(stress.tick, &badge);
}

static uint64_t elapsed_ms(void)
{
    return (bh_ticks() - phase_start) / (bh_tick_hz() / 1000);
}

bool stress_over(void)
{
    return elapsed_ms() > PHASE_MS;
}

bool stress_late(void)
{
    return elapsed_ms() > LATE_SECONDS * 1000;
}

void stress_watch(const char *what)
{
    if (stress_late()) {
        root_fail("%s: not done after %u seconds", what, LATE_SECONDS);
    }
}

_Noreturn void stress_park(void)
{
    for (;;) {
        seL4_Word badge;
        seL4_Wait(0, &badge); /* no capability: a fault, and nobody to answer it */
    }
}

static void detect_keel(void)
{
    seL4_CPtr tcb = stress_object(seL4_TCBObject, 0);
    seL4_TCB_SetFlags_t flags = seL4_TCB_SetFlags(tcb, 0, KEEL_TCB_FAULT_REGS);

    stress.keel = flags.flags & KEEL_TCB_FAULT_REGS;
}

static void begin(void)
{
    root.next_slot = stress.first_slot;
    stress.stacks = 0;
    phase_start = bh_ticks();
}

static void end(const char *name)
{
    root_check(seL4_CNode_Revoke(ROOT_CNODE, root.memory, 64), "revoke a phase");
    root_print("stress: %s ok, %lu ms\n", name, (unsigned long)elapsed_ms());
}

void bh_root_main(seL4_BootInfo *bootinfo)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } phases[] = {
        {"memory", stress_memory},         {"messages", stress_messages},
        {"signals", stress_signals},       {"badges", stress_badges},
        {"interrupts", stress_interrupts}, {"triggers", stress_triggers},
        {"budgets", stress_budgets},       {"guests", stress_guests},
        {"chaos", stress_chaos},
    };

    root_init(bootinfo, "stress");
    stress = (struct stress){
        .cores = (unsigned)bootinfo->numNodes, .scale = STRESS_SCALE, .random = SEED};
    start_ticker();
    stress.first_slot = root.next_slot;
    begin();
    detect_keel();
    root_print("stress: seed 0x%x, %u cores, %s\n", SEED, stress.cores,
               stress.keel ? "keel" : "seL4");
    root_check(seL4_CNode_Revoke(ROOT_CNODE, root.memory, 64), "revoke");
    for (unsigned i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
        begin();
        phases[i].run();
        end(phases[i].name);
    }
    root_print("stress: PASS\n");
    root_power_off();
}
