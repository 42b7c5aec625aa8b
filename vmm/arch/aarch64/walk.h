/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's own address translation, as far as the VMM needs it to read the instruction at the
 * guest's PC. Tables are in guest memory and hostile; the walk is bounded by the number of levels.
 */
#ifndef VMM_ARCH_AARCH64_WALK_H
#define VMM_ARCH_AARCH64_WALK_H

#include <stdbool.h>
#include <stdint.h>

struct guest_memory;
struct vcpu;

/* The registers of the EL1&0 regime. */
struct walk_regime {
    uint64_t sctlr;
    uint64_t tcr;
    uint64_t ttbr0;
    uint64_t ttbr1;
};

/* Translate a guest-virtual address; permissions are not checked. False if it does not map. */
bool walk_translate(const struct guest_memory *memory, const struct walk_regime *regime,
                    uint64_t address, uint64_t *physical);

/* Read the A64 instruction at a guest-virtual address through the vCPU's present tables. */
bool walk_fetch(struct vcpu *vcpu, uint64_t address, uint32_t *opcode);

#endif
