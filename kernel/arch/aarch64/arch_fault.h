/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults of the architecture and how they are raised. What is in t->fault.data: VMFault address,
 * instruction flag, ESR; VCPUFault ESR, FAR; the others their number.
 */
#ifndef KEEL_AARCH64_ARCH_FAULT_H
#define KEEL_AARCH64_ARCH_FAULT_H

#include "cpu.h"

/* Raises the VM fault for an abort of the current thread. */
void vmfault_raise(struct cpu *cpu, uint64_t esr);

/* Is the abort a guest's, with its guest-physical address in the registers? */
bool vmfault_is_plain(const struct cpu *cpu, uint64_t esr);

/* That address. */
word vmfault_plain_address(void);

#endif
