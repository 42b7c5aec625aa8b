/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System registers (Arm ARM DDI 0487, chapter D) and the constant values keel gives them.
 * Usable from assembly: values only above the C part.
 */
#ifndef KEEL_AARCH64_SYSREG_H
#define KEEL_AARCH64_SYSREG_H

#include "config.h"

/* What the loader must have set, and what stays: 48-bit VA, 40-bit PA, 4 KiB, write-back. */
#define TCR_EL2_EXPECTED 0x80823510

/* Bits of SCTLR_EL2: RES1 plus M, C, I; A, SA, WXN, EE off. */
#define SCTLR_EL2_VALUE 0x30c51835
/* What is writable is not executable: from when the kernel is on its own tables. */
#define SCTLR_EL2_WXN (1 << 19)

/* Stage 2: T0SZ 24, SL0 1 (3 levels, two roots in a row), write-back, inner shareable, 40-bit. */
#define VTCR_EL2_VALUE 0x80023558

/*
 * HCR_EL2 for threads without VCPU: VM RW AMO IMO FMO TSC TGE TVM TTLB DC TACR SWIO. Stage 1 is
 * off, DC makes its output cacheable so that the stage-2 type decides.
 */
#define HCR_NATIVE 0x8e28103b
/* With VCPU: VM RW AMO IMO FMO TSC TWI TWE. VM turns invalidation by set and way into cleaning. */
#define HCR_VCPU 0x80086039

/* SCTLR_EL1 of threads without VCPU, and the value a new VCPU starts with. */
#define SCTLR_EL1_NATIVE  0x34d59824
#define SCTLR_EL1_INITIAL 0x34d58820

/* CPACR_EL1.FPEN: no trap from EL0 and EL1. */
#define CPACR_EL1_FPEN 0x300000

/* CPTR_EL2: RES1 bits, and TFP to trap FP and SIMD use. */
#define CPTR_EL2_RES1 0x33ff
#define CPTR_EL2_TFP  (1 << 10)

/*
 * Counter and physical timer are exported to user level as in the reference configuration:
 * CNTHCTL_EL2 EL1PCTEN, EL1PCEN; CNTKCTL_EL1 EL0PCTEN, EL0PTEN for threads without VCPU.
 */
#define CNTHCTL_EL2_VALUE  3
#define CNTKCTL_EL1_NATIVE 0x201

/* SPSR of a thread without VCPU: EL0t, AArch64, FIQ masked; a release kernel also masks SError. */
#define SPSR_DEFAULT (CONFIG_DEBUG ? 0x40 : 0x140)
#define SPSR_NZCV    0xf0000000

/* ESR_EL2 exception classes. */
#define ESR_EC_SHIFT      26
#define ESR_EC_WFX        0x01
#define ESR_EC_FP         0x07
#define ESR_EC_SVC64      0x15
#define ESR_EC_HVC64      0x16
#define ESR_EC_SMC64      0x17
#define ESR_EC_SYSREG     0x18
#define ESR_EC_IABT_LOWER 0x20
#define ESR_EC_DABT_LOWER 0x24
#define ESR_UNDEFINED     0x02000000 /* EC 0, IL: 32 bits long; there is no other syndrome */

#ifndef __ASSEMBLER__
#include <stdint.h>

#define READ_SYSREG(name)                                                                          \
    ({                                                                                             \
        uint64_t value_;                                                                           \
        __asm__ volatile("mrs %0, " #name : "=r"(value_));                                         \
        value_;                                                                                    \
    })
#define WRITE_SYSREG(name, value) __asm__ volatile("msr " #name ", %x0" : : "rZ"((uint64_t)(value)))

static inline void isb(void)
{
    __asm__ volatile("isb" : : : "memory");
}

static inline void dsb_ish(void)
{
    __asm__ volatile("dsb ish" : : : "memory");
}

static inline void dsb_sy(void)
{
    __asm__ volatile("dsb sy" : : : "memory");
}

static inline void wfi(void)
{
    __asm__ volatile("wfi" : : : "memory");
}

#endif
#endif
