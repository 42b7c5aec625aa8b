/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One interface for the two generations of the Arm interrupt controller: GICv2 (IHI 0048B) and
 * GICv3 with system registers (IHI 0069). Which one there is is decided once at boot.
 */
#ifndef KEEL_AARCH64_GIC_H
#define KEEL_AARCH64_GIC_H

#include <stdbool.h>
#include <stdint.h>

#include "platform.h"

#define GIC_SGIS       16u  /* INTIDs 0..15 are software generated */
#define GIC_FIRST_SPI  32u  /* 0..31 exist once per core */
#define GIC_NUM_IRQS   160u /* INTIDs that the ABI knows */
#define GIC_MAX_LR     16u
#define GIC_MAX_APR    4u
#define GIC_PMR_ALL    0xf0u /* priority mask: everything comes */
#define GIC_PMR_SGI0   0x40u /* only SGI 0, which has the highest priority */
#define GIC_LR_NONE    (~0u) /* lr_eoi(): none */
#define GIC_PPI_VGIC   25u   /* PPIs as the Base System Architecture gives them */
#define GIC_PPI_HTIMER 26u
#define GIC_PPI_VTIMER 27u

/* --- list registers: GICH_LR (IHI 0048B 5.3.10) and ICH_LR_EL2 (IHI 0069 12.4.9); pure --- */

/* Number of the lowest bit of each field; the interrupt's number begins at bit 0 in both. */
struct gic_lr_format {
    uint8_t eoi; /* EOI maintenance */
    uint8_t priority;
    uint8_t state;
    uint8_t group;
};

#define GICV2_LR_FORMAT                                                                            \
    ((struct gic_lr_format){.eoi = 19, .priority = 23, .state = 28, .group = 30})
#define GICV3_LR_FORMAT                                                                            \
    ((struct gic_lr_format){.eoi = 41, .priority = 48, .state = 62, .group = 60})

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

/* --- drivers --- */

/* Virtual CPU interface of a VCPU that is not loaded. Fields as the hardware has them. */
struct vgic {
    uint64_t lr[GIC_MAX_LR];
    uint32_t apr[2][GIC_MAX_APR]; /* [group]; GICv2 uses [0][0] only */
    uint32_t vmcr;
    uint32_t hcr;
};

struct gic_ops {
    /* Maps the registers; distributor: once, by the boot core. */
    void (*init)(const struct platform *platform);
    /* The calling core's interface and banked interrupts, all masked. */
    void (*init_core)(unsigned core);
    /* Takes the highest pending interrupt; the result is passed to end() as it is. */
    uint32_t (*take)(void);
    /* Ends a taken interrupt that needs nothing more from the kernel: it may fire again. */
    void (*end)(uint32_t taken);
    /* Ends a taken interrupt that is for user level: it cannot fire again until ack(). */
    void (*hold)(uint32_t taken);
    /* Lets an interrupt that was held fire again. PPIs: on the owning core. */
    void (*ack)(uint32_t intid);
    void (*mask)(uint32_t intid);   /* PPIs: on the owning core */
    void (*unmask)(uint32_t intid); /* PPIs: on the owning core */
    void (*set_edge)(uint32_t intid, bool edge);
    void (*set_core)(uint32_t intid, unsigned core); /* SPIs only */
    void (*send_sgi)(unsigned core, unsigned sgi);
    /* Waits for SGI 0, whatever else is pending, and ends it. May return early. */
    void (*sleep)(void);

    /* Virtual CPU interface of the calling core. */
    void (*vgic_save)(struct vgic *vgic);
    void (*vgic_load)(const struct vgic *vgic);
    void (*vgic_enable)(uint32_t hcr); /* ICH_HCR/GICH_HCR := hcr */
    uint64_t (*lr_read)(unsigned index);
    void (*lr_write)(unsigned index, uint64_t value);
    /* The lowest list register that the guest has retired; GIC_LR_NONE if none. */
    unsigned (*lr_eoi)(void);

    struct gic_lr_format lr_format;
};

extern const struct gic_ops gicv2_ops, gicv3_ops;

/* Chosen driver and number of list registers, constant after boot. */
extern const struct gic_ops *gic;
extern unsigned gic_num_lr;

#define VGIC_HCR_EN 1u

/* INTID of a taken interrupt. 1020 and above: none was pending. */
static inline uint32_t gic_intid(uint32_t taken)
{
    return taken & 0x3ff;
}

#endif
