/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers with a field per interrupt, alike in GICD of both versions and in GICR. `offset` counts
 * from the register of INTID 0, so bit n of the first word is INTID n; `entry->owner` says whose
 * private bank is INTID 0..31. What does not exist reads as zero and ignores writes.
 */
#include "internal.h"

static struct vgic_bank *bit_bank(struct vgic_entry *entry, uint32_t offset)
{
    return vgic_bank(entry->vgic, entry->owner, offset / 4);
}

static void bits_changed(struct vgic_entry *entry, uint32_t offset, uint32_t bits)
{
    vgic_changed(entry, entry->owner, offset / 4, bits);
}

/* On GICv2 SGIs are always enabled, and made pending by SGIR and SPENDSGIR only. */
static uint32_t writable_bits(const struct vgic_entry *entry, uint32_t offset, uint32_t value)
{
    return entry->vgic->cfg.version == VGIC_V2 && offset == 0 ? value & ~SGI_BITS : value;
}

uint32_t vgic_read_group(struct vgic_entry *entry, uint32_t offset)
{
    const struct vgic_bank *bank = bit_bank(entry, offset);
    return bank != NULL ? bank->group : 0;
}

void vgic_write_group(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_bank *bank = bit_bank(entry, offset);
    if (bank == NULL) {
        return;
    }
    bank->group = (bank->group & ~mask) | value;
    bits_changed(entry, offset, mask);
}

uint32_t vgic_read_enabled(struct vgic_entry *entry, uint32_t offset)
{
    const struct vgic_bank *bank = bit_bank(entry, offset);
    return bank != NULL ? bank->enabled : 0;
}

void vgic_set_enabled(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_bank *bank = bit_bank(entry, offset);
    if (bank == NULL) {
        return;
    }
    bank->enabled |= writable_bits(entry, offset, value);
    bits_changed(entry, offset, value);
}

void vgic_clear_enabled(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_bank *bank = bit_bank(entry, offset);
    if (bank != NULL) {
        bank->enabled &= ~writable_bits(entry, offset, value);
    }
}

/* An interrupt in a list register that was pending by its latch reads as pending until it is
 * retired: whether the guest has acknowledged it cannot be seen. For a level it is the line that
 * counts. */
uint32_t vgic_read_pending(struct vgic_entry *entry, uint32_t offset)
{
    const struct vgic_bank *bank = bit_bank(entry, offset);
    return bank != NULL ? bank->latch | (bank->line & ~bank->edge) | bank->spent : 0;
}

void vgic_set_pending(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_bank *bank = bit_bank(entry, offset);
    if (bank == NULL) {
        return;
    }
    bank->latch |= writable_bits(entry, offset, value);
    bits_changed(entry, offset, value);
}

void vgic_clear_pending(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_bank *bank = bit_bank(entry, offset);
    if (bank != NULL) {
        bank->latch &= ~writable_bits(entry, offset, value);
    }
}

/* What is in a list register reads as active too, for the same reason as above. */
uint32_t vgic_read_active(struct vgic_entry *entry, uint32_t offset)
{
    const struct vgic_bank *bank = bit_bank(entry, offset);
    return bank != NULL ? bank->active | bank->loaded : 0;
}

void vgic_set_active(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_bank *bank = bit_bank(entry, offset);
    if (bank != NULL) {
        bank->active |= value & ~bank->loaded;
    }
}

void vgic_clear_active(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_bank *bank = bit_bank(entry, offset);
    if (bank == NULL) {
        return;
    }
    bank->active &= ~value;
    bits_changed(entry, offset, value);
}

uint32_t vgic_read_priority(struct vgic_entry *entry, uint32_t offset)
{
    const struct vgic_bank *bank = vgic_bank(entry->vgic, entry->owner, offset / 32);
    uint32_t value = 0;

    for (unsigned i = 0; bank != NULL && i < 4; i++) {
        value |= (uint32_t)bank->priority[offset % 32 + i] << 8 * i;
    }
    return value;
}

/* Takes effect on an interrupt's next loading, for which it may have been too little urgent so far.
 */
void vgic_write_priority(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_bank *bank = vgic_bank(entry->vgic, entry->owner, offset / 32);

    if (bank == NULL) {
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        if ((mask >> 8 * i & 0xff) != 0) {
            bank->priority[offset % 32 + i] = (uint8_t)(value >> 8 * i & PRIORITY_MASK);
        }
    }
    vgic_changed(entry, entry->owner, offset / 32, UINT32_C(0xf) << offset % 32);
}

/* ICFGR: two bits per interrupt, the upper one says "edge", the lower one is RAZ/WI. Sampled PPIs
 * are level-sensitive for good, which is allowed for any PPI (IHI 0048B 4.3.13): nobody sees their
 * lines fall, so that an edge could not be told. */
uint32_t vgic_read_config(struct vgic_entry *entry, uint32_t offset)
{
    const struct vgic_bank *bank = vgic_bank(entry->vgic, entry->owner, offset / 8);
    unsigned first = offset % 8 * 4;
    uint32_t value = 0;

    for (unsigned i = 0; bank != NULL && i < 16; i++) {
        value |= (bank->edge >> (first + i) & 1) << (2 * i + 1);
    }
    return value;
}

void vgic_write_config(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic_bank *bank = vgic_bank(entry->vgic, entry->owner, offset / 8);
    unsigned first = offset % 8 * 4;
    uint32_t fixed = offset < 8 ? entry->vgic->cfg.sampled_ppis : 0;

    if (bank == NULL || offset == 0) {
        return; /* SGIs are edge-triggered for good */
    }
    for (unsigned i = 0; i < 16; i++) {
        uint32_t bit = UINT32_C(1) << (first + i);
        if ((mask >> (2 * i + 1) & 1) != 0 && (fixed & bit) == 0) {
            bank->edge = (value >> (2 * i + 1) & 1) != 0 ? bank->edge | bit : bank->edge & ~bit;
        }
    }
    vgic_changed(entry, entry->owner, offset / 8, UINT32_C(0xffff) << first);
}

void vgic_write_ctlr(struct vgic_entry *entry, uint32_t offset, uint32_t value, uint32_t mask)
{
    struct vgic *vgic = entry->vgic;

    vgic->ctlr = (vgic->ctlr & ~(mask & 3)) | (value & 3);
    vgic_changed_all(entry);
}

/* Implementer Arm, product 'B'. */
uint32_t vgic_read_iidr(struct vgic_entry *entry, uint32_t offset)
{
    return 0x4200043b;
}
