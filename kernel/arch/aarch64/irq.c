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

struct line {
    uint32_t intid;
    unsigned core;
    bool edge;
};

static void mask_here(struct cpu *cpu, void *arg)
{
    (void)cpu;
    gic->mask(((struct line *)arg)->intid);
}

static void enable_here(struct cpu *cpu, void *arg)
{
    (void)cpu;
    gic->unmask(((struct line *)arg)->intid);
}

static void ack_here(struct cpu *cpu, void *arg)
{
    (void)cpu;
    gic->ack(((struct line *)arg)->intid);
}

static void on_owner(unsigned irq, void (*call)(struct cpu *cpu, void *arg))
{
    struct line line = {.intid = intid_of(irq)};
    on_cpu(&cpus[core_of(irq)], call, &line);
}

void arch_irq_mask(unsigned irq)
{
    on_owner(irq, mask_here);
}

void arch_irq_enable(unsigned irq)
{
    on_owner(irq, enable_here);
}

void arch_irq_ack(unsigned irq)
{
    on_owner(irq, ack_here);
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
    struct line *line = arg;
    (void)cpu;
    gic->set_edge(line->intid, line->edge);
}

/* The common end of both methods: index and depth are message words 2 and 3. */
static enum status issue(struct invocation *inv, unsigned irq, const struct line *line)
{
    struct slot *dest;

    if (irq_is_claimed(irq))
        return inv_fail(inv, seL4_RevokeFirst);
    enum status status = inv_dest_slot(inv, inv->extra[0], inv_arg(inv, 2), inv_arg(inv, 3), &dest);
    if (status != STATUS_OK)
        return status;
    struct line set = *line;
    on_cpu(&cpus[line->core], trigger_here, &set);
    if (line->intid >= GIC_FIRST_SPI)
        gic->set_core(line->intid, line->core);
    irq_issue_handler(irq, inv->slot, dest);
    return STATUS_OK;
}

static enum status get_trigger(struct invocation *inv)
{
    if (inv->length < 4 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    word irq = inv_arg(inv, 0);
    if (irq >= GIC_NUM_IRQS)
        return inv_fail_range(inv, 0, GIC_NUM_IRQS - 1);
    if (irq < GIC_FIRST_SPI)
        return inv_fail(inv, seL4_IllegalOperation);
    struct line line = {.intid = (uint32_t)irq, .edge = inv_arg(inv, 1) != 0};
    return issue(inv, interrupt_index(0, line.intid), &line);
}

static enum status get_trigger_core(struct invocation *inv)
{
    if (inv->length < 5 || inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    word irq = inv_arg(inv, 0);
    word core = inv_arg(inv, 4);
    if (irq >= GIC_NUM_IRQS)
        return inv_fail_range(inv, 0, GIC_NUM_IRQS - 1);
    if (core >= cpu_count)
        return inv_fail1(inv, seL4_InvalidArgument, 1);
    struct line line = {
        .intid = (uint32_t)irq, .core = (unsigned)core, .edge = inv_arg(inv, 1) != 0};
    return issue(inv, interrupt_index(line.core, line.intid), &line);
}

enum status arch_irq_control_decode(struct invocation *inv)
{
    switch (inv->label) {
    case ARMIRQIssueIRQHandlerTrigger:
        return get_trigger(inv);
    case ARMIRQIssueIRQHandlerTriggerCore:
        return get_trigger_core(inv);
    default:
        return inv_fail(inv, seL4_IllegalOperation);
    }
}
