/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Switching between VCPUs and native threads. A VCPU is *loaded* when its registers are in a core's
 * hardware, and *active* when its thread is the one that runs. Between the two it stays loaded:
 * only the few registers that native threads see are exchanged.
 */
#include "vcpu.h"

#include "arch.h"
#include "asid.h"
#include "sched.h"
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

/*
 * The interface and the timer of a loaded VCPU are left on while native threads run, and while the
 * core is idle the VCPU is even active. If they want something then, they are silenced until its
 * thread runs again and can take the fault.
 */
static bool vcpu_runs(const struct cpu *cpu)
{
    return cpu->arch.vcpu_active && cpu->current != cpu->idle;
}

void vcpu_update_vtimer(struct cpu *cpu)
{
    set_vtimer(cpu, vcpu_runs(cpu) && !cpu->arch.vcpu->vppi_masked);
}

bool vcpu_silence_vgic(struct cpu *cpu)
{
    if (vcpu_runs(cpu))
        return false;
    set_vgic(cpu, false);
    return true;
}

bool vcpu_silence_vtimer(struct cpu *cpu)
{
    set_vtimer(cpu, false);
    return !vcpu_runs(cpu);
}

void vcpu_write_lr(struct cpu *cpu, struct vcpu *vcpu, unsigned index, uint64_t lr)
{
    if (cpu->arch.vcpu == vcpu)
        gic->lr_write(index, lr);
    else
        vcpu->vgic.lr[index] = lr;
}

void vcpu_init(struct vcpu *vcpu)
{
    vcpu->reg[seL4_VCPUReg_SCTLR] = SCTLR_EL1_INITIAL;
    vcpu->vgic.hcr = VGIC_HCR_EN;
}

/* --- invocations --- */

#define MAX_VIRQ     1023u
#define MAX_PRIORITY 31u
#define MAX_GROUP    1u

/* An access to a VCPU, executed on the core that has it loaded. */
struct access {
    struct vcpu *vcpu;
    unsigned index; /* register, or list register */
    word value;
    bool write;
    bool refused;
};

static void on_its_cpu(struct vcpu *vcpu, void (*call)(struct cpu *cpu, void *arg), void *arg)
{
    on_cpu(vcpu->loaded != NULL ? vcpu->loaded : this_cpu(), call, arg);
}

static void unload_here(struct cpu *cpu, void *arg)
{
    if (cpu->arch.vcpu == arg)
        vcpu_unload(cpu);
}

static void dissociate(struct vcpu *vcpu)
{
    struct tcb *t = vcpu->tcb;

    if (t != NULL)
        thread_stall(t);
    on_its_cpu(vcpu, unload_here, vcpu);
    if (t == NULL)
        return;
    vcpu->tcb = NULL;
    t->arch.vcpu = NULL;
    t->arch.regs.spsr = context_sanitise_spsr(t, t->arch.regs.spsr);
}

void vcpu_destroy(struct vcpu *vcpu)
{
    dissociate(vcpu);
    /* Its address may become another VCPU. */
    for (unsigned core = 0; core < MAX_CPUS; core++) {
        for (unsigned vmid = 0; vmid < VMIDS; vmid++) {
            if (last_user[core][vmid] == vcpu)
                last_user[core][vmid] = NULL;
        }
    }
}

static enum status set_tcb(struct invocation *inv, struct vcpu *vcpu)
{
    if (inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    struct cap cap = inv->extra[0]->cap;
    if (!cap_is(cap, CAP_THREAD))
        return inv_fail(inv, seL4_IllegalOperation);
    struct tcb *t = cap_object(cap);

    if (vcpu->tcb == t)
        return STATUS_OK;
    if (vcpu->tcb != NULL)
        dissociate(vcpu);
    if (t->arch.vcpu != NULL)
        dissociate(t->arch.vcpu);
    thread_stall(t);
    vcpu->tcb = t;
    t->arch.vcpu = vcpu;
    if (inv->cpu->current == t)
        arch_switch_to(inv->cpu, t);
    return STATUS_OK;
}

static void inject_here(struct cpu *cpu, void *arg)
{
    struct access *access = arg;
    struct vcpu *vcpu = access->vcpu;
    uint64_t old =
        cpu->arch.vcpu == vcpu ? gic->lr_read(access->index) : vcpu->vgic.lr[access->index];

    access->refused = gic_lr_is_active(gic->lr_format, old);
    if (!access->refused)
        vcpu_write_lr(cpu, vcpu, access->index, access->value);
}

static enum status inject_irq(struct invocation *inv, struct vcpu *vcpu)
{
    if (inv->length < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    word arg = inv_arg(inv, 0);
    uint32_t virq = arg & 0xffff;
    uint32_t priority = arg >> 16 & 0xff;
    uint32_t group = arg >> 24 & 0xff;
    uint32_t index = arg >> 32 & 0xff;

    if (virq > MAX_VIRQ)
        return inv_fail_range(inv, 0, MAX_VIRQ);
    if (priority > MAX_PRIORITY)
        return inv_fail_range(inv, 0, MAX_PRIORITY);
    if (group > MAX_GROUP)
        return inv_fail_range(inv, 0, MAX_GROUP);
    if (index >= gic_num_lr)
        return inv_fail_range(inv, 0, gic_num_lr - 1);

    struct access access = {.vcpu = vcpu,
                            .index = index,
                            .value = gic_lr_pending(gic->lr_format, virq, priority, group)};
    on_its_cpu(vcpu, inject_here, &access);
    return access.refused ? inv_fail(inv, seL4_DeleteFirst) : STATUS_OK;
}

/* Is this register of this VCPU in the hardware of the calling core? */
static bool in_hardware(const struct cpu *cpu, const struct vcpu *vcpu, unsigned reg)
{
    if (cpu->arch.vcpu != vcpu)
        return false;
    return cpu->arch.vcpu_active || (reg != seL4_VCPUReg_SCTLR && reg != seL4_VCPUReg_CPACR &&
                                     reg != seL4_VCPUReg_CNTKCTL_EL1);
}

static void register_here(struct cpu *cpu, void *arg)
{
    struct access *access = arg;
    word *saved = &access->vcpu->reg[access->index];

    if (access->write)
        *saved = access->value;
    else
        access->value = *saved;
    if (!in_hardware(cpu, access->vcpu, access->index))
        return;
    switch (access->index) {
#define DO(index, name)                                                                            \
    case index:                                                                                    \
        if (access->write)                                                                         \
            WRITE_SYSREG(name, access->value);                                                     \
        else                                                                                       \
            access->value = READ_SYSREG(name);                                                     \
        break;
        VCPU_ACTIVE_REGS(DO)
        VCPU_LAZY_REGS(DO)
#undef DO
    default:
        break;
    }
}

static enum status access_register(struct invocation *inv, struct vcpu *vcpu, bool write)
{
    if (inv->length < (write ? 2u : 1u))
        return inv_fail(inv, seL4_TruncatedMessage);
    word reg = inv_arg(inv, 0);
    if (reg >= seL4_VCPUReg_Num)
        return inv_fail1(inv, seL4_InvalidArgument, 1);

    struct access access = {.vcpu = vcpu, .index = (unsigned)reg, .write = write};
    if (write)
        access.value = inv_arg(inv, 1);
    on_its_cpu(vcpu, register_here, &access);
    return write ? STATUS_OK : inv_result(inv, access.value);
}

static void ack_here(struct cpu *cpu, void *arg)
{
    struct vcpu *vcpu = arg;

    vcpu->vppi_masked = false;
    if (cpu->arch.vcpu == vcpu && cpu->arch.vcpu_active)
        vcpu_update_vtimer(cpu);
}

static enum status ack_vppi(struct invocation *inv, struct vcpu *vcpu)
{
    if (inv->length < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    word irq = inv_arg(inv, 0);
    if (irq >= GIC_NUM_IRQS)
        return inv_fail_range(inv, 0, GIC_NUM_IRQS - 1);
    if (irq != GIC_PPI_VTIMER)
        return inv_fail1(inv, seL4_InvalidArgument, 0);
    on_its_cpu(vcpu, ack_here, vcpu);
    return STATUS_OK;
}

enum status vcpu_decode(struct invocation *inv)
{
    struct vcpu *vcpu = cap_object(inv->cap);

    switch (inv->label) {
    case ARMVCPUSetTCB:
        return set_tcb(inv, vcpu);
    case ARMVCPUInjectIRQ:
        return inject_irq(inv, vcpu);
    case ARMVCPUReadReg:
        return access_register(inv, vcpu, false);
    case ARMVCPUWriteReg:
        return access_register(inv, vcpu, true);
    case ARMVCPUAckVPPI:
        return ack_vppi(inv, vcpu);
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}
