/* SPDX-License-Identifier: BSD-2-Clause */
/* The EL1 registers of a VCPU: number, and name in assembly. */
#ifndef KEEL_AARCH64_VCPU_REGS_H
#define KEEL_AARCH64_VCPU_REGS_H

/* Shared with native threads: in hardware only while the VCPU is active. */
#define VCPU_ACTIVE_REGS(DO)                                                                       \
    DO(VCPU_SCTLR, sctlr_el1)                                                                      \
    DO(VCPU_CPACR, cpacr_el1)                                                                      \
    DO(VCPU_CNTKCTL, cntkctl_el1)

/* Without effect on native threads: in hardware as long as the VCPU is loaded. */
#define VCPU_LAZY_REGS(DO)                                                                         \
    DO(VCPU_TTBR0, ttbr0_el1)                                                                      \
    DO(VCPU_TTBR1, ttbr1_el1)                                                                      \
    DO(VCPU_TCR, tcr_el1)                                                                          \
    DO(VCPU_MAIR, mair_el1)                                                                        \
    DO(VCPU_AMAIR, amair_el1)                                                                      \
    DO(VCPU_CONTEXTIDR, contextidr_el1)                                                            \
    DO(VCPU_ACTLR, actlr_el1)                                                                      \
    DO(VCPU_AFSR0, afsr0_el1)                                                                      \
    DO(VCPU_AFSR1, afsr1_el1)                                                                      \
    DO(VCPU_ESR, esr_el1)                                                                          \
    DO(VCPU_FAR, far_el1)                                                                          \
    DO(VCPU_PAR, par_el1)                                                                          \
    DO(VCPU_VBAR, vbar_el1)                                                                        \
    DO(VCPU_TPIDR, tpidr_el1)                                                                      \
    DO(VCPU_VMPIDR, vmpidr_el2)                                                                    \
    DO(VCPU_SP, sp_el1)                                                                            \
    DO(VCPU_ELR, elr_el1)                                                                          \
    DO(VCPU_SPSR, spsr_el1)                                                                        \
    DO(VCPU_CNTVOFF, cntvoff_el2)                                                                  \
    DO(VCPU_CNTV_CVAL, cntv_cval_el0)                                                              \
    DO(VCPU_CNTV_CTL, cntv_ctl_el0)

#endif
