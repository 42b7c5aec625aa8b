/* SPDX-License-Identifier: BSD-2-Clause */
#include "asid.h"

#include "memmap.h"
#include "vspace.h"

#define ROOT_MASK MASK(VTTBR_VMID_SHIFT) /* of a VTTBR_EL2 value */

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

    if (asid == 0 || entry == NULL || entry->vttbr == 0)
        return NULL;
    return phys_to_kernel(entry->vttbr & ROOT_MASK);
}

static unsigned entry_vmid(const struct asid_entry *entry)
{
    return (unsigned)(entry->vttbr >> VTTBR_VMID_SHIFT);
}

word asid_empty_vttbr(void)
{
    return kernel_to_phys(empty_root) | (word)VMID_NONE << VTTBR_VMID_SHIFT;
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
    flush_vmid(old->vttbr);
    old->vttbr &= ROOT_MASK;
    vmids.owner[vmid] = 0;
}

static void give_vmid(struct asid_entry *entry, unsigned asid)
{
    unsigned vmid = vmid_choose(&vmids, vmid_busy, NULL);

    take_vmid(vmid);
    vmid_give(&vmids, vmid, asid);
    entry->vttbr |= (word)vmid << VTTBR_VMID_SHIFT;
}

__attribute__((noinline)) word asid_vttbr(unsigned asid, const word *root)
{
    struct asid_entry *entry = entry_of(asid);

    if (entry == NULL || (entry->vttbr & ROOT_MASK) != kernel_to_phys(root))
        return asid_empty_vttbr();
    if (entry_vmid(entry) == VMID_NONE)
        give_vmid(entry, asid);
    return entry->vttbr;
}

word asid_vttbr_ready(unsigned asid, const word *root)
{
    const struct asid_entry *entry = entry_of(asid);

    if (unlikely(entry == NULL || (entry->vttbr & ROOT_MASK) != kernel_to_phys(root) ||
                 entry_vmid(entry) == VMID_NONE))
        return 0;
    return entry->vttbr;
}

void asid_flush_tlb(unsigned asid)
{
    struct asid_entry *entry = entry_of(asid);

    if (entry == NULL || entry_vmid(entry) == VMID_NONE) {
        dsb_ish();
        return;
    }
    flush_vmid(entry->vttbr);
}

void asid_add_pool(unsigned number, struct asid_pool *pool)
{
    pools[number] = pool;
}

unsigned asid_assign(unsigned pool, word *root)
{
    /* ASID 0 stands for "none", so that the first entry of the first pool stays unused. */
    for (unsigned i = pool == 0; i < ASID_POOL_ENTRIES; i++) {
        struct asid_entry *entry = &pools[pool]->entry[i];
        if (entry->vttbr == 0) {
            entry->vttbr = kernel_to_phys(root);
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
        for (unsigned i = 0; i < cpu_count; i++) {
            if (cpus[i].arch.vttbr == entry->vttbr)
                on_cpu(&cpus[i], drop_vspace, NULL);
        }
        flush_vmid(entry->vttbr);
        vmids.owner[vmid] = 0;
    }
    entry->vttbr = 0;
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

/* --- invocations --- */

enum status asid_control_decode(struct invocation *inv)
{
    struct slot *dest;

    if (inv->label != ARMASIDControlMakePool)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv->length < 2 || inv->caps < 2)
        return inv_fail(inv, seL4_TruncatedMessage);
    struct slot *source = inv->extra[0];
    unsigned number = 0;
    while (number < ASID_POOLS && pools[number] != NULL)
        number++;
    if (number == ASID_POOLS)
        return inv_fail(inv, seL4_DeleteFirst);
    if (!cap_is(source->cap, CAP_UNTYPED) || untyped_bits(source->cap) != seL4_ASIDPoolBits ||
        untyped_is_device(source->cap))
        return inv_fail1(inv, seL4_InvalidCapability, 1);
    if (tree_has_children(source))
        return inv_fail(inv, seL4_RevokeFirst);
    enum status status = inv_dest_slot(inv, inv->extra[1], inv_arg(inv, 0), inv_arg(inv, 1), &dest);
    if (status != STATUS_OK)
        return status;

    struct asid_pool *pool = cap_object(source->cap);
    arch_clear_memory(pool, sizeof *pool);
    source->cap = cap_untyped(pool, seL4_ASIDPoolBits, false, BIT(seL4_ASIDPoolBits));
    asid_add_pool(number, pool);
    tree_insert_child(source, dest, cap_make(CAP_ASID_POOL, 0, pool, number));
    return STATUS_OK;
}

enum status asid_pool_decode(struct invocation *inv)
{
    if (inv->label != ARMASIDPoolAssign)
        return inv_fail(inv, seL4_IllegalOperation);
    if (inv->caps < 1)
        return inv_fail(inv, seL4_TruncatedMessage);
    struct slot *slot = inv->extra[0];
    if (!cap_is(slot->cap, CAP_VSPACE) || mapping_asid(slot->cap) != 0)
        return inv_fail1(inv, seL4_InvalidCapability, 1);
    unsigned asid = asid_assign((unsigned)inv->cap.data, cap_object(slot->cap));
    if (asid == 0)
        return inv_fail(inv, seL4_DeleteFirst);
    slot->cap = cap_with_mapping(slot->cap, asid, 0);
    return STATUS_OK;
}
