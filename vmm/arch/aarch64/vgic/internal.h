/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of vgic/ share. */
#ifndef VMM_ARCH_AARCH64_VGIC_INTERNAL_H
#define VMM_ARCH_AARCH64_VGIC_INTERNAL_H

#include "vgic.h"

#include <stddef.h>

#define INTID_NONE    1023u
#define PRIORITY_MASK 0xf8u /* 32 levels, what a virtual CPU interface has */
#define SGI_BITS      0x0000ffffu
#define NO_VCPU       VGIC_MAX_VCPUS

/*
 * One entry into the library: the lock is held from vgic_begin() to vgic_end(), which then calls
 * the host for what has come up in between.
 */
struct vgic_entry {
    struct vgic *vgic;
    unsigned self;  /* vCPU of the calling thread, or NO_VCPU */
    unsigned owner; /* vCPU whose private bank the registers show, or NO_VCPU */
    uint32_t kicks; /* vCPUs to kick */
    uint32_t acks;  /* sampled PPIs of `self` to acknowledge */
};

void vgic_begin(struct vgic_entry *entry, struct vgic *vgic, unsigned self);
void vgic_end(struct vgic_entry *entry);

/* Bank n: 0 is the private bank of vCPU `owner`, 1.. are SPIs. NULL if there is no such bank. */
struct vgic_bank *vgic_bank(struct vgic *vgic, unsigned owner, unsigned n);

/* The vCPU that takes an SPI now, or NO_VCPU. */
unsigned vgic_spi_target(const struct vgic *vgic, unsigned intid);

/* Which interrupts of a bank wait for a list register. */
uint32_t vgic_candidates(const struct vgic *vgic, const struct vgic_bank *bank);

/* Something changed that can only matter for these bits of bank n: whoever can take one of them now
 * has to flush. */
void vgic_changed(struct vgic_entry *entry, unsigned owner, unsigned n, uint32_t bits);
void vgic_changed_all(struct vgic_entry *entry);
void vgic_mark(struct vgic_entry *entry, unsigned vcpu);

/* Takes an interrupt out of a slot and back into the model as if it had not been loaded. */
void vgic_take_back(struct vgic *vgic, unsigned vcpu, struct vgic_slot *slot);

/* Brings the sampled lines in `ppis` of the calling thread's vCPU up to date. Without the lock. */
void vgic_sample(struct vgic *vgic, unsigned vcpu, uint32_t ppis);

/* Sends SGI `intid` from `source` to each vCPU in `targets`. */
void vgic_send_sgi(struct vgic_entry *entry, unsigned source, uint32_t targets, unsigned intid);

/* --- register tables ------------------------------------------------------------------------- */

/*
 * A register range, in words of 32 bits. `offset` is relative to the range and a multiple of 4. A
 * write touches only the bits in `mask`, which is how narrow accesses come in; wide ones come in as
 * two words. NULL reads as zero, or ignores writes.
 */
struct vgic_reg {
    uint16_t first, last; /* offsets of the first and last byte */
    uint8_t widths;       /* bit per width in bytes: VGIC_W* */
    bool samples;         /* a read wants present levels */
    uint32_t (*read)(struct vgic_entry *entry, uint32_t offset);
    void (*write)(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
};

#define VGIC_W1 1u
#define VGIC_W2 2u
#define VGIC_W4 4u
#define VGIC_W8 8u

struct vgic_frame {
    const struct vgic_reg *regs; /* ascending, without overlaps */
    size_t count;
    uint64_t size;
    uint8_t default_widths; /* of offsets in no range, which are RAZ/WI */
};

extern const struct vgic_frame vgic_dist_v2, vgic_dist_v3, vgic_redist_rd, vgic_redist_sgi;

enum region_result vgic_frame_access(const struct vgic_frame *frame, struct vgic *vgic,
                                     unsigned self, unsigned owner, uint64_t offset, unsigned width,
                                     bool write, uint64_t *value);

/* Registers that distributor and redistributor have alike (bank.c). */
uint32_t vgic_read_group(struct vgic_entry *entry, uint32_t offset);
uint32_t vgic_read_enabled(struct vgic_entry *entry, uint32_t offset);
uint32_t vgic_read_pending(struct vgic_entry *entry, uint32_t offset);
uint32_t vgic_read_active(struct vgic_entry *entry, uint32_t offset);
uint32_t vgic_read_priority(struct vgic_entry *entry, uint32_t offset);
uint32_t vgic_read_config(struct vgic_entry *entry, uint32_t offset);
uint32_t vgic_read_iidr(struct vgic_entry *entry, uint32_t offset);
void vgic_write_group(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
void vgic_set_enabled(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
void vgic_clear_enabled(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
void vgic_set_pending(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
void vgic_clear_pending(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
void vgic_set_active(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
void vgic_clear_active(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
void vgic_write_priority(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
void vgic_write_config(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);
void vgic_write_ctlr(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask);

#endif
