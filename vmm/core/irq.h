/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt lines: how devices and private interrupt sources meet the interrupt controller.
 *
 * INTIDs are the architecture's: on AArch64 16..31 are private (PPIs), 32.. shared (SPIs).
 */
#ifndef VMM_CORE_IRQ_H
#define VMM_CORE_IRQ_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;
struct vm;

/* The output of a device, wired to a shared interrupt. */
struct irq_line {
    struct vm *vm;
    uint32_t intid;
};

/*
 * Drive a line high or low. current is the vCPU on whose VMM thread the caller runs; where another
 * vCPU has to notice, it is kicked. Provided by the architecture; cheap if nothing changes.
 */
void irq_line_set(const struct irq_line *line, struct vcpu *current, bool level);

/*
 * The interrupt controller asks for the true level of a private line whose source is outside the
 * VMM (the virtual timer). It does so for vcpu = the vCPU on whose thread it runs, before it
 *  - decides whether a retired level interrupt is still pending,
 *  - enables the line (set-enable register), and
 *  - answers a read of the line's pending state.
 * level is the controller's present idea and is what is returned for lines that have no such
 * source. Provided by the architecture (arch/aarch64/vtimer.c); must not call the controller.
 */
bool irq_sample(struct vcpu *vcpu, uint32_t intid, bool level);

#endif
