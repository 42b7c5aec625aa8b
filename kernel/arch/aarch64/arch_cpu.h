/* SPDX-License-Identifier: BSD-2-Clause */
/* TPIDR_EL2 holds the calling core's struct cpu. */
#ifndef KEEL_ARCH_CPU_H
#define KEEL_ARCH_CPU_H

#include "sysreg.h"

static inline struct cpu *this_cpu(void)
{
    struct cpu *cpu;
    __asm__("mrs %0, tpidr_el2" : "=r"(cpu));
    return cpu;
}

/*
 * Has `call(cpu, arg)` executed on that core, which is the calling one or another; returns when it
 * is done. With the lock held.
 */
void on_cpu(struct cpu *cpu, void (*call)(struct cpu *cpu, void *arg), void *arg);

#endif
