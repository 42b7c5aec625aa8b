/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FP and SIMD registers are switched lazily: they stay in a core's hardware until another thread
 * uses the FPU there or their owner moves to another core.
 */
#include "arch.h"
#include "switch.h"

void fpu_save_registers(struct fpu_state *state);
void fpu_load_registers(const struct fpu_state *state);

static void set_trap(struct cpu *cpu, bool trap)
{
    if (cpu->arch.fp_trapped == trap)
        return;
    cpu->arch.fp_trapped = trap;
    WRITE_SYSREG(cptr_el2, CPTR_EL2_RES1 | (trap ? CPTR_EL2_TFP : 0));
}

void fpu_switch(struct cpu *cpu, struct tcb *t)
{
    bool foreign = cpu->arch.fpu_owner != t;

    if (likely(foreign && cpu->arch.fp_trapped))
        return;
    set_trap(cpu, foreign || (t->flags & seL4_TCBFlag_fpuDisabled) != 0);
}

void fpu_release(struct cpu *cpu)
{
    struct tcb *owner = cpu->arch.fpu_owner;

    if (owner == NULL)
        return;
    set_trap(cpu, false);
    isb();
    fpu_save_registers(&owner->arch.fpu);
    cpu->arch.fpu_owner = NULL;
    set_trap(cpu, true);
}

void fpu_acquire(struct cpu *cpu)
{
    struct tcb *t = cpu->current;

    if (cpu->arch.fpu_owner != t) {
        fpu_release(cpu);
        set_trap(cpu, false);
        isb();
        fpu_load_registers(&t->arch.fpu);
        cpu->arch.fpu_owner = t;
    }
    fpu_switch(cpu, t);
}

void arch_flags_changed(struct tcb *t)
{
    struct cpu *cpu = this_cpu();

    if (cpu->current == t)
        fpu_switch(cpu, t);
}
