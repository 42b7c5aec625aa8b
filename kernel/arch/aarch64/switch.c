/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Switching threads. What only user level can see is left in the hardware as long as possible:
 * while a core is idle it keeps the last thread's registers and address space.
 */
#include "switch.h"

#include "arch.h"
#include "asid.h"

static void save_thread_registers(struct tcb *t)
{
    word tpidr = READ_SYSREG(tpidr_el0);
    word tpidrro = READ_SYSREG(tpidrro_el0);

    t->arch.regs.tpidr_el0 = tpidr;
    t->arch.regs.tpidrro_el0 = tpidrro;
}

static void load_thread_registers(const struct tcb *t)
{
    word tpidr = t->arch.regs.tpidr_el0;
    word tpidrro = t->arch.regs.tpidrro_el0;

    WRITE_SYSREG(tpidr_el0, tpidr);
    WRITE_SYSREG(tpidrro_el0, tpidrro);
}

static inline word vttbr_of(const struct tcb *t)
{
    struct cap cap = t->slot[TCB_VSPACE].cap;

    if (unlikely(!cap_is(cap, CAP_VSPACE)))
        return asid_empty_vttbr();
    word vttbr = asid_vttbr_ready(mapping_asid(cap), cap_object(cap));
    return likely(vttbr != 0) ? vttbr : asid_vttbr(mapping_asid(cap), cap_object(cap));
}

__attribute__((always_inline)) void arch_switch_to(struct cpu *cpu, struct tcb *t)
{
    struct arch_cpu *arch = &cpu->arch;
    word vttbr = vttbr_of(t);

    if (arch->vttbr != vttbr) {
        arch->vttbr = vttbr;
        WRITE_SYSREG(vttbr_el2, vttbr);
    }
    if (t->arch.vcpu != NULL && unlikely(!vcpu_is_ready(cpu, t->arch.vcpu)))
        vcpu_prepare(cpu, t->arch.vcpu);
    if (arch->running != t) {
        if (likely(arch->running != NULL))
            save_thread_registers(arch->running);
        load_thread_registers(t);
        arch->running = t;
    }
    vcpu_switch(cpu, t->arch.vcpu);
    fpu_switch(cpu, t);
}

void thread_unload(struct cpu *cpu, void *unused)
{
    (void)unused;
    if (cpu->arch.running == NULL)
        return;
    save_thread_registers(cpu->arch.running);
    cpu->arch.running = NULL;
    vcpu_switch(cpu, NULL);
}

bool thread_loaded_here(const struct tcb *t)
{
    struct cpu *cpu = &cpus[t->core];

    if (cpu->arch.running != t)
        return false;
    if (cpu == this_cpu())
        return true;
    on_cpu(cpu, thread_unload, NULL);
    return false;
}

/* Everything of the thread that a core may hold, on that core. */
static void let_go(struct cpu *cpu, void *thread)
{
    struct tcb *t = thread;

    if (cpu->arch.running == t)
        thread_unload(cpu, NULL);
    if (cpu->arch.fpu_owner == t)
        fpu_release(cpu);
    if (cpu->arch.vcpu != NULL && cpu->arch.vcpu == t->arch.vcpu)
        vcpu_unload(cpu);
}

static bool holds(const struct cpu *cpu, const struct tcb *t)
{
    return cpu->arch.running == t || cpu->arch.fpu_owner == t ||
           (cpu->arch.vcpu != NULL && cpu->arch.vcpu == t->arch.vcpu);
}

static void let_go_everywhere(struct tcb *t)
{
    for (unsigned i = 0; i < cpu_count; i++) {
        if (holds(&cpus[i], t))
            on_cpu(&cpus[i], let_go, t);
    }
}

void arch_migrate(struct tcb *t)
{
    let_go_everywhere(t);
}

void arch_tcb_finalise(struct tcb *t)
{
    let_go_everywhere(t);
    if (t->arch.vcpu != NULL) {
        t->arch.vcpu->tcb = NULL;
        t->arch.vcpu = NULL;
    }
}

void switch_init_core(struct cpu *cpu)
{
    struct arch_cpu *arch = &cpu->arch;

    WRITE_SYSREG(vtcr_el2, VTCR_EL2_VALUE);
    WRITE_SYSREG(hcr_el2, HCR_NATIVE);
    WRITE_SYSREG(sctlr_el1, SCTLR_EL1_NATIVE);
    WRITE_SYSREG(cpacr_el1, CPACR_EL1_FPEN);
    WRITE_SYSREG(cntkctl_el1, CNTKCTL_EL1_NATIVE);
    WRITE_SYSREG(cnthctl_el2, CNTHCTL_EL2_VALUE);
    WRITE_SYSREG(cntv_ctl_el0, 0);
    WRITE_SYSREG(cntp_ctl_el0, 0);
    WRITE_SYSREG(vpidr_el2, READ_SYSREG(midr_el1));
    WRITE_SYSREG(hstr_el2, 0);
    WRITE_SYSREG(pmuserenr_el0, 0);
    WRITE_SYSREG(mdscr_el1, 0);
    /* MDCR_EL2: nothing traps that TGE does not; HPMN as the hardware resets it. */
    WRITE_SYSREG(mdcr_el2, READ_SYSREG(mdcr_el2) & 0x1f);
    WRITE_SYSREG(cptr_el2, CPTR_EL2_RES1 | CPTR_EL2_TFP);
    arch->fp_trapped = true;
    arch->vttbr = asid_empty_vttbr();
    WRITE_SYSREG(vttbr_el2, arch->vttbr);
    isb();
    __asm__ volatile("tlbi alle1\n\tic iallu\n\tdsb sy\n\tisb" : : : "memory");
}
