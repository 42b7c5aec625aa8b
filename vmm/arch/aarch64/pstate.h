/* SPDX-License-Identifier: BSD-2-Clause */
/* PSTATE as SPSR_ELx holds it (Arm ARM C5.2.18). */
#ifndef VMM_ARCH_AARCH64_PSTATE_H
#define VMM_ARCH_AARCH64_PSTATE_H

#include <stdint.h>

#define PSTATE_SP      (UINT64_C(1) << 0) /* handler stack SP_ELx */
#define PSTATE_AARCH32 (UINT64_C(1) << 4)
#define PSTATE_DAIF    (UINT64_C(0xf) << 6)
#define PSTATE_IT_HIGH (UINT64_C(0x3f) << 10) /* AArch32: ITSTATE[7:2] */
#define PSTATE_SSBS    (UINT64_C(1) << 12)
#define PSTATE_PAN     (UINT64_C(1) << 22)
#define PSTATE_DIT     (UINT64_C(1) << 24)
#define PSTATE_IT_LOW  (UINT64_C(3) << 25) /* AArch32: ITSTATE[1:0] */
#define PSTATE_NZCV    (UINT64_C(0xf) << 28)
#define PSTATE_EL1H    UINT64_C(0x5)

/* Exception level that the guest was at; AArch32 guests here are always EL0. */
static inline unsigned pstate_el(uint64_t spsr)
{
    return (spsr & PSTATE_AARCH32) != 0 ? 0 : (unsigned)(spsr >> 2) & 3;
}

#endif
