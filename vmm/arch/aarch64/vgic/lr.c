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
 *   would be lost, or the interrupt delivered twice. (The host refuses to overwrite an entry that
 *   is active in its saved copy, but that copy is older than what the hardware holds.) Instead half
 *   of the entries are kept for interrupts that are more urgent than all that is loaded. This costs
 *   nothing, since every deactivation is an exit, at which the next one is loaded.
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
    uint8_t priority; /* 8 bits, as in IPRIORITYR */
    uint8_t level;    /* 0..31, for the hardware */
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

/* What can be loaded, given what is. */
struct room {
    unsigned free;     /* entries */
    unsigned reserve;  /* the last of them are for what is more urgent than `floor` */
    unsigned floor[2]; /* most urgent priority loaded, by group: the guest may mask just one */
};

static struct room find_room(const struct vgic *vgic, const struct vgic_cpu *cpu)
{
    struct room room = {.reserve = vgic->cfg.nr_lrs / 2, .floor = {UINT32_MAX, UINT32_MAX}};

    for (unsigned lr = 0; lr < vgic->cfg.nr_lrs; lr++) {
        const struct vgic_slot *slot = &cpu->slot[lr];
        if (slot->state == VGIC_SLOT_LOADED) {
            if (slot->priority < room.floor[slot->group]) {
                room.floor[slot->group] = slot->priority;
            }
        } else if (slot->state == VGIC_SLOT_FREE || cpu->overwrite_stale) {
            room.free++;
        }
    }
    return room;
}

/*
 * The priority that the hardware gets. On GICv3 the host puts the value 0..31 unshifted into a
 * field of eight bits, of which hardware may have the upper five only: 0, 8, 16 and 24 are all that
 * can be told apart. With so few list registers that is enough to keep the order of what is in
 * them, if each one gets its value by its place among the others.
 */
static uint8_t hardware_level(const struct vgic *vgic, const struct vgic_cpu *cpu,
                              unsigned priority)
{
    const int step = 8;
    int above = -step; /* level of the least urgent of the more urgent ones */
    int below = 4 * step;

    if (vgic->cfg.version == VGIC_V2) {
        return (uint8_t)(priority >> 3);
    }
    for (unsigned lr = 0; lr < vgic->cfg.nr_lrs; lr++) {
        const struct vgic_slot *slot = &cpu->slot[lr];
        if (slot->state != VGIC_SLOT_LOADED) {
            continue;
        }
        if (slot->priority == priority) {
            return slot->level;
        }
        if (slot->priority < priority && slot->level > above) {
            above = slot->level;
        } else if (slot->priority > priority && slot->level < below) {
            below = slot->level;
        }
    }
    if (above < 0) {
        /* Next to what is less urgent; alone, with more room for what is more urgent. */
        return (uint8_t)(below == 0 ? 0 : below == 4 * step ? 2 * step : below - step);
    }
    return (uint8_t)(above + step < below ? above + step : above);
}

/* False if the hardware could not tell that something loaded is more urgent than this. */
static bool order_is_kept(const struct vgic *vgic, const struct vgic_cpu *cpu, unsigned group,
                          unsigned priority)
{
    unsigned level = hardware_level(vgic, cpu, priority);

    for (unsigned lr = 0; lr < vgic->cfg.nr_lrs; lr++) {
        const struct vgic_slot *slot = &cpu->slot[lr];
        if (slot->state == VGIC_SLOT_LOADED && slot->group == group && slot->level == level &&
            slot->priority < priority) {
            return false;
        }
    }
    return true;
}

static bool has_room(const struct vgic *vgic, const struct vgic_cpu *cpu, const struct room *room,
                     const struct choice *choice)
{
    return choice->intid != INTID_NONE &&
           (choice->priority < room->floor[choice->group] ||
            (room->free > room->reserve &&
             order_is_kept(vgic, cpu, choice->group, choice->priority)));
}

/* Finds the most urgent candidate of each group: lowest priority value, then lowest INTID (IHI
 * 0048B 3.3). Returns how many candidates there are in all; best[group].intid is INTID_NONE if
 * none. */
static unsigned find_best(struct vgic *vgic, unsigned vcpu, struct choice *best)
{
    unsigned count = 0;

    best[0].intid = best[1].intid = INTID_NONE;
    for (unsigned n = 0; n <= vgic->cfg.nr_spis / 32; n++) {
        const struct vgic_bank *bank = vgic_bank(vgic, vcpu, n);
        for (uint32_t bits = vgic_candidates(vgic, bank); bits != 0; bits &= bits - 1) {
            unsigned bit = (unsigned)__builtin_ctz(bits);
            unsigned intid = 32 * n + bit;
            struct choice *group = &best[bank->group >> bit & 1];
            if (n != 0 && vgic_spi_target(vgic, intid) != vcpu) {
                continue;
            }
            if (!vgic->cpu[vcpu].overwrite_stale && stale_slot(vgic, vcpu, intid) != NULL) {
                continue; /* never one INTID in two entries: its maintenance event comes first */
            }
            count++;
            if (group->intid == INTID_NONE || bank->priority[bit] < group->priority) {
                *group = (struct choice){.intid = (uint16_t)intid,
                                         .priority = bank->priority[bit],
                                         .group = bank->group >> bit & 1};
            }
        }
    }
    return count;
}

/* The most urgent candidate that there is room for; if there is none for the best of its group,
 * there is none for the group. Returns the number of candidates, choice->intid may be INTID_NONE.
 */
static unsigned choose(struct vgic *vgic, unsigned vcpu, const struct room *room,
                       struct choice *choice)
{
    const struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    struct choice best[2];
    unsigned count = find_best(vgic, vcpu, best);

    choice->intid = INTID_NONE;
    for (unsigned group = 0; group < 2; group++) {
        if (has_room(vgic, cpu, room, &best[group]) &&
            (choice->intid == INTID_NONE || best[group].priority < choice->priority)) {
            *choice = best[group];
        }
    }
    return count;
}

/* A slot for an interrupt. Where stale entries can be overwritten they come first, and of them the
 * one with the same INTID. */
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
static void occupy(struct vgic *vgic, unsigned vcpu, struct vgic_slot *slot,
                   const struct choice *choice)
{
    unsigned intid = choice->intid;
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    struct vgic_bank *bank = vgic_bank(vgic, vcpu, intid / 32);
    uint32_t bit = UINT32_C(1) << intid % 32;

    slot->state = VGIC_SLOT_LOADED;
    slot->intid = choice->intid;
    slot->priority = choice->priority;
    slot->level = choice->level;
    slot->group = choice->group;
    slot->source = 0;
    slot->active = false;
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

/* Fills slots. Returns the number of choices to be written to the hardware. */
static unsigned plan(struct vgic *vgic, unsigned vcpu, struct choice *list)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    struct room room = find_room(vgic, cpu);
    unsigned waiting = 0;
    unsigned count = 0;

    while (room.free != 0) {
        struct choice *choice = &list[count];
        waiting = choose(vgic, vcpu, &room, choice);
        if (choice->intid == INTID_NONE) {
            break;
        }
        unsigned lr = pick_slot(vgic, vcpu, choice->intid);
        struct vgic_slot *slot = &cpu->slot[lr];
        choice->lr = (uint8_t)lr;
        choice->level = hardware_level(vgic, cpu, choice->priority);
        choice->replaced = slot->state == VGIC_SLOT_STALE ? slot->intid : INTID_NONE;
        occupy(vgic, vcpu, slot, choice);
        if (choice->priority < room.floor[choice->group]) {
            room.floor[choice->group] = choice->priority;
        }
        room.free--;
        count++;
        if (--waiting == 0) {
            break; /* the common case: one, and no second search */
        }
    }
    cpu->stats.overflow += waiting != 0;
    cpu->overwrite_stale = false;
    cpu->resample = cpu->armed & ~cpu->bank.loaded;
    return count;
}

/* The host says that the entry is active although it should not be: leave it alone until it says
 * otherwise, and let the interrupt try another. */
static void refused(struct vgic *vgic, unsigned vcpu, const struct choice *choice)
{
    struct vgic_slot *slot = &vgic->cpu[vcpu].slot[choice->lr];
    struct vgic_entry entry;

    vgic_begin(&entry, vgic, vcpu);
    vgic_take_back(vgic, vcpu, slot);
    slot->state = VGIC_SLOT_STALE;
    slot->intid = choice->replaced;
    slot->active = true;
    vgic_mark(&entry, vcpu);
    vgic_end(&entry);
    vgic->cpu[vcpu].stats.refused++;
}

/*
 * What the vCPU was handling when it went off would never come to an end, and would bar its entry
 * and its INTID: each entry is made pending, as it may have been. One that the host refuses stays
 * active until the guest ends it.
 */
static void repeat_entries(struct vgic *vgic, unsigned vcpu)
{
    const struct vgic_config *cfg = &vgic->cfg;

    for (unsigned lr = 0; lr < cfg->nr_lrs; lr++) {
        struct vgic_slot *slot = &vgic->cpu[vcpu].slot[lr];
        if (slot->state != VGIC_SLOT_FREE && slot->intid != INTID_NONE) {
            slot->active =
                cfg->ops->inject(cfg->ctx, vcpu, lr, slot->intid, slot->level, slot->group) != 0;
        }
    }
}

void vgic_flush(struct vgic *vgic, unsigned vcpu)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    const struct vgic_config *cfg = &vgic->cfg;

    if (cpu->overwrite_stale) {
        repeat_entries(vgic, vcpu);
    }
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
            if (cfg->ops->inject(cfg->ctx, vcpu, list[i].lr, list[i].intid, list[i].level,
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
        const struct vgic_slot *slot = &vgic->cpu[vcpu].slot[lr];
        if (slot->state != VGIC_SLOT_FREE && !slot->active) {
            return true;
        }
    }
    return false;
}
