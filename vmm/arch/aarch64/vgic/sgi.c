/* SPDX-License-Identifier: BSD-2-Clause */
/* Software-generated interrupts: GICD_SGIR (GICv2) and the ICC_*SGI*R registers (GICv3). */
#include "internal.h"

void vgic_send_sgi(struct vgic_entry *entry, unsigned source, uint32_t targets, unsigned intid)
{
    struct vgic *vgic = entry->vgic;

    targets &= (UINT32_C(1) << vgic->cfg.nr_vcpus) - 1;
    for (; targets != 0; targets &= targets - 1) {
        unsigned vcpu = (unsigned)__builtin_ctz(targets);
        struct vgic_cpu *cpu = &vgic->cpu[vcpu];
        cpu->bank.latch |= UINT32_C(1) << intid;
        cpu->sgi_sources[intid] |= (uint8_t)(1u << source); /* means nothing on GICv3 */
        vgic_changed(entry, vcpu, 0, UINT32_C(1) << intid);
    }
}

/* IHI 0069 12.2: fields of the SGI generation registers. */
static uint32_t sgi_targets(const struct vgic *vgic, unsigned self, uint64_t value)
{
    const uint64_t affinity_3_2_1 = UINT64_C(0x00ff00ff00ff0000);
    unsigned range = value >> 44 & 0xf; /* Aff0 = 16 * range + bit of the list */

    if ((value >> 40 & 1) != 0) { /* IRM: all but self */
        return UINT32_MAX & ~(UINT32_C(1) << self);
    }
    if ((value & affinity_3_2_1) != 0 || range != 0) {
        return 0; /* vCPUs are 0.0.0.0 to 0.0.0.7 */
    }
    return value & 0xffff;
}

void vgic_write_sgi(struct vgic *vgic, unsigned vcpu, enum vgic_sgi_reg reg, uint64_t value)
{
    unsigned intid = value >> 24 & 0xf;
    struct vgic_entry entry;

    if (vgic->cfg.version != VGIC_V3) {
        return;
    }
    vgic_begin(&entry, vgic, vcpu);
    uint32_t targets = sgi_targets(vgic, vcpu, value);
    for (unsigned n = 0; n < vgic->cfg.nr_vcpus; n++) {
        /* With GICD_CTLR.DS = 1 only ICC_SGI1R reaches SGIs of group 1, and it reaches both groups.
         */
        bool group1 = (vgic->cpu[n].bank.group >> intid & 1) != 0;
        if ((targets >> n & 1) != 0 && (!group1 || reg == VGIC_ICC_SGI1R)) {
            vgic_send_sgi(&entry, vcpu, UINT32_C(1) << n, intid);
        }
    }
    vgic_end(&entry);
}
