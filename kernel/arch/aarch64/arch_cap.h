/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Layout of AArch64's capabilities (see cap.h).
 *
 *   type          info                                           data
 *   FRAME         size [1:0], write [2], read [3], device [4]    mapping
 *   PAGE_TABLE                                                   mapping
 *   VSPACE                                                       ASID in [63:48]
 *   ASID_POOL                                                    number of the pool
 *   SMC                                                          badge: the only function allowed
 *   VCPU, ASID_CONTROL
 * Mapping: ASID [63:48], 0 if not mapped; virtual address in the rest, page aligned.
 */
#ifndef KEEL_ARCH_CAP_H
#define KEEL_ARCH_CAP_H

#include "cap.h"

#define FRAME_SIZE_MASK 3u
#define FRAME_WRITE     4u
#define FRAME_READ      8u
#define FRAME_DEVICE    16u

#define ASID_SHIFT 48

static inline unsigned frame_bits(struct cap cap)
{
    return seL4_PageBits + 9 * (cap_info(cap) & FRAME_SIZE_MASK);
}

static inline bool frame_is_device(struct cap cap)
{
    return cap_info(cap) & FRAME_DEVICE;
}

static inline unsigned mapping_asid(struct cap cap)
{
    return (unsigned)(cap.data >> ASID_SHIFT);
}

static inline word mapping_vaddr(struct cap cap)
{
    return cap.data & MASK(ASID_SHIFT);
}

static inline struct cap cap_with_mapping(struct cap cap, unsigned asid, word vaddr)
{
    cap.data = (word)asid << ASID_SHIFT | vaddr;
    return cap;
}

static inline struct cap cap_unmapped(struct cap cap)
{
    cap.data = 0;
    return cap;
}

/* A frame of RAM or device memory at a kernel address, not mapped, with all rights. */
static inline struct cap cap_frame(const void *base, unsigned bits, bool device)
{
    unsigned size = (bits - seL4_PageBits) / 9;
    return cap_make(CAP_FRAME, size | FRAME_READ | FRAME_WRITE | (device ? FRAME_DEVICE : 0), base,
                    0);
}

#endif
