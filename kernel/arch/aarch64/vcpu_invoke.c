/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of VCPU capabilities. */
#include "arch.h"
#include "context.h"
#include "sched.h"
#include "switch.h"
#include "vcpu.h"

#define MAX_VIRQ     1023u
#define MAX_PRIORITY 31u
#define MAX_GROUP    1u

/* An access to a VCPU, executed on the core that has it loaded. */
struct access {
    struct vcpu *vcpu;
    unsigned index; /* register, or list register */
    word value;
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

void vcpu_dissociate(struct vcpu *vcpu)
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
        vcpu_dissociate(vcpu);
    if (t->arch.vcpu != NULL)
        vcpu_dissociate(t->arch.vcpu);
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

    access->refused =
        gic_lr_is_active(gic->lr_format, vcpu_read_lr(cpu, access->vcpu, access->index));
    if (!access->refused)
        vcpu_write_lr(cpu, access->vcpu, access->index, access->value);
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

static void read_here(struct cpu *cpu, void *arg)
{
    struct access *access = arg;
    access->value = vcpu_read_register(cpu, access->vcpu, access->index);
}

static enum status read_regs(struct invocation *inv, struct vcpu *vcpu)
{
    if (inv->length < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    word reg = inv_arg(inv, 0);
    if (reg >= seL4_VCPUReg_Num)
        return inv_fail1(inv, seL4_InvalidArgument, 1);

    struct access access = {.vcpu = vcpu, .index = (unsigned)reg};
    on_its_cpu(vcpu, read_here, &access);
    return inv_result(inv, access.value);
}

static void write_here(struct cpu *cpu, void *arg)
{
    struct access *access = arg;
    vcpu_write_register(cpu, access->vcpu, access->index, access->value);
}

static enum status write_regs(struct invocation *inv, struct vcpu *vcpu)
{
    if (inv->length < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
    word reg = inv_arg(inv, 0);
    if (reg >= seL4_VCPUReg_Num)
        return inv_fail1(inv, seL4_InvalidArgument, 1);

    struct access access = {.vcpu = vcpu, .index = (unsigned)reg, .value = inv_arg(inv, 1)};
    on_its_cpu(vcpu, write_here, &access);
    return STATUS_OK;
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
        return read_regs(inv, vcpu);
    case ARMVCPUWriteReg:
        return write_regs(inv, vcpu);
    case ARMVCPUAckVPPI:
        return ack_vppi(inv, vcpu);
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}
