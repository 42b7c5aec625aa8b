/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An independent model of a GIC distributor's state machine: one plain struct per interrupt (and
 * per vCPU for private ones), no bitmaps, addresses decoded bit by bit. It knows, unlike the
 * library, what the list registers hold, and judges each injection the library makes.
 */
#ifndef TESTS_UNIT_VGIC_MODEL_H
#define TESTS_UNIT_VGIC_MODEL_H

#include "hw.h"

#define MODEL_INTIDS (VGIC_NR_PRIVATE + VGIC_MAX_SPIS)

struct model_irq {
    bool enabled, group1, edge, latch, line, soft_active;
    bool loaded;     /* in a list register, and accounted there */
    bool used_latch; /* `latch` was consumed by that */
    unsigned source; /* GICv2 SGI in the list register: who sent it */
    uint8_t priority;
    uint8_t loaded_priority; /* what it was when it was loaded */
    uint8_t sources;         /* GICv2 SGI: who has it pending */
    uint64_t target;         /* SPI: bit mask (GICv2) or affinity (GICv3) */
};

struct model {
    struct hw *hw;
    bool v3;
    unsigned vcpus;
    bool group_on[2];
    bool online[VGIC_MAX_VCPUS];
    struct model_irq private[VGIC_MAX_VCPUS][VGIC_NR_PRIVATE];
    struct model_irq spi[VGIC_MAX_SPIS];
    /* Injections of the flush that is under way, to judge the choice by priority. */
    unsigned nr_flushed;
    unsigned flushed[VGIC_MAX_LRS];
};

void model_init(struct model *model, struct hw *hw);

/* The interrupt as `vcpu` sees it, or NULL. */
struct model_irq *model_irq(struct model *model, unsigned vcpu, unsigned intid);

/* What the library must load on `vcpu` as soon as a list register is free. */
bool model_deliverable(struct model *model, unsigned vcpu, unsigned intid);

/* Guest accesses. `frame` is 0 for GICD, 1 + n for the SGI frame of redistributor n. */
void model_write(struct model *model, unsigned self, unsigned frame, unsigned offset,
                 unsigned width, uint64_t value);
uint64_t model_read(struct model *model, unsigned self, unsigned frame, unsigned offset,
                    unsigned width);
void model_write_sgi(struct model *model, unsigned self, enum vgic_sgi_reg reg, uint64_t value);

/* Lines and lifecycle. */
void model_set_level(struct model *model, unsigned vcpu, unsigned intid, bool level);
void model_pulse(struct model *model, unsigned vcpu, unsigned intid);
void model_online(struct model *model, unsigned vcpu, bool online);
void model_retired(struct model *model, unsigned vcpu, unsigned intid);

/* Hooks for struct hw. */
void model_on_inject(void *arg, unsigned vcpu, unsigned lr, unsigned intid, unsigned priority,
                     unsigned group);
void model_on_ack(void *arg, unsigned vcpu);

/* After the flush of `vcpu`: nothing that could be loaded is left out, and the choice was right. */
void model_check_flushed(struct model *model, unsigned vcpu);

/* Between exits: whoever could load something has been kicked. */
void model_check_kicked(struct model *model);

#endif
