/* SPDX-License-Identifier: BSD-2-Clause */
/* Who has which VMID. Pure. */
#ifndef KEEL_AARCH64_VMID_H
#define KEEL_AARCH64_VMID_H

#include <stdbool.h>
#include <stdint.h>

#define VMIDS     256u
#define VMID_NONE 0u /* the empty address space's; never handed out */

struct vmid_table {
    uint16_t owner[VMIDS]; /* ASID, 0: free */
    uint8_t last;          /* handed out last */
};

static inline unsigned next_vmid(unsigned vmid)
{
    return vmid + 1 < VMIDS ? vmid + 1 : 1;
}

/*
 * The VMID to use next: a free one if there is one, else the one that was handed out longest ago
 * and for which busy() is false (fewer VMIDs than exist may be busy). Its old owner is left in the
 * table.
 */
static inline unsigned vmid_choose(const struct vmid_table *table,
                                   bool (*busy)(void *context, unsigned vmid), void *context)
{
    unsigned vmid = table->last;

    for (unsigned i = 1; i < VMIDS; i++) {
        vmid = next_vmid(vmid);
        if (table->owner[vmid] == 0)
            return vmid;
    }
    do {
        vmid = next_vmid(vmid);
    } while (busy(context, vmid));
    return vmid;
}

/* Records the new owner. */
static inline void vmid_give(struct vmid_table *table, unsigned vmid, unsigned asid)
{
    table->owner[vmid] = (uint16_t)asid;
    table->last = (uint8_t)vmid;
}

#endif
