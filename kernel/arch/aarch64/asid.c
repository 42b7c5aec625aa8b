/* SPDX-License-Identifier: BSD-2-Clause */
#include "asid.h"

#include "memmap.h"

#define ROOT_MASK (~(word)MASK(VSPACE_BITS))

static struct asid_pool *pools[ASID_POOLS];
static struct vmid_table vmids;
static word empty_root[2 * 512] __attribute__((aligned(8192), section(".bss.aligned")));

static struct asid_entry *entry_of(unsigned asid)
{
    struct asid_pool *pool = pools[asid / ASID_POOL_ENTRIES];
    return pool != NULL ? &pool->entry[asid % ASID_POOL_ENTRIES] : NULL;
}

word *asid_root(unsigned asid)
{
    struct asid_entry *entry = entry_of(asid);
    return asid != 0 && entry != NULL ? (word *)(uintptr_t)(entry->root & ROOT_MASK) : NULL;
}

static unsigned entry_vmid(const struct asid_entry *entry)
{
    return (unsigned)(entry->root & (VMIDS - 1));
}

static word make_vttbr(word root, unsigned vmid)
{
    return (word)vmid << VTTBR_VMID_SHIFT | kernel_to_phys((void *)(uintptr_t)root);
}

word asid_empty_vttbr(void)
{
    return make_vttbr((word)(uintptr_t)empty_root, VMID_NONE);
}

/* Is the VMID in some core's VTTBR_EL2? */
static bool vmid_busy(void *context, unsigned vmid)
{
    (void)context;
    for (unsigned i = 0; i < cpu_count; i++) {
        if (cpus[i].arch.vttbr >> VTTBR_VMID_SHIFT == vmid)
            return true;
    }
    return false;
}

/* TLBI by VMID takes the VMID from VTTBR_EL2 (Arm ARM D5.10); stage 1 entries go as well. */
static void flush_vmid(word vttbr)
{
    word own = this_cpu()->arch.vttbr;

    dsb_ish();
    if (own != vttbr) {
        WRITE_SYSREG(vttbr_el2, vttbr);
        isb();
    }
    __asm__ volatile("tlbi vmalls12e1is" : : : "memory");
    dsb_ish();
    if (own != vttbr)
        WRITE_SYSREG(vttbr_el2, own);
    isb();
}

/* Takes the VMID from whoever has it. */
static void take_vmid(unsigned vmid)
{
    struct asid_entry *old = entry_of(vmids.owner[vmid]);

    if (vmids.owner[vmid] == 0 || old == NULL)
        return;
    flush_vmid(make_vttbr(old->root & ROOT_MASK, vmid));
    old->root &= ROOT_MASK;
    vmids.owner[vmid] = 0;
}

static __attribute__((noinline)) void give_vmid(struct asid_entry *entry, unsigned asid)
{
    unsigned vmid = vmid_choose(&vmids, vmid_busy, NULL);

    take_vmid(vmid);
    vmid_give(&vmids, vmid, asid);
    entry->root |= vmid;
}

word asid_vttbr(unsigned asid, const word *root)
{
    struct asid_entry *entry = entry_of(asid);

    if (unlikely(entry == NULL || (entry->root & ROOT_MASK) != (word)(uintptr_t)root))
        return 0;
    if (unlikely(entry_vmid(entry) == VMID_NONE))
        give_vmid(entry, asid);
    return make_vttbr((word)(uintptr_t)root, entry_vmid(entry));
}

void asid_flush_tlb(unsigned asid)
{
    struct asid_entry *entry = entry_of(asid);

    if (entry == NULL || entry_vmid(entry) == VMID_NONE) {
        dsb_ish();
        return;
    }
    flush_vmid(make_vttbr(entry->root & ROOT_MASK, entry_vmid(entry)));
}

void asid_add_pool(unsigned number, struct asid_pool *pool)
{
    pools[number] = pool;
}

unsigned asid_free_pool(void)
{
    unsigned number = 0;

    while (number < ASID_POOLS && pools[number] != NULL)
        number++;
    return number;
}

unsigned asid_assign(unsigned pool, word *root)
{
    /* ASID 0 stands for "none", so that the first entry of the first pool stays unused. */
    for (unsigned i = pool == 0; i < ASID_POOL_ENTRIES; i++) {
        struct asid_entry *entry = &pools[pool]->entry[i];
        if (entry->root == 0) {
            entry->root = (word)(uintptr_t)root;
            return pool * ASID_POOL_ENTRIES + i;
        }
    }
    return 0;
}

/* Has the core walk the empty tables instead. */
static void drop_vspace(struct cpu *cpu, void *arg)
{
    (void)arg;
    cpu->arch.vttbr = asid_empty_vttbr();
    WRITE_SYSREG(vttbr_el2, cpu->arch.vttbr);
    isb();
}

void asid_release(unsigned asid, word *root)
{
    struct asid_entry *entry = entry_of(asid);

    if (entry == NULL || asid_root(asid) != root)
        return;
    unsigned vmid = entry_vmid(entry);
    if (vmid != VMID_NONE) {
        word vttbr = make_vttbr(entry->root & ROOT_MASK, vmid);
        for (unsigned i = 0; i < cpu_count; i++) {
            if (cpus[i].arch.vttbr == vttbr)
                on_cpu(&cpus[i], drop_vspace, NULL);
        }
        flush_vmid(vttbr);
        vmids.owner[vmid] = 0;
    }
    entry->root = 0;
}

void asid_delete_pool(unsigned number)
{
    struct asid_pool *pool = pools[number];

    for (unsigned i = 0; pool != NULL && i < ASID_POOL_ENTRIES; i++) {
        word *root = asid_root(number * ASID_POOL_ENTRIES + i);
        if (root != NULL)
            asid_release(number * ASID_POOL_ENTRIES + i, root);
    }
    pools[number] = NULL;
}
