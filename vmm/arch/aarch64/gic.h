/* SPDX-License-Identifier: BSD-2-Clause */
/* Ties the interrupt controller library (vgic/) to a VM: host, bus and interrupt lines. */
#ifndef VMM_ARCH_AARCH64_GIC_H
#define VMM_ARCH_AARCH64_GIC_H

#include <stdbool.h>

struct vgic;
struct vm;

/* Initialise the controller as version 2 or 3 and put its frames on the bus. Returns false if the
 * configuration is impossible. */
bool gic_attach(struct vm *vm, struct vgic *vgic, unsigned version);

#endif
