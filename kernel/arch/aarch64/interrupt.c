/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts as they come from the controller, as capabilities name them, and the timer's. */
#include "interrupt.h"

#include "arch.h"
#include "switch.h"
#include "vcpu.h"

/* Interrupt indices: those that exist per core come first, 32 per core; then the shared ones. */
#define IRQ_FIRST_SHARED (MAX_CPUS * ARCH_SGIS_PPIS)

static unsigned interrupt_index(unsigned core, uint32_t intid)
{
    if (intid < GIC_FIRST_SPI)
        return core * ARCH_SGIS_PPIS + intid;
    return IRQ_FIRST_SHARED + intid - GIC_FIRST_SPI;
}

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

/* --- lines as capabilities name them --- */

/* Has the controller do something to an interrupt, on the core that it belongs to. */
struct line {
    uint32_t intid;
    unsigned core;
    bool edge;
    void (*act)(uint32_t intid);
};

static void act_here(struct cpu *cpu, void *arg)
{
    const struct line *line = arg;

    (void)cpu;
    line->act(line->intid);
}

static void on_owner(unsigned irq, void (*act)(uint32_t intid))
{
    struct line line = {.core = this_cpu()->core, .act = act};

    if (irq < IRQ_FIRST_SHARED) {
        line.intid = irq % ARCH_SGIS_PPIS;
        line.core = irq / ARCH_SGIS_PPIS;
    } else {
        line.intid = irq - IRQ_FIRST_SHARED + GIC_FIRST_SPI;
    }
    on_cpu(&cpus[line.core], act_here, &line);
}

void arch_irq_mask(unsigned irq)
{
    on_owner(irq, gic->mask);
}

void arch_irq_enable(unsigned irq)
{
    on_owner(irq, gic->unmask);
}

void arch_irq_ack(unsigned irq)
{
    on_owner(irq, gic->ack);
}

bool arch_irq_index(word irq, unsigned *index, word *max)
{
    *max = GIC_NUM_IRQS - 1;
    if (irq >= GIC_NUM_IRQS)
        return false;
    *index = interrupt_index(0, (uint32_t)irq);
    return true;
}

bool arch_interrupt_pending(void)
{
    return READ_SYSREG(isr_el1) != 0;
}

static void trigger_here(struct cpu *cpu, void *arg)
{
    const struct line *line = arg;

    (void)cpu;
    gic->set_edge(line->intid, line->edge);
}

/* GetTrigger, which is for shared interrupts only, and GetTriggerCore: with a core as word 4. */
static enum status get_trigger(struct invocation *inv, bool with_core)
{
    struct slot *dest;

    if (inv->length < (with_core ? 5u : 4u) || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    word intid = inv_arg(inv, 0);
    word core = with_core ? inv_arg(inv, 4) : 0;
    if (intid >= GIC_NUM_IRQS)
        return inv_fail_range(inv, 0, GIC_NUM_IRQS - 1);
    if (!with_core && intid < GIC_FIRST_SPI)
        return inv_fail(inv, seL4_IllegalOperation);
    if (core >= cpu_count)
        return inv_fail1(inv, seL4_InvalidArgument, 1);
    struct line line = {
        .intid = (uint32_t)intid, .core = (unsigned)core, .edge = inv_arg(inv, 1) != 0};
    unsigned irq = interrupt_index(line.core, line.intid);
    if (irq_is_claimed(irq))
        return inv_fail(inv, seL4_RevokeFirst);
    enum status status = inv_dest_slot(inv, inv->extra[0], inv_arg(inv, 2), inv_arg(inv, 3), &dest);
    if (status != STATUS_OK)
        return status;

    on_cpu(&cpus[line.core], trigger_here, &line);
    if (line.intid >= GIC_FIRST_SPI)
        gic->set_core(line.intid, line.core);
    irq_issue_handler(irq, inv->slot, dest);
    return STATUS_OK;
}

enum status arch_irq_control_decode(struct invocation *inv)
{
    switch (inv->label) {
    case ARMIRQIssueIRQHandlerTrigger:
        return get_trigger(inv, false);
    case ARMIRQIssueIRQHandlerTriggerCore:
        return get_trigger(inv, true);
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}

/* --- the timer --- */

/*
 * The kernel's clock is CNTPCT_EL0, its alarm the EL2 physical timer (Arm ARM D11.2). Conversion is
 * exact for the ABI's 62.5 MHz and multiplies by kHz first, as the reference does.
 */
#define CTL_ENABLE 1u

word arch_khz = 62500;

void timer_init(void)
{
    word frequency = READ_SYSREG(cntfrq_el0);
    if (frequency >= 1000)
        arch_khz = frequency / 1000;
}

ticks arch_us_to_ticks(word us)
{
    return us * arch_khz / 1000;
}

word arch_ticks_to_us(ticks t)
{
    /* Two steps, so that no product overflows. */
    return t / arch_khz * 1000 + t % arch_khz * 1000 / arch_khz;
}

void arch_set_deadline(ticks deadline)
{
    WRITE_SYSREG(cnthp_cval_el2, deadline);
    WRITE_SYSREG(cnthp_ctl_el2, CTL_ENABLE);
}

void timer_quiet(void)
{
    WRITE_SYSREG(cnthp_ctl_el2, 0);
    isb();
}
