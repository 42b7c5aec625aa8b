/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Switching between VCPUs and native threads. A VCPU is *loaded* when its registers are in a core's
 * hardware, and *active* when its thread is the one that runs. Between the two it stays loaded:
 * only the few registers that native threads see are exchanged.
 */
#include "vcpu.h"

#include "arch.h"
#include "asid.h"
#include "switch.h"
#include "vcpu_regs.h"

/* The VCPU that last used a VMID on a core: its stage 1 may be in the TLB. */
static const struct vcpu *last_user[MAX_CPUS][VMIDS];

/*
 * A guest invalidates TLB entries of the core that it runs on. Two VCPUs of one address space on a
 * core, or one that comes back after being elsewhere, must not see what the other left.
 */
static void own_tlb(struct cpu *cpu, const struct vcpu *vcpu)
{
    const struct vcpu **last = &last_user[cpu->core][cpu->arch.vttbr >> VTTBR_VMID_SHIFT];

    if (*last == vcpu && vcpu->last == cpu)
        return;
    *last = vcpu;
    isb();
    __asm__ volatile("tlbi vmalle1\n\tic iallu\n\tdsb nsh\n\tisb" : : : "memory");
}

/*
 * MDSCR_EL1 is the guest's only while it runs: with it, it could have native threads of this core
 * step or hit its breakpoints.
 */
static void save_active(struct vcpu *vcpu)
{
    /* All moves first, so that the compiler stores two registers at once. */
    word mdscr = READ_SYSREG(mdscr_el1);
#define DO(index, name) word value_##index = READ_SYSREG(name);
    VCPU_ACTIVE_REGS(DO)
#undef DO
#define DO(index, name) vcpu->reg[index] = value_##index;
    VCPU_ACTIVE_REGS(DO)
#undef DO
    vcpu->mdscr = mdscr;
}

static void load_active(const struct vcpu *vcpu)
{
    word mdscr = vcpu->mdscr;
#define DO(index, name) word value_##index = vcpu->reg[index];
    VCPU_ACTIVE_REGS(DO)
#undef DO
#define DO(index, name) WRITE_SYSREG(name, value_##index);
    VCPU_ACTIVE_REGS(DO)
#undef DO
    WRITE_SYSREG(mdscr_el1, mdscr);
}

static void set_vgic(struct cpu *cpu, bool on)
{
    if (cpu->arch.vgic_enabled == on)
        return;
    cpu->arch.vgic_enabled = on;
    gic->vgic_enable(on ? cpu->arch.vcpu->vgic.hcr : 0);
}

static void set_vtimer(struct cpu *cpu, bool on)
{
    if (cpu->arch.vtimer_enabled == on)
        return;
    cpu->arch.vtimer_enabled = on;
    if (on)
        gic->unmask(GIC_PPI_VTIMER);
    else
        gic->mask(GIC_PPI_VTIMER);
}

void vcpu_unload(struct cpu *cpu)
{
    struct vcpu *vcpu = cpu->arch.vcpu;

    if (vcpu == NULL)
        return;
    if (cpu->arch.vcpu_active)
        vcpu_switch(cpu, NULL);
#define DO(index, name) vcpu->reg[index] = READ_SYSREG(name);
    VCPU_LAZY_REGS(DO)
#undef DO
    vcpu->csselr = READ_SYSREG(csselr_el1);
    WRITE_SYSREG(cntv_ctl_el0, 0);
    set_vtimer(cpu, false);
    set_vgic(cpu, false);
    gic->vgic_save(&vcpu->vgic);
    vcpu->loaded = NULL;
    cpu->arch.vcpu = NULL;
}

static void load(struct cpu *cpu, struct vcpu *vcpu)
{
    vcpu_unload(cpu);
#define DO(index, name) WRITE_SYSREG(name, vcpu->reg[index]);
    VCPU_LAZY_REGS(DO)
#undef DO
    WRITE_SYSREG(csselr_el1, vcpu->csselr);
    gic->vgic_load(&vcpu->vgic);
    own_tlb(cpu, vcpu);
    vcpu->last = cpu;
    vcpu->loaded = cpu;
    cpu->arch.vcpu = vcpu;
}

__attribute__((noinline)) void vcpu_prepare(struct cpu *cpu, struct vcpu *vcpu)
{
    if (cpu->arch.vcpu != vcpu)
        load(cpu, vcpu);
    set_vgic(cpu, true);
    set_vtimer(cpu, !vcpu->vppi_masked);
}

static void deactivate(struct cpu *cpu)
{
    save_active(cpu->arch.vcpu);
    WRITE_SYSREG(hcr_el2, HCR_NATIVE);
    WRITE_SYSREG(sctlr_el1, SCTLR_EL1_NATIVE);
    WRITE_SYSREG(cpacr_el1, CPACR_EL1_FPEN);
    WRITE_SYSREG(cntkctl_el1, CNTKCTL_EL1_NATIVE);
    WRITE_SYSREG(mdscr_el1, 0);
    cpu->arch.vcpu_active = false;
}

void vcpu_switch(struct cpu *cpu, struct vcpu *vcpu)
{
    struct arch_cpu *arch = &cpu->arch;

    if (vcpu == NULL) {
        if (arch->vcpu_active)
            deactivate(cpu);
    } else if (!arch->vcpu_active) {
        WRITE_SYSREG(hcr_el2, HCR_VCPU);
        load_active(vcpu);
        arch->vcpu_active = true;
    }
}

void vcpu_update_vtimer(struct cpu *cpu)
{
    set_vtimer(cpu, cpu->arch.vcpu_active && !cpu->arch.vcpu->vppi_masked);
}

/*
 * The interface and the timer of a loaded VCPU are left on while native threads run. If they want
 * something then, they are silenced until the VCPU is active again and can take the fault.
 */
bool vcpu_silence_vgic(struct cpu *cpu)
{
    if (cpu->arch.vcpu_active)
        return false;
    set_vgic(cpu, false);
    return true;
}

bool vcpu_silence_vtimer(struct cpu *cpu)
{
    set_vtimer(cpu, false);
    return !cpu->arch.vcpu_active;
}

/* Is this register of this VCPU in the hardware of the calling core? */
static bool in_hardware(const struct cpu *cpu, const struct vcpu *vcpu, unsigned reg)
{
    if (cpu->arch.vcpu != vcpu)
        return false;
    return cpu->arch.vcpu_active || (reg != seL4_VCPUReg_SCTLR && reg != seL4_VCPUReg_CPACR &&
                                     reg != seL4_VCPUReg_CNTKCTL_EL1);
}

word vcpu_read_register(struct cpu *cpu, const struct vcpu *vcpu, unsigned reg)
{
    if (!in_hardware(cpu, vcpu, reg))
        return vcpu->reg[reg];
    switch (reg) {
#define DO(index, name)                                                                            \
    case index:                                                                                    \
        return READ_SYSREG(name);
        VCPU_ACTIVE_REGS(DO)
        VCPU_LAZY_REGS(DO)
#undef DO
    default:
        return 0;
    }
}

void vcpu_write_register(struct cpu *cpu, struct vcpu *vcpu, unsigned reg, word value)
{
    vcpu->reg[reg] = value;
    if (!in_hardware(cpu, vcpu, reg))
        return;
    switch (reg) {
#define DO(index, name)                                                                            \
    case index:                                                                                    \
        WRITE_SYSREG(name, value);                                                                 \
        break;
        VCPU_ACTIVE_REGS(DO)
        VCPU_LAZY_REGS(DO)
#undef DO
    default:
        break;
    }
}

uint64_t vcpu_read_lr(struct cpu *cpu, const struct vcpu *vcpu, unsigned index)
{
    return cpu->arch.vcpu == vcpu ? gic->lr_read(index) : vcpu->vgic.lr[index];
}

void vcpu_write_lr(struct cpu *cpu, struct vcpu *vcpu, unsigned index, uint64_t lr)
{
    if (cpu->arch.vcpu == vcpu)
        gic->lr_write(index, lr);
    else
        vcpu->vgic.lr[index] = lr;
}

void vcpu_forget(const struct vcpu *vcpu)
{
    for (unsigned core = 0; core < MAX_CPUS; core++) {
        for (unsigned vmid = 0; vmid < VMIDS; vmid++) {
            if (last_user[core][vmid] == vcpu)
                last_user[core][vmid] = NULL;
        }
    }
}

void vcpu_init(struct vcpu *vcpu)
{
    vcpu->reg[seL4_VCPUReg_SCTLR] = SCTLR_EL1_INITIAL;
    vcpu->vgic.hcr = VGIC_HCR_EN;
}
