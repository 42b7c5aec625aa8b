/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual timer of a vCPU. The guest programs the hardware without exits; the VMM sees it only
 * when it fires, when the vCPU idles, and when the interrupt controller asks for the line's level.
 */
#ifndef VMM_ARCH_AARCH64_VTIMER_H
#define VMM_ARCH_AARCH64_VTIMER_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* The vCPU is about to start: its timer is off. */
void vtimer_reset(struct vcpu *vcpu);

/* The timer fired: the host has masked it, the interrupt is now the controller's. */
void vtimer_fired(struct vcpu *vcpu);

/* Level of the timer's interrupt line, from the timer's registers. */
bool vtimer_level(struct vcpu *vcpu);

/* The guest is done with a timer interrupt: let the hardware fire again. */
void vtimer_ack(struct vcpu *vcpu);

/* When the timer's line will rise, as a value of the system counter: 0 = it is high, UINT64_MAX =
 * not as it is programmed. */
uint64_t vtimer_deadline(struct vcpu *vcpu);

/* When the guest's virtual counter will reach `value`, as a value of the system counter: 0 = it
 * has, UINT64_MAX = never, as for value UINT64_MAX. */
uint64_t vtimer_reaches(struct vcpu *vcpu, uint64_t value);

/* Take so many ticks from the guest's virtual counter, which puts off its timer too. The vCPU does
 * not run; all vCPUs of the VM have to get the same. */
void vtimer_hold_back(struct vcpu *vcpu, uint64_t ticks);

#endif
