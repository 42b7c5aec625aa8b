/* SPDX-License-Identifier: BSD-2-Clause */
/* List register formats: GICH_LR (IHI 0048B 5.3.10) and ICH_LR_EL2 (IHI 0069 12.4.9). Pure. */
#ifndef KEEL_AARCH64_GIC_LR_H
#define KEEL_AARCH64_GIC_LR_H

#include <stdbool.h>
#include <stdint.h>

#define GICH_LR_EOI          (1ull << 19)
#define GICH_LR_PRIO_SHIFT   23
#define GICH_LR_STATE_SHIFT  28
#define GICH_LR_GROUP_SHIFT  30
#define ICH_LR_EOI           (1ull << 41)
#define ICH_LR_PRIO_SHIFT    48
#define ICH_LR_GROUP_SHIFT   60
#define ICH_LR_STATE_SHIFT   62
#define GIC_LR_STATE_PENDING 1ull
#define GIC_LR_STATE_ACTIVE  2ull

/* A pending virtual interrupt with EOI maintenance and no hardware interrupt behind it. */
static inline uint64_t gicv2_lr(uint32_t virq, uint32_t priority, uint32_t group)
{
    return (uint64_t)group << GICH_LR_GROUP_SHIFT | GIC_LR_STATE_PENDING << GICH_LR_STATE_SHIFT |
           (uint64_t)priority << GICH_LR_PRIO_SHIFT | GICH_LR_EOI | virq;
}

/* The ABI's priority 0..31 goes unshifted into the 8-bit field, as on the reference kernel. */
static inline uint64_t gicv3_lr(uint32_t virq, uint32_t priority, uint32_t group)
{
    return GIC_LR_STATE_PENDING << ICH_LR_STATE_SHIFT | (uint64_t)group << ICH_LR_GROUP_SHIFT |
           (uint64_t)priority << ICH_LR_PRIO_SHIFT | ICH_LR_EOI | virq;
}

/* Active and not also pending. */
static inline bool gicv2_lr_active(uint64_t lr)
{
    return (lr >> GICH_LR_STATE_SHIFT & 3) == GIC_LR_STATE_ACTIVE;
}

static inline bool gicv3_lr_active(uint64_t lr)
{
    return (lr >> ICH_LR_STATE_SHIFT & 3) == GIC_LR_STATE_ACTIVE;
}

#endif
