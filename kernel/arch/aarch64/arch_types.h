/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel core must know of AArch64 to lay out its structures. */
#ifndef KEEL_ARCH_TYPES_H
#define KEEL_ARCH_TYPES_H

#include "abi.h"
#include "types.h"

#define ARCH_MSG_REGS     4u
#define ARCH_CONTEXT_REGS 36u
#define ARCH_TIMEOUT_REGS 34u
#define ARCH_OBJECTS      13u

/* Interrupt indices: 32 per core for SGIs and PPIs, then the SPIs. */
#define ARCH_PRIVATE_IRQS 32u
#define ARCH_MAX_IRQ      159u
#define ARCH_IRQS         (MAX_CPUS * ARCH_PRIVATE_IRQS + ARCH_MAX_IRQ + 1 - ARCH_PRIVATE_IRQS)

/* The timer runs at 62.5 MHz; the conversion multiplies by kHz first. */
#define ARCH_TIMER_KHZ UINT64_C(62500)
#define ARCH_US_MAX    (UINT64_MAX / ARCH_TIMER_KHZ)

struct vcpu;

struct arch_tcb {
    word x[31];
    word sp;
    word pc; /* next PC */
    word spsr;
    word trap_back; /* bytes from the restart PC to pc: 4 in a system call, else 0 */
    word tpidr;
    word tpidrro;
    struct vcpu *vcpu;
    word fpsr;
    word fpcr;
    word fp[64] __attribute__((aligned(16))); /* 32 registers of 128 bits */
};

struct arch_cpu {
    struct vcpu *vcpu;     /* whose state is loaded */
    bool vcpu_active;      /* and is in effect */
    struct tcb *fpu_owner; /* whose FP registers are loaded */
    word *stack;
    volatile word remote_op; /* asked of this core while it waits for the lock */
    volatile word remote_arg;
};

#endif
