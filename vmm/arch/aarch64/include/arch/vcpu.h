/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AArch64: registers of a vCPU as the host interface names them, and the architecture's part of
 * the core structures.
 */
#ifndef VMM_ARCH_VCPU_H
#define VMM_ARCH_VCPU_H

#include <stdbool.h>
#include <stdint.h>

struct vgic;
struct vcpu;

/* General registers: 0..30 are x0..x30. */
enum vcpu_reg {
    VCPU_REG_X0 = 0,
    VCPU_REG_PC = 31,
    VCPU_REG_SP_EL0,
    VCPU_REG_SPSR, /* PSTATE of the guest */
    VCPU_REG_COUNT,
};

/* System registers that the hypervisor switches. Order of the list has no meaning. */
enum vcpu_sysreg {
    VCPU_SCTLR_EL1,
    VCPU_TTBR0_EL1,
    VCPU_TTBR1_EL1,
    VCPU_TCR_EL1,
    VCPU_ESR_EL1,
    VCPU_FAR_EL1,
    VCPU_VBAR_EL1,
    VCPU_VMPIDR_EL2,
    VCPU_SP_EL1,
    VCPU_ELR_EL1,
    VCPU_SPSR_EL1,
    VCPU_CNTV_CTL,
    VCPU_CNTV_CVAL,
    VCPU_CNTVOFF,
    VCPU_SYSREG_COUNT,
};

/* Virtual timer of a vCPU; touched by its own VMM thread only. */
struct vtimer {
    bool masked;     /* the host has masked the timer's interrupt until host_ack_vtimer() */
    uint64_t offset; /* CNTVOFF_EL2, which the guest cannot change */
};

struct vcpu_arch {
    struct vtimer vtimer;
    const bool *irq_pending; /* atomic: the interrupt controller has something to load */
};

struct vm_arch {
    struct vgic *vgic;
    unsigned gic_version; /* 2 or 3 */
};

#endif
