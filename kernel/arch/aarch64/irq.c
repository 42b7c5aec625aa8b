/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines as capabilities name them. */
#include "arch.h"
#include "interrupt.h"

static uint32_t intid_of(unsigned irq)
{
    return irq < IRQ_FIRST_SHARED ? irq % ARCH_SGIS_PPIS : irq - IRQ_FIRST_SHARED + GIC_FIRST_SPI;
}

static unsigned core_of(unsigned irq)
{
    return irq < IRQ_FIRST_SHARED ? irq / ARCH_SGIS_PPIS : this_cpu()->core;
}

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
    struct line line = {.intid = intid_of(irq), .act = act};
    on_cpu(&cpus[core_of(irq)], act_here, &line);
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
