/* SPDX-License-Identifier: BSD-2-Clause */
/* VCPU objects. */
#ifndef KEEL_AARCH64_VCPU_H
#define KEEL_AARCH64_VCPU_H

#include "invoke.h"

/* Reset state, in zeroed memory. */
void vcpu_init(struct vcpu *vcpu);

/*
 * The calling core's view of a VCPU that is loaded on it or on none; use on_cpu() with vcpu->loaded
 * otherwise.
 */
word vcpu_read_register(struct cpu *cpu, const struct vcpu *vcpu, unsigned reg);
void vcpu_write_register(struct cpu *cpu, struct vcpu *vcpu, unsigned reg, word value);
uint64_t vcpu_read_lr(struct cpu *cpu, const struct vcpu *vcpu, unsigned index);
void vcpu_write_lr(struct cpu *cpu, struct vcpu *vcpu, unsigned index, uint64_t lr);

/*
 * A maintenance interrupt or the virtual timer's came. The timer's is masked. True if no VCPU is
 * active: then there is nothing more to do, it will come again when one is.
 */
bool vcpu_silence_vgic(struct cpu *cpu);
bool vcpu_silence_vtimer(struct cpu *cpu);

/* The object is gone, its address may become another VCPU. */
void vcpu_forget(const struct vcpu *vcpu);

/* Parts thread and VCPU, wherever they are loaded. */
void vcpu_dissociate(struct vcpu *vcpu);

enum status vcpu_decode(struct invocation *inv);

#endif
