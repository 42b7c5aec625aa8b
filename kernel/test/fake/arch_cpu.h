/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KEEL_ARCH_CPU_H
#define KEEL_ARCH_CPU_H

/* What the tests steer and see of the fake machine. */
struct fake_machine {
    unsigned core; /* the one that runs the kernel */
    ticks time;
    unsigned interrupt_after; /* calls of arch_interrupt_pending until one is pending; 0: never */
    unsigned reschedules[MAX_CPUS];
    unsigned stalls[MAX_CPUS];
    unsigned migrations;
    bool stalled_repeats; /* cpu->repeats of a core that is being stalled */
    word irq_masked;      /* bit per interrupt */
};

extern struct fake_machine fake;

static inline struct cpu *this_cpu(void)
{
    return &cpus[fake.core];
}

#endif
