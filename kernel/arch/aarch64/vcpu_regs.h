/* SPDX-License-Identifier: BSD-2-Clause */
/* The EL1 registers of a VCPU: number, and name in assembly. */
#ifndef KEEL_AARCH64_VCPU_REGS_H
#define KEEL_AARCH64_VCPU_REGS_H

/* Shared with native threads: in hardware only while the VCPU is active. */
#define VCPU_ACTIVE_REGS(DO)                                                                       \
    DO(seL4_VCPUReg_SCTLR, sctlr_el1)                                                              \
    DO(seL4_VCPUReg_CPACR, cpacr_el1)                                                              \
    DO(seL4_VCPUReg_CNTKCTL_EL1, cntkctl_el1)

/* Without effect on native threads: in hardware as long as the VCPU is loaded. */
#define VCPU_LAZY_REGS(DO)                                                                         \
    DO(seL4_VCPUReg_TTBR0, ttbr0_el1)                                                              \
    DO(seL4_VCPUReg_TTBR1, ttbr1_el1)                                                              \
    DO(seL4_VCPUReg_TCR, tcr_el1)                                                                  \
    DO(seL4_VCPUReg_MAIR, mair_el1)                                                                \
    DO(seL4_VCPUReg_AMAIR, amair_el1)                                                              \
    DO(seL4_VCPUReg_CIDR, contextidr_el1)                                                          \
    DO(seL4_VCPUReg_ACTLR, actlr_el1)                                                              \
    DO(seL4_VCPUReg_AFSR0, afsr0_el1)                                                              \
    DO(seL4_VCPUReg_AFSR1, afsr1_el1)                                                              \
    DO(seL4_VCPUReg_ESR, esr_el1)                                                                  \
    DO(seL4_VCPUReg_FAR, far_el1)                                                                  \
    DO(seL4_VCPUReg_PAR, par_el1)                                                                  \
    DO(seL4_VCPUReg_VBAR, vbar_el1)                                                                \
    DO(seL4_VCPUReg_TPIDR_EL1, tpidr_el1)                                                          \
    DO(seL4_VCPUReg_VMPIDR_EL2, vmpidr_el2)                                                        \
    DO(seL4_VCPUReg_SP_EL1, sp_el1)                                                                \
    DO(seL4_VCPUReg_ELR_EL1, elr_el1)                                                              \
    DO(seL4_VCPUReg_SPSR_EL1, spsr_el1)                                                            \
    DO(seL4_VCPUReg_CNTVOFF, cntvoff_el2)                                                          \
    DO(seL4_VCPUReg_CNTV_CVAL, cntv_cval_el0)                                                      \
    DO(seL4_VCPUReg_CNTV_CTL, cntv_ctl_el0)

#endif
