/* SPDX-License-Identifier: BSD-2-Clause */
/* SchedControl: gives scheduling contexts time on one core. */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

struct parameters {
    ticks budget;
    ticks period; /* 0: round robin */
    unsigned max_refills;
    unsigned core;
    word badge;
    bool sporadic;
};

/* The thread of a scheduling context that has just been given new parameters. */
static void replace(struct tcb *t, struct sched_context *sc, unsigned core)
{
    struct cpu *cpu = this_cpu();

    sched_dequeue(t);
    sched_migrate(t, core);
    cpu->reprogram = true;
    if (t != cpu->current || t->core != cpu->core)
        sched_wake(t);
    else if (!refill_usable(sc, cpu->now))
        release_insert(t);
}

static void configure(struct sched_context *sc, struct parameters p)
{
    struct cpu *cpu = this_cpu();
    struct tcb *t = sc->tcb;

    if (t) {
        thread_stall(t);
        /* The release queue is ordered by what is about to change. */
        if (t != cpu->current)
            sched_dequeue(t);
    }
    if (cpu->sc == sc)
        sched_commit(cpu);

    bool keep = t && !thread_stopped(t) && sc_active(sc) && sc->core == p.core;
    if (keep)
        refill_update(sc, p.max_refills, p.budget, p.period, cpu->now);
    else
        refill_start(sc, p.max_refills, p.budget, p.period, cpu->now);
    sc->badge = p.badge;
    sc->sporadic = p.sporadic;
    sc->core = p.core;
    if (t)
        replace(t, sc, p.core);
}

/* As many as the object has room for, and as can be counted: all are gone through at times. */
static unsigned max_refills(struct cap cap)
{
    word room =
        SC_CORE_REFILLS + (BIT(cap_info(cap)) - seL4_CoreSchedContextBytes) / seL4_RefillSizeBytes;
    return (unsigned)min_word(room, UINT16_MAX);
}

enum status sched_control_decode(struct invocation *inv)
{
    const word max_us = ARCH_US_MAX / 8;

    if (inv->label != SchedControlConfigureFlags)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv->length < 5 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    struct cap cap = inv->extra[0]->cap;
    if (!cap_is(cap, CAP_SCHED_CONTEXT))
        return inv_fail1(inv, seL4_InvalidCapability, 1);

    word budget = inv_arg(inv, 0);
    word period = inv_arg(inv, 1);
    word extra = inv_arg(inv, 2);
    if (budget < MIN_BUDGET_US || budget > max_us || period < MIN_BUDGET_US || period > max_us)
        return inv_fail_range(inv, MIN_BUDGET_US, max_us);
    if (budget > period)
        return inv_fail_range(inv, MIN_BUDGET_US, period);
    if (extra > max_refills(cap) - SC_CORE_REFILLS)
        return inv_fail_range(inv, 0, max_refills(cap) - SC_CORE_REFILLS);

    bool round_robin = budget == period;
    configure(
        cap_object(cap),
        (struct parameters){.budget = arch_us_to_ticks(budget),
                            .period = round_robin ? 0 : arch_us_to_ticks(period),
                            .max_refills = SC_CORE_REFILLS + (round_robin ? 0 : (unsigned)extra),
                            .core = (unsigned)inv->cap.data,
                            .badge = inv_arg(inv, 3),
                            .sporadic = inv_arg(inv, 4) & seL4_SchedContext_Sporadic});
    return STATUS_OK;
}
