/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions that the VMM delivers to the guest's EL1 as hardware would. The vCPU is stopped. */
#ifndef VMM_ARCH_AARCH64_INJECT_H
#define VMM_ARCH_AARCH64_INJECT_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* What a data abort's syndrome says about the access. */
struct inject_data {
    uint64_t address; /* guest-virtual */
    bool address_valid;
    bool write;
    bool cache_operation;
    bool on_walk; /* the access was the page table walk's */
};

/* Synchronous external abort of the access at the guest's PC. */
void inject_data_abort(struct vcpu *vcpu, const struct inject_data *data);

/* Synchronous external abort of the instruction fetch at the guest's PC. */
void inject_instruction_abort(struct vcpu *vcpu, bool on_walk);

/* Undefined-instruction exception for the instruction at the guest's PC. */
void inject_undefined(struct vcpu *vcpu);

/* The same, counted and logged: a trapped instruction of this syndrome asks for `what`. */
void inject_not_provided(struct vcpu *vcpu, uint64_t syndrome, const char *what);

#endif
