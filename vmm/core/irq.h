/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt lines: how devices meet the interrupt controller.
 *
 * INTIDs are the architecture's: on AArch64 16..31 are private (PPIs), 32.. shared (SPIs).
 */
#ifndef VMM_CORE_IRQ_H
#define VMM_CORE_IRQ_H

#include <stdbool.h>
#include <stdint.h>

struct vm;

/* The output of a device, wired to a shared interrupt. */
struct irq_line {
    struct vm *vm;
    uint32_t intid;
    bool level; /* last value driven; owned by the device (under its lock) */
};

/* Drive a line high or low. Any VMM thread; free if the level does not change. Provided by the
 * architecture. */
void irq_line_set(struct irq_line *line, bool level);

#endif
