/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the VMM does when a vCPU stops. All functions run on the vCPU's own VMM thread and return
 * with the vCPU ready to go on; nothing a guest does makes them fail.
 */
#ifndef VMM_ARCH_AARCH64_EXIT_H
#define VMM_ARCH_AARCH64_EXIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/host.h"

#define XZR 31u

/* What a trapped instruction gets from the general register that it names as data: 0..31. */
static inline uint64_t exit_register(struct vcpu *vcpu, unsigned reg)
{
    return reg == XZR ? 0 : host_reg_read(vcpu, (enum vcpu_reg)reg);
}

/* Run the vCPU until its next exit or event and deal with that. */
void vcpu_run(struct vcpu *vcpu);

/* Deal with one exit or event. */
void exit_handle(struct vcpu *vcpu, const struct host_exit *exit);

/* An access to a guest-physical address that is not RAM. */
void exit_memory(struct vcpu *vcpu, uint64_t syndrome, uint64_t at);

/* A trapped MRS or MSR. */
void exit_sysreg(struct vcpu *vcpu, uint64_t syndrome);

/* WFI: return when something can wake the guest, or when its virtual counter has reached `until`
 * (UINT64_MAX: never). */
void exit_idle(struct vcpu *vcpu, uint64_t until);

/* SMC or HVC: PSCI and SMCCC; results are in the registers, PC is left alone. */
void exit_hypercall(struct vcpu *vcpu);

/* Events of the host for this thread. */
void exit_events(struct vcpu *vcpu, uint64_t events);

/* Continue behind the trapped instruction. */
void exit_skip(struct vcpu *vcpu, uint64_t syndrome);

/* Stop the guest's progress on this vCPU until another switches it on (PSCI CPU_OFF, and vCPUs that
 * have not been started yet). */
void exit_wait_for_start(struct vcpu *vcpu);

#endif
