/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities of AArch64 (see cap.h for the general form).
 *
 *   type          info                                      data
 *   FRAME         size [1:0], device [2], rights [4:3]       ASID [63:48], vaddr [47:12]; ASID 0:
 * unmapped PAGE_TABLE    level [1:0]                               ASID, vaddr as above VSPACE ASID
 * [63:48]; 0: none ASID_POOL                                               first ASID [63:48] SMC
 * badge SGI_SIGNAL                                              SGI [7:0], target [15:8] VCPU,
 * ASID_CONTROL
 */
#ifndef KEEL_ARCH_CAP_H
#define KEEL_ARCH_CAP_H

#include "cap.h"

enum frame_size {
    FRAME_SMALL = 0, /* 4 KiB */
    FRAME_LARGE = 1, /* 2 MiB */
    FRAME_HUGE = 2,  /* 1 GiB */
};

#define FRAME_DEVICE       4u
#define FRAME_RIGHTS_SHIFT 3 /* RIGHT_WRITE and RIGHT_READ */

#define CAP_ASID_SHIFT 48

static inline unsigned cap_asid(struct cap cap)
{
    return (unsigned)(cap.data >> CAP_ASID_SHIFT);
}

static inline word cap_vaddr(struct cap cap)
{
    return cap.data & (MASK(CAP_ASID_SHIFT) & ~MASK(12));
}

static inline unsigned frame_size(struct cap cap)
{
    return cap_info(cap) & 3;
}

/* log2 bytes */
static inline unsigned frame_bits(struct cap cap)
{
    return 12 + 9 * frame_size(cap);
}

static inline bool frame_is_device(struct cap cap)
{
    return cap_info(cap) & FRAME_DEVICE;
}

static inline unsigned frame_rights(struct cap cap)
{
    return (cap_info(cap) >> FRAME_RIGHTS_SHIFT) & 3;
}

#endif
