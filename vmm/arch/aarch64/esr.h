/* SPDX-License-Identifier: BSD-2-Clause */
/* Exception syndromes: ESR_ELx fields (Arm ARM D17.2.37, DDI 0487). */
#ifndef VMM_ARCH_AARCH64_ESR_H
#define VMM_ARCH_AARCH64_ESR_H

#include <stdbool.h>
#include <stdint.h>

/* Exception classes. */
enum esr_class {
    ESR_EC_UNKNOWN = 0x00,
    ESR_EC_WFX = 0x01,
    ESR_EC_FP = 0x07,
    ESR_EC_HVC64 = 0x16,
    ESR_EC_SMC64 = 0x17,
    ESR_EC_SYSREG = 0x18,
    ESR_EC_IABORT_LOWER = 0x20,
    ESR_EC_IABORT_SAME = 0x21,
    ESR_EC_DABORT_LOWER = 0x24,
    ESR_EC_DABORT_SAME = 0x25,
};

#define ESR_EC_SHIFT 26
#define ESR_IL       (UINT64_C(1) << 25) /* 32-bit instruction */

/* Data aborts. */
#define ESR_ISV              (UINT64_C(1) << 24)
#define ESR_SAS_SHIFT        22 /* access size, log2 of bytes */
#define ESR_SSE              (UINT64_C(1) << 21)
#define ESR_SRT_SHIFT        16
#define ESR_SF               (UINT64_C(1) << 15) /* 64-bit register */
#define ESR_FNV              (UINT64_C(1) << 10) /* FAR not valid */
#define ESR_CM               (UINT64_C(1) << 8)  /* cache maintenance */
#define ESR_S1PTW            (UINT64_C(1) << 7)  /* stage-2 fault on a stage-1 walk */
#define ESR_WNR              (UINT64_C(1) << 6)
#define ESR_FSC_EXTERNAL     0x10u /* synchronous external abort, not on a walk */
#define ESR_FSC_EXTERNAL_PTW 0x14u /* on a walk, level 0 */

static inline unsigned esr_class(uint64_t esr)
{
    return (unsigned)(esr >> ESR_EC_SHIFT) & 0x3f;
}

#endif
