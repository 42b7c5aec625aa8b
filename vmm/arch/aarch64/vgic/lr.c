/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * List registers.
 *
 * The host lets us write a list register as "pending" and tells us when the guest has deactivated
 * it; nothing else. In between an entry is pending or active, and we cannot know which: the guest
 * acknowledges interrupts without an exit. So an entry, once written, belongs to the guest until
 * its maintenance event:
 *
 * - It is not overwritten, not even by a more urgent interrupt: were it active, its deactivation
 * would be lost, or the interrupt delivered twice. (The host refuses to overwrite an entry that is
 * active in its saved copy, but that copy is older than what the hardware holds.) Choice by
 * priority is made when an entry becomes free; among the loaded ones the hardware chooses.
 * - An edge that comes while its interrupt is loaded stays in the latch and is delivered next.
 * - A level interrupt is looked at again at its deactivation.
 * - Disabling, retargeting or clearing an interrupt takes effect on its next loading.
 *
 * The exception is a vCPU that is off: it acknowledges nothing, so that what its entries hold can
 * be taken back (state STALE). They cannot be emptied, only overwritten before it runs again.
 */
#include "internal.h"

struct choice {
    uint16_t intid;
    uint8_t priority;
    uint8_t group;
    uint8_t lr;
    uint16_t replaced; /* INTID of the stale entry that is overwritten, or INTID_NONE */
};

static struct vgic_slot *stale_slot(struct vgic *vgic, unsigned vcpu, unsigned intid)
{
    for (unsigned lr = 0; lr < vgic->cfg.nr_lrs; lr++) {
        struct vgic_slot *slot = &vgic->cpu[vcpu].slot[lr];
        if (slot->state == VGIC_SLOT_STALE && slot->intid == intid) {
            return slot;
        }
    }
    return NULL;
}

/* Keeps the `max` most urgent choices sorted by priority, then INTID (IHI 0048B 3.3). Returns the
 * new count; candidates come in ascending order of INTID. */
static unsigned insert(struct choice *list, unsigned count, unsigned max, struct choice choice)
{
    unsigned at = count;

    while (at > 0 && choice.priority < list[at - 1].priority) {
        at--;
    }
    if (at == max) {
        return count;
    }
    count = count < max ? count + 1 : max;
    for (unsigned i = count - 1; i > at; i--) {
        list[i] = list[i - 1];
    }
    list[at] = choice;
    return count;
}

/* The most urgent candidates of a vCPU, at most `max`. *more: there are others. */
static unsigned choose(struct vgic *vgic, unsigned vcpu, struct choice *list, unsigned max,
                       bool *more)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    unsigned count = 0;

    *more = false;
    for (unsigned n = 0; n <= vgic->cfg.nr_spis / 32; n++) {
        struct vgic_bank *bank = vgic_bank(vgic, vcpu, n);
        for (uint32_t bits = vgic_candidates(vgic, bank); bits != 0; bits &= bits - 1) {
            unsigned bit = (unsigned)__builtin_ctz(bits);
            unsigned intid = 32 * n + bit;
            if (n != 0 && vgic_spi_target(vgic, intid) != vcpu) {
                continue;
            }
            if (!cpu->overwrite_stale && stale_slot(vgic, vcpu, intid) != NULL) {
                continue; /* never one INTID in two entries: its maintenance event comes first */
            }
            *more |= count == max;
            count = insert(list, count, max,
                           (struct choice){.intid = (uint16_t)intid,
                                           .priority = bank->priority[bit],
                                           .group = bank->group >> bit & 1});
        }
    }
    return count;
}

/* A slot for an interrupt. Where stale entries can be overwritten they come first, and of them the
 * one with the same INTID; choose() was told how many slots there are. */
static unsigned pick_slot(struct vgic *vgic, unsigned vcpu, unsigned intid)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    unsigned pick = VGIC_MAX_LRS;

    for (unsigned lr = 0; lr < vgic->cfg.nr_lrs; lr++) {
        const struct vgic_slot *slot = &cpu->slot[lr];
        if (slot->state == VGIC_SLOT_STALE && cpu->overwrite_stale) {
            if (slot->intid == intid) {
                return lr;
            }
            pick = lr;
        } else if (slot->state == VGIC_SLOT_FREE && pick == VGIC_MAX_LRS) {
            pick = lr;
        }
    }
    return pick;
}

/* Moves an interrupt from the model into a slot. */
static void occupy(struct vgic *vgic, unsigned vcpu, struct vgic_slot *slot, unsigned intid)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    struct vgic_bank *bank = vgic_bank(vgic, vcpu, intid / 32);
    uint32_t bit = UINT32_C(1) << intid % 32;

    slot->state = VGIC_SLOT_LOADED;
    slot->intid = (uint16_t)intid;
    slot->source = 0;
    bank->loaded |= bit;
    bank->spent = (bank->spent & ~bit) | (bank->latch & bit);
    bank->latch &= ~bit;
    if (intid < 16 && vgic->cfg.version == VGIC_V2) {
        /* One source at a time; the others stay pending (IHI 0048B 4.3.16). */
        slot->source = (uint8_t)__builtin_ctz(cpu->sgi_sources[intid]);
        cpu->sgi_sources[intid] &= (uint8_t)(cpu->sgi_sources[intid] - 1);
        bank->latch |= cpu->sgi_sources[intid] != 0 ? bit : 0;
    }
}

void vgic_take_back(struct vgic *vgic, unsigned vcpu, struct vgic_slot *slot)
{
    struct vgic_bank *bank = vgic_bank(vgic, vcpu, slot->intid / 32u);
    uint32_t bit = UINT32_C(1) << slot->intid % 32u;

    bank->latch |= bank->spent & bit;
    if (slot->intid < 16 && vgic->cfg.version == VGIC_V2) {
        vgic->cpu[vcpu].sgi_sources[slot->intid] |= (uint8_t)(1u << slot->source);
    }
    bank->spent &= ~bit;
    bank->loaded &= ~bit;
}

/* Fills the slots that can be had. Returns the number of choices to be written to the hardware. */
static unsigned plan(struct vgic *vgic, unsigned vcpu, struct choice *list)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    unsigned room = 0;
    bool more;

    for (unsigned lr = 0; lr < vgic->cfg.nr_lrs; lr++) {
        room += cpu->slot[lr].state == VGIC_SLOT_FREE ||
                (cpu->slot[lr].state == VGIC_SLOT_STALE && cpu->overwrite_stale);
    }
    unsigned count = choose(vgic, vcpu, list, room, &more);
    cpu->stats.overflow += more;
    for (unsigned i = 0; i < count; i++) {
        list[i].lr = (uint8_t)pick_slot(vgic, vcpu, list[i].intid);
        struct vgic_slot *slot = &cpu->slot[list[i].lr];
        list[i].replaced = slot->state == VGIC_SLOT_STALE ? slot->intid : INTID_NONE;
        occupy(vgic, vcpu, slot, list[i].intid);
    }
    cpu->overwrite_stale = false;
    cpu->resample = cpu->armed & ~cpu->bank.loaded;
    return count;
}

/* The host says that the entry is in use although it should not be: leave it alone until it says
 * otherwise, and let the interrupt try another. */
static void refused(struct vgic *vgic, unsigned vcpu, const struct choice *choice)
{
    struct vgic_slot *slot = &vgic->cpu[vcpu].slot[choice->lr];
    struct vgic_entry entry;

    vgic_begin(&entry, vgic, vcpu);
    vgic_take_back(vgic, vcpu, slot);
    slot->state = VGIC_SLOT_STALE;
    slot->intid = choice->replaced;
    vgic_mark(&entry, vcpu);
    vgic_end(&entry);
    vgic->cpu[vcpu].stats.refused++;
}

void vgic_flush(struct vgic *vgic, unsigned vcpu)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    const struct vgic_config *cfg = &vgic->cfg;

    /* A refusal makes it dirty again, with one entry less to try: this ends. */
    while (__atomic_load_n(&cpu->dirty, __ATOMIC_ACQUIRE)) {
        struct choice list[VGIC_MAX_LRS];
        struct vgic_entry entry;

        vgic_sample(vgic, vcpu,
                    cpu->resample & __atomic_load_n(&cpu->bank.enabled, __ATOMIC_RELAXED));
        vgic_begin(&entry, vgic, vcpu);
        __atomic_store_n(&cpu->dirty, false, __ATOMIC_RELEASE);
        unsigned count = plan(vgic, vcpu, list);
        vgic_end(&entry);
        for (unsigned i = 0; i < count; i++) {
            if (cfg->ops->inject(cfg->ctx, vcpu, list[i].lr, list[i].intid, list[i].priority >> 3,
                                 list[i].group) != 0) {
                refused(vgic, vcpu, &list[i]);
            } else {
                cpu->stats.injected++;
            }
        }
    }
}

void vgic_maintenance(struct vgic *vgic, unsigned vcpu, uint64_t lr)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];

    if (lr >= vgic->cfg.nr_lrs || cpu->slot[lr].state == VGIC_SLOT_FREE) {
        cpu->stats.spurious++;
        return;
    }

    struct vgic_slot *slot = &cpu->slot[lr];
    struct vgic_entry entry;
    vgic_begin(&entry, vgic, vcpu);
    if (slot->state == VGIC_SLOT_LOADED) {
        struct vgic_bank *bank = vgic_bank(vgic, vcpu, slot->intid / 32u);
        uint32_t bit = UINT32_C(1) << slot->intid % 32u;
        bank->loaded &= ~bit;
        bank->spent &= ~bit;
        if (slot->intid < 32 && (cpu->armed & bit) != 0) {
            /* Taken: if the source is still high it will say so as soon as it is unmasked. */
            bank->line &= ~bit;
            cpu->armed &= ~bit;
            entry.acks = bit;
        }
        vgic_changed(&entry, vcpu, slot->intid / 32u, bit);
    }
    slot->state = VGIC_SLOT_FREE;
    cpu->stats.retired++;
    vgic_mark(&entry, vcpu); /* there is room for others */
    vgic_end(&entry);
}

bool vgic_deliverable(struct vgic *vgic, unsigned vcpu)
{
    vgic_flush(vgic, vcpu);
    for (unsigned lr = 0; lr < vgic->cfg.nr_lrs; lr++) {
        if (vgic->cpu[vcpu].slot[lr].state != VGIC_SLOT_FREE) {
            return true;
        }
    }
    return false;
}
