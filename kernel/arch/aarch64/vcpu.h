/* SPDX-License-Identifier: BSD-2-Clause */
/* VCPU objects. */
#ifndef KEEL_AARCH64_VCPU_H
#define KEEL_AARCH64_VCPU_H

#include "invoke.h"

/* Reset state, in zeroed memory. */
void vcpu_init(struct vcpu *vcpu);

/* A list register of a VCPU that is loaded on the calling core or on none. */
void vcpu_write_lr(struct cpu *cpu, struct vcpu *vcpu, unsigned index, uint64_t lr);

/*
 * A maintenance interrupt or the virtual timer's came. The timer's is masked. True if no VCPU
 * runs: then there is nothing more to do, it will come again when one does.
 */
bool vcpu_silence_vgic(struct cpu *cpu);
bool vcpu_silence_vtimer(struct cpu *cpu);

/* The object goes away: thread and hardware are parted from it. */
void vcpu_destroy(struct vcpu *vcpu);

/* What becomes of an SPSR given for the thread: EL2 and AArch32 modes are refused. */
word context_sanitise_spsr(const struct tcb *t, word spsr);

enum status vcpu_decode(struct invocation *inv);

#endif
