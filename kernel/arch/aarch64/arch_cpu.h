/* SPDX-License-Identifier: BSD-2-Clause */
/* Included by cpu.h: finds the calling core's state. TPIDR_EL2 holds its address. */
#ifndef KEEL_ARCH_CPU_H
#define KEEL_ARCH_CPU_H

static inline struct cpu *this_cpu(void)
{
    struct cpu *cpu;
    __asm__("mrs %0, tpidr_el2" : "=r"(cpu));
    return cpu;
}

#endif
