/* SPDX-License-Identifier: BSD-2-Clause */
#include "interrupt.h"

#include "arch.h"
#include "arch_fault.h"
#include "lock.h"
#include "switch.h"
#include "vcpu.h"

/*
 * A list register of the active VCPU has been retired by its guest. Its EOI bit is cleared, or the
 * interrupt would come again; if the thread cannot take the fault now, it shall.
 */
static void vgic_maintenance(struct cpu *cpu, uint32_t taken)
{
    if (vcpu_silence_vgic(cpu)) {
        gic->end(taken);
        kernel_tick(cpu);
        return;
    }
    struct vcpu *vcpu = cpu->arch.vcpu;
    unsigned index = gic->lr_eoi();
    uint64_t lr = 0;
    if (index != GIC_LR_NONE) {
        lr = gic->lr_read(index);
        gic->lr_write(index, gic_lr_without_eoi(gic->lr_format, lr));
    }
    gic->end(taken);
    if (!kernel_event(cpu, seL4_Fault_VGICMaintenance, index == GIC_LR_NONE ? ~(word)0 : index) &&
        index != GIC_LR_NONE)
        vcpu_write_lr(cpu, vcpu, index, lr);
}

static void vtimer_event(struct cpu *cpu, uint32_t taken)
{
    bool native = vcpu_silence_vtimer(cpu);

    gic->end(taken);
    if (native) {
        kernel_tick(cpu);
        return;
    }
    struct vcpu *vcpu = cpu->arch.vcpu;
    vcpu->vppi_masked = true;
    if (kernel_event(cpu, seL4_Fault_VPPIEvent, GIC_PPI_VTIMER))
        return;
    vcpu->vppi_masked = false;
    if (cpu->arch.vcpu == vcpu)
        vcpu_update_vtimer(cpu);
}

static void device(struct cpu *cpu, uint32_t taken)
{
    uint32_t intid = gic_intid(taken);

    gic->hold(taken);
    if (intid < GIC_NUM_IRQS)
        kernel_interrupt(cpu, interrupt_index(cpu->core, intid));
    else
        kernel_tick(cpu);
}

void interrupt_handle(struct cpu *cpu)
{
    uint32_t taken = gic->take();

    switch (gic_intid(taken)) {
    case SGI_CALL:
    case SGI_RESCHEDULE:
        gic->end(taken);
        kernel_tick(cpu);
        break;
    case GIC_PPI_HTIMER:
        timer_quiet();
        gic->end(taken);
        cpu->reprogram = true;
        kernel_tick(cpu);
        break;
    case GIC_PPI_VGIC:
        vgic_maintenance(cpu, taken);
        break;
    case GIC_PPI_VTIMER:
        vtimer_event(cpu, taken);
        break;
    default:
        if (gic_intid(taken) >= 1020)
            kernel_tick(cpu);
        else
            device(cpu, taken);
        break;
    }
}

void interrupt_init(void)
{
    for (unsigned core = 0; core < MAX_CPUS; core++) {
        irq_reserve(interrupt_index(core, SGI_CALL));
        irq_reserve(interrupt_index(core, SGI_RESCHEDULE));
        irq_reserve(interrupt_index(core, GIC_PPI_HTIMER));
        irq_reserve(interrupt_index(core, GIC_PPI_VGIC));
        irq_reserve(interrupt_index(core, GIC_PPI_VTIMER));
    }
}

void interrupt_init_core(void)
{
    gic->unmask(SGI_CALL);
    gic->unmask(SGI_RESCHEDULE);
    gic->unmask(GIC_PPI_HTIMER);
    gic->unmask(GIC_PPI_VGIC);
}
