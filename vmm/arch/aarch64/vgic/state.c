/* SPDX-License-Identifier: BSD-2-Clause */
/* State of the controller: set-up, lines, and who has to look when something changes. */
#include "internal.h"

#include <string.h>

void vgic_begin(struct vgic_entry *entry, struct vgic *vgic, unsigned self)
{
    *entry = (struct vgic_entry){.vgic = vgic, .self = self, .owner = self};
    unsigned tries = lock_take(&vgic->lock);
    if (tries != 0 && self < vgic->cfg.nr_vcpus) {
        lock_count(vgic->cfg.waits[self], tries);
    }
}

void vgic_end(struct vgic_entry *entry)
{
    const struct vgic_config *cfg = &entry->vgic->cfg;

    lock_release(&entry->vgic->lock);
    for (uint32_t acks = entry->acks; acks != 0; acks &= acks - 1) {
        cfg->ops->line_ack(cfg->ctx, entry->self, (unsigned)__builtin_ctz(acks));
    }
    for (uint32_t kicks = entry->kicks; kicks != 0; kicks &= kicks - 1) {
        cfg->ops->kick(cfg->ctx, (unsigned)__builtin_ctz(kicks));
    }
}

struct vgic_bank *vgic_bank(struct vgic *vgic, unsigned owner, unsigned n)
{
    if (n == 0) {
        return owner < vgic->cfg.nr_vcpus ? &vgic->cpu[owner].bank : NULL;
    }
    return n <= vgic->cfg.nr_spis / 32 ? &vgic->spi[n - 1] : NULL;
}

unsigned vgic_spi_target(const struct vgic *vgic, unsigned intid)
{
    unsigned spi = intid - VGIC_NR_PRIVATE;

    if (vgic->cfg.version == VGIC_V3) {
        uint64_t target = vgic->router[spi]; /* affinity 0.0.0.n */
        return target < vgic->cfg.nr_vcpus && vgic->cpu[target].online ? (unsigned)target : NO_VCPU;
    }
    /* 1-of-N: any of the targets may take it (IHI 0048B 3.2.3); a fixed choice keeps caches warm.
     */
    for (unsigned n = 0; n < vgic->cfg.nr_vcpus; n++) {
        if ((vgic->targets[spi] >> n & 1) != 0 && vgic->cpu[n].online) {
            return n;
        }
    }
    return NO_VCPU;
}

uint32_t vgic_candidates(const struct vgic *vgic, const struct vgic_bank *bank)
{
    uint32_t pending = bank->latch | (bank->line & ~bank->edge);
    uint32_t forwarded =
        ((vgic->ctlr & 1) != 0 ? ~bank->group : 0) | ((vgic->ctlr & 2) != 0 ? bank->group : 0);

    return pending & bank->enabled & forwarded & ~bank->active & ~bank->loaded;
}

void vgic_mark(struct vgic_entry *entry, unsigned vcpu)
{
    struct vgic_cpu *cpu = &entry->vgic->cpu[vcpu];

    if (__atomic_exchange_n(&cpu->dirty, true, __ATOMIC_ACQ_REL)) {
        return;
    }
    if (vcpu != entry->self) {
        entry->kicks |= UINT32_C(1) << vcpu;
    }
}

void vgic_changed(struct vgic_entry *entry, unsigned owner, unsigned n, uint32_t bits)
{
    struct vgic *vgic = entry->vgic;
    const struct vgic_bank *bank = vgic_bank(vgic, owner, n);

    for (bits &= vgic_candidates(vgic, bank); bits != 0; bits &= bits - 1) {
        unsigned target =
            n == 0 ? owner : vgic_spi_target(vgic, 32 * n + (unsigned)__builtin_ctz(bits));
        if (target != NO_VCPU) {
            vgic_mark(entry, target);
        }
    }
}

void vgic_changed_all(struct vgic_entry *entry)
{
    for (unsigned owner = 0; owner < entry->vgic->cfg.nr_vcpus; owner++) {
        vgic_changed(entry, owner, 0, UINT32_MAX);
    }
    for (unsigned n = 1; n <= entry->vgic->cfg.nr_spis / 32; n++) {
        vgic_changed(entry, NO_VCPU, n, UINT32_MAX);
    }
}

/* Registers at reset, as far as they are not 0. */
static void reset_registers(struct vgic *vgic)
{
    /* ITARGETSR resets to 0; with one vCPU it is RAZ/WI and everything goes there. */
    memset(vgic->targets, vgic->cfg.nr_vcpus == 1 ? 1 : 0, sizeof(vgic->targets));
    for (unsigned n = 0; n < vgic->cfg.nr_vcpus; n++) {
        struct vgic_cpu *cpu = &vgic->cpu[n];
        cpu->bank.edge = SGI_BITS;
        cpu->bank.enabled = vgic->cfg.version == VGIC_V2 ? SGI_BITS : 0;
        cpu->asleep = true;
        cpu->online = n == 0;
        cpu->dirty = true;
    }
}

int vgic_init(struct vgic *vgic, const struct vgic_config *cfg)
{
    if ((cfg->version != VGIC_V2 && cfg->version != VGIC_V3) || cfg->nr_vcpus == 0 ||
        cfg->nr_vcpus > VGIC_MAX_VCPUS || cfg->nr_spis == 0 || cfg->nr_spis % 32 != 0 ||
        cfg->nr_spis > VGIC_MAX_SPIS || cfg->nr_lrs == 0 || cfg->nr_lrs > VGIC_MAX_LRS ||
        (cfg->sampled_ppis & SGI_BITS) != 0) {
        return -1;
    }
    memset(vgic, 0, sizeof(*vgic));
    vgic->cfg = *cfg;
    reset_registers(vgic);
    return 0;
}

void vgic_vcpu_online(struct vgic *vgic, unsigned vcpu, bool online)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    struct vgic_entry entry;

    vgic_begin(&entry, vgic, vcpu);
    for (unsigned lr = 0; !online && lr < vgic->cfg.nr_lrs; lr++) {
        struct vgic_slot *slot = &cpu->slot[lr];
        if (slot->state == VGIC_SLOT_LOADED && slot->intid >= VGIC_NR_PRIVATE) {
            vgic_take_back(vgic, vcpu, slot);
            slot->state = VGIC_SLOT_STALE;
        }
    }
    cpu->online = online;
    cpu->overwrite_stale = true;
    vgic_changed_all(&entry);
    vgic_mark(&entry, vcpu);
    vgic_end(&entry);
}

void vgic_set_level(struct vgic *vgic, unsigned vcpu, unsigned intid, bool level)
{
    uint32_t bit = UINT32_C(1) << intid % 32;
    struct vgic_bank *bank = vgic_bank(vgic, vcpu, intid / 32);
    struct vgic_entry entry;

    if (bank == NULL || intid < 16) {
        return;
    }
    vgic_begin(&entry, vgic, vcpu);
    if (level && (bank->line & bit) == 0) {
        bank->latch |= bank->edge & bit;
    }
    bank->line = level ? bank->line | bit : bank->line & ~bit;
    if (intid < 32 && (vgic->cfg.sampled_ppis & bit) != 0) {
        struct vgic_cpu *cpu = &vgic->cpu[vcpu];
        entry.acks = level ? 0 : cpu->armed & bit;
        cpu->armed = level ? cpu->armed | bit : cpu->armed & ~bit;
        /* It is true now; if it cannot be loaded now it has to be looked at again. */
        cpu->resample &= ~bit;
        cpu->resample |= level ? bit & ~vgic_candidates(vgic, bank) : 0;
    }
    vgic_changed(&entry, vcpu, intid / 32, bit);
    vgic_end(&entry);
}

void vgic_pulse(struct vgic *vgic, unsigned vcpu, unsigned intid)
{
    struct vgic_bank *bank = vgic_bank(vgic, vcpu, intid / 32);
    struct vgic_entry entry;

    if (bank == NULL || intid < 16) {
        return;
    }
    vgic_begin(&entry, vgic, vcpu);
    bank->latch |= UINT32_C(1) << intid % 32;
    vgic_changed(&entry, vcpu, intid / 32, UINT32_C(1) << intid % 32);
    vgic_end(&entry);
}

bool vgic_enabled(const struct vgic *vgic, unsigned vcpu, unsigned intid)
{
    const struct vgic_bank *bank = vgic_bank((struct vgic *)vgic, vcpu, intid / 32);

    return bank != NULL &&
           (__atomic_load_n(&bank->enabled, __ATOMIC_RELAXED) >> intid % 32 & 1) != 0;
}

void vgic_sample(struct vgic *vgic, unsigned vcpu, uint32_t ppis)
{
    struct vgic_cpu *cpu = &vgic->cpu[vcpu];
    uint32_t low = 0;
    struct vgic_entry entry;

    /* `armed` belongs to this thread; a line that is not armed is low. */
    for (ppis &= cpu->armed; ppis != 0; ppis &= ppis - 1) {
        unsigned intid = (unsigned)__builtin_ctz(ppis);
        if (!vgic->cfg.ops->line_level(vgic->cfg.ctx, vcpu, intid)) {
            low |= UINT32_C(1) << intid;
        }
    }
    if (low == 0) {
        return;
    }
    vgic_begin(&entry, vgic, vcpu);
    cpu->bank.line &= ~low;
    cpu->armed &= ~low;
    cpu->resample &= ~low;
    entry.acks = low;
    vgic_end(&entry);
}
