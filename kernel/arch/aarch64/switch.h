/* SPDX-License-Identifier: BSD-2-Clause */
/* What the calling core's hardware holds of threads and VCPUs. */
#ifndef KEEL_AARCH64_SWITCH_H
#define KEEL_AARCH64_SWITCH_H

#include "cpu.h"

/*
 * The thread that runs on this core is taken off it: thread registers go to memory, native state is
 * active. VCPU and FPU registers may stay loaded.
 */
void thread_unload(struct cpu *cpu);

/*
 * Are the thread's tpidr registers in this core's hardware? If another core, which is idle since
 * the thread ran there, has them, they are in memory afterwards.
 */
bool thread_loaded_here(const struct tcb *t);

/* Makes the VCPU's (or, with NULL, native) state active on this core. */
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
