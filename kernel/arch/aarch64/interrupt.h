/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts and the timer. */
#ifndef KEEL_AARCH64_INTERRUPT_H
#define KEEL_AARCH64_INTERRUPT_H

#include "cpu.h"

/* SGIs that keel uses. The reference kernel uses the same two, so that they are never free. */
#define SGI_CALL       0u
#define SGI_RESCHEDULE 1u

/* Takes one pending interrupt, if there is one, and has it dealt with. */
void interrupt_handle(struct cpu *cpu);

/* Claims the kernel's own interrupts, once. */
void interrupt_init(void);

/* Unmasks the calling core's own interrupts of the kernel. */
void interrupt_init_core(void);

/* The timer is quiet until the next deadline is set: at first, and when its interrupt has come. */
void timer_quiet(void);

/* Derives the conversion from the counter's frequency, once. */
void timer_init(void);

#endif
