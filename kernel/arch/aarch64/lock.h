/* SPDX-License-Identifier: BSD-2-Clause */
/* The big kernel lock, and doing things on other cores while holding it. */
#ifndef KEEL_AARCH64_LOCK_H
#define KEEL_AARCH64_LOCK_H

#include "cpu.h"

/* SGIs that keel uses. The reference kernel uses the same two, so that they are never free. */
#define SGI_CALL       0u
#define SGI_RESCHEDULE 1u

/*
 * Takes the lock. While waiting, executes what the holder asks for with on_cpu(); the caller's
 * thread context must have been saved.
 */
void lock_take(struct cpu *cpu);

void lock_drop(void);

#endif
