/* SPDX-License-Identifier: BSD-2-Clause */
#include "arch/aarch64/gic.h"

#include <stddef.h>

#include "arch/aarch64/vgic/vgic.h"
#include "arch/aarch64/vtimer.h"
#include "core/host.h"
#include "core/irq.h"
#include "core/vm.h"

#define GIC_SPIS VGIC_MAX_SPIS

static int gic_inject(void *ctx, unsigned vcpu, unsigned lr, unsigned intid, unsigned priority,
                      unsigned group)
{
    struct vm *vm = ctx;
    if (!host_inject(&vm->vcpu[vcpu], lr, intid, priority, group)) {
        return -1;
    }
    vm->vcpu[vcpu].stats->injected++;
    return 0;
}

/* The controller has made its change visible before it calls this. */
static void gic_kick(void *ctx, unsigned vcpu)
{
    struct vm *vm = ctx;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&vm->vcpu[vcpu].busy, __ATOMIC_SEQ_CST) == 0) {
        host_kick(&vm->vcpu[vcpu]);
    }
}

static bool gic_line_level(void *ctx, unsigned vcpu, unsigned intid)
{
    struct vm *vm = ctx;
    return intid == VGIC_PPI_VTIMER && vtimer_level(&vm->vcpu[vcpu]);
}

static void gic_line_ack(void *ctx, unsigned vcpu, unsigned intid)
{
    struct vm *vm = ctx;
    if (intid == VGIC_PPI_VTIMER) {
        vtimer_ack(&vm->vcpu[vcpu]);
    }
}

static const struct vgic_ops gic_ops = {
    .inject = gic_inject,
    .kick = gic_kick,
    .line_level = gic_line_level,
    .line_ack = gic_line_ack,
};

static enum region_result dist_access(void *opaque, struct vcpu *vcpu, uint64_t offset,
                                      unsigned width, bool write, uint64_t *value)
{
    return vgic_dist_access(opaque, vcpu->index, offset, width, write, value);
}

static enum region_result redist_access(void *opaque, struct vcpu *vcpu, uint64_t offset,
                                        unsigned width, bool write, uint64_t *value)
{
    return vgic_redist_access(opaque, vcpu->index, offset, width, write, value);
}

void irq_line_set(struct irq_line *line, bool level)
{
    if (line->level != level) {
        line->level = level;
        vgic_set_level(line->vm->arch.vgic, VGIC_MAX_VCPUS, line->intid, level);
    }
}

bool gic_attach(struct vm *vm, struct vgic *vgic, unsigned version)
{
    struct vgic_config config = {
        .version = version == 3 ? VGIC_V3 : VGIC_V2,
        .nr_vcpus = vm->vcpus,
        .nr_spis = GIC_SPIS,
        .nr_lrs = host_list_registers(),
        .sampled_ppis = 1u << VGIC_PPI_VTIMER,
        .ops = &gic_ops,
        .ctx = vm,
    };
    struct region dist = {
        .name = "gicd",
        .base = VGIC_GICD_BASE,
        .size = version == 3 ? VGIC_V3_GICD_SIZE : VGIC_V2_GICD_SIZE,
        .access = dist_access,
        .opaque = vgic,
    };
    struct region redist = {
        .name = "gicr",
        .base = VGIC_V3_GICR_BASE,
        .size = VGIC_V3_GICR_STRIDE * vm->vcpus,
        .access = redist_access,
        .opaque = vgic,
    };
    for (unsigned i = 0; i < vm->vcpus; i++) {
        config.waits[i] = &vm->vcpu[i].stats->locks;
    }
    if ((version != 2 && version != 3) || vgic_init(vgic, &config) != 0) {
        return false;
    }
    vm->arch.vgic = vgic;
    vm->arch.gic_version = version;
    for (unsigned i = 0; i < vm->vcpus; i++) {
        vm->vcpu[i].arch.irq_pending = &vgic->cpu[i].dirty;
    }
    return region_bus_add(&vm->bus, &dist) && (version == 2 || region_bus_add(&vm->bus, &redist));
}
