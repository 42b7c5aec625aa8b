/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults of the architecture: their message labels and how they are raised. */
#ifndef KEEL_AARCH64_ARCH_FAULT_H
#define KEEL_AARCH64_ARCH_FAULT_H

#include "cpu.h"

/* Fault data: VM_FAULT address, instruction flag, ESR; VCPU ESR, FAR; the others their number. */
#define FAULT_VM               FAULT_ARCH_FIRST
#define FAULT_VGIC_MAINTENANCE (FAULT_ARCH_FIRST + 1)
#define FAULT_VCPU             (FAULT_ARCH_FIRST + 2)
#define FAULT_VPPI_EVENT       (FAULT_ARCH_FIRST + 3)

/* Raises the VM fault for an abort of the current thread. */
void vmfault_raise(struct cpu *cpu, uint64_t esr);

/* Is the abort a guest's, with its guest-physical address in the registers? */
bool vmfault_is_plain(const struct cpu *cpu, uint64_t esr);

/* That address. */
word vmfault_plain_address(void);

#endif
