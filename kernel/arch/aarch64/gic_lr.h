/* SPDX-License-Identifier: BSD-2-Clause */
/* List register formats: GICH_LR (IHI 0048B 5.3.10) and ICH_LR_EL2 (IHI 0069 12.4.9). Pure. */
#ifndef KEEL_AARCH64_GIC_LR_H
#define KEEL_AARCH64_GIC_LR_H

#include <stdbool.h>
#include <stdint.h>

/* Number of the lowest bit of each field; the interrupt's number begins at bit 0 in both. */
struct gic_lr_format {
    uint8_t eoi; /* EOI maintenance */
    uint8_t priority;
    uint8_t state;
    uint8_t group;
};

#define GICV2_LR_FORMAT                                                                            \
    {                                                                                              \
        .eoi = 19, .priority = 23, .state = 28, .group = 30                                        \
    }
#define GICV3_LR_FORMAT                                                                            \
    {                                                                                              \
        .eoi = 41, .priority = 48, .state = 62, .group = 60                                        \
    }
#define GIC_LR_STATE_PENDING 1ull
#define GIC_LR_STATE_ACTIVE  2ull

/*
 * A pending virtual interrupt with EOI maintenance and no hardware interrupt behind it. The ABI's
 * priority 0..31 goes unshifted into the field, also where that has 8 bits, as on the reference
 * kernel.
 */
static inline uint64_t gic_lr_pending(struct gic_lr_format format, uint32_t virq, uint32_t priority,
                                      uint32_t group)
{
    return (uint64_t)group << format.group | GIC_LR_STATE_PENDING << format.state |
           (uint64_t)priority << format.priority | 1ull << format.eoi | virq;
}

/* Active and not also pending. */
static inline bool gic_lr_is_active(struct gic_lr_format format, uint64_t lr)
{
    return (lr >> format.state & 3) == GIC_LR_STATE_ACTIVE;
}

static inline uint64_t gic_lr_without_eoi(struct gic_lr_format format, uint64_t lr)
{
    return lr & ~(1ull << format.eoi);
}

#endif
