/* SPDX-License-Identifier: BSD-2-Clause */
/* What the calling core's hardware holds of threads and VCPUs. */
#ifndef KEEL_AARCH64_SWITCH_H
#define KEEL_AARCH64_SWITCH_H

#include "cpu.h"

/*
 * The thread that runs on this core is taken off it: thread registers go to memory, native state is
 * active. VCPU and FPU registers may stay loaded. For on_cpu().
 */
void thread_unload(struct cpu *cpu, void *unused);

/*
 * Are the thread's tpidr registers in this core's hardware? If another core, which is idle since
 * the thread ran there, has them, they are in memory afterwards.
 */
bool thread_loaded_here(const struct tcb *t);

/*
 * Loads the VCPU, which may be on no other core, on this one, in the address space (VTTBR_EL2) that
 * its thread has; its interrupts are as it wants them. That is so already if it is ready.
 */
void vcpu_prepare(struct cpu *cpu, struct vcpu *vcpu);

static inline bool vcpu_is_ready(const struct cpu *cpu, const struct vcpu *vcpu)
{
    return cpu->arch.vcpu == vcpu && cpu->arch.vgic_enabled &&
           cpu->arch.vtimer_enabled != vcpu->vppi_masked;
}

/* Makes the state of a VCPU that is ready (or, with NULL, native state) active on this core. */
void vcpu_switch(struct cpu *cpu, struct vcpu *vcpu);

/* Saves the loaded VCPU, if any, and marks the core as having none. */
void vcpu_unload(struct cpu *cpu);

/* Unmasks the virtual timer's PPI if the active VCPU wants it, masks it if not. */
void vcpu_update_vtimer(struct cpu *cpu);

/* Saves the FPU registers to their owner; nobody owns them then. */
void fpu_release(struct cpu *cpu);

/* The current thread used the FPU without having its registers loaded. */
void fpu_acquire(struct cpu *cpu);

/* Has FP instructions trap unless the thread's registers are loaded and it may use them. */
void fpu_switch(struct cpu *cpu, struct tcb *t);

/* System registers that stay as they are from boot on. */
void switch_init_core(struct cpu *cpu);

#endif
