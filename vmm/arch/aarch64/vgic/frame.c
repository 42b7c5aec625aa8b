/* SPDX-License-Identifier: BSD-2-Clause */
/* Register frames: from an access of the guest to a row of a table. */
#include "internal.h"

static const struct vgic_reg *find_reg(const struct vgic_frame *frame, uint64_t offset)
{
    size_t low = 0;
    size_t high = frame->count;

    while (low < high) {
        size_t mid = (low + high) / 2;
        if (offset > frame->regs[mid].last) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < frame->count && offset >= frame->regs[low].first ? &frame->regs[low] : NULL;
}

/* One word of a register, of which the access covers the bits in `mask`. */
static uint32_t access_word(const struct vgic_reg *reg, struct vgic_entry *entry, uint32_t offset,
                            bool write, uint32_t value, uint32_t mask)
{
    uint32_t relative = offset - reg->first;

    if (write) {
        if (reg->write != NULL) {
            reg->write(entry, relative, value & mask, mask);
        }
        return 0;
    }
    return reg->read != NULL ? reg->read(entry, relative) & mask : 0;
}

static uint64_t access_reg(const struct vgic_reg *reg, struct vgic_entry *entry, uint32_t offset,
                           unsigned width, bool write, uint64_t value)
{
    uint32_t word = offset & ~3u;
    unsigned shift = 8 * (offset & 3);
    uint32_t mask = width >= 4 ? UINT32_MAX : ((UINT32_C(1) << 8 * width) - 1) << shift;

    uint64_t result =
        access_word(reg, entry, word, write, (uint32_t)(value << shift), mask) >> shift;
    if (width == 8) {
        result |= (uint64_t)access_word(reg, entry, word + 4, write, (uint32_t)(value >> 32), mask)
                  << 32;
    }
    return result;
}

static enum region_result bad_access(struct vgic *vgic, unsigned self)
{
    if (self < vgic->cfg.nr_vcpus) {
        vgic->cpu[self].stats.bad_accesses++;
    }
    return REGION_ERROR;
}

enum region_result vgic_frame_access(const struct vgic_frame *frame, struct vgic *vgic,
                                     unsigned self, unsigned owner, uint64_t offset, unsigned width,
                                     bool write, uint64_t *value)
{
    if (offset >= frame->size) {
        return REGION_UNHANDLED;
    }
    const struct vgic_reg *reg = find_reg(frame, offset);
    unsigned widths = reg != NULL ? reg->widths : frame->default_widths;
    if ((width & (width - 1)) != 0 || (widths & width) == 0 || offset % width != 0) {
        return bad_access(vgic, self);
    }
    if (reg == NULL) {
        *value = write ? *value : 0;
        return REGION_HANDLED;
    }
    if (reg->samples && !write && owner == self) {
        vgic_sample(vgic, self, vgic->cfg.sampled_ppis);
    }

    struct vgic_entry entry;
    vgic_begin(&entry, vgic, self);
    entry.owner = owner;
    uint64_t result = access_reg(reg, &entry, (uint32_t)offset, width, write, *value);
    vgic_end(&entry);
    if (!write) {
        *value = result;
    }
    return REGION_HANDLED;
}

enum region_result vgic_dist_access(struct vgic *vgic, unsigned vcpu, uint64_t offset,
                                    unsigned width, bool write, uint64_t *value)
{
    if (vcpu >= vgic->cfg.nr_vcpus) {
        return REGION_ERROR;
    }
    /* With affinity routing the private interrupts are in the redistributors, and RAZ/WI here. */
    return vgic->cfg.version == VGIC_V2
               ? vgic_frame_access(&vgic_dist_v2, vgic, vcpu, vcpu, offset, width, write, value)
               : vgic_frame_access(&vgic_dist_v3, vgic, vcpu, NO_VCPU, offset, width, write, value);
}

enum region_result vgic_redist_access(struct vgic *vgic, unsigned vcpu, uint64_t offset,
                                      unsigned width, bool write, uint64_t *value)
{
    uint64_t owner = offset / VGIC_V3_GICR_STRIDE;
    uint64_t frame_offset = offset % vgic_redist_rd.size;

    if (vcpu >= vgic->cfg.nr_vcpus) {
        return REGION_ERROR;
    }
    if (vgic->cfg.version != VGIC_V3 || owner >= vgic->cfg.nr_vcpus) {
        return REGION_UNHANDLED;
    }
    const struct vgic_frame *frame =
        offset % VGIC_V3_GICR_STRIDE < vgic_redist_rd.size ? &vgic_redist_rd : &vgic_redist_sgi;
    return vgic_frame_access(frame, vgic, vcpu, (unsigned)owner, frame_offset, width, write, value);
}
