/* SPDX-License-Identifier: BSD-2-Clause */
#include "vmid.h"

static unsigned next_vmid(unsigned vmid)
{
    return vmid + 1 < VMIDS ? vmid + 1 : 1;
}

unsigned vmid_choose(const struct vmid_table *table, bool (*busy)(void *context, unsigned vmid),
                     void *context)
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

void vmid_give(struct vmid_table *table, unsigned vmid, unsigned asid)
{
    table->owner[vmid] = (uint16_t)asid;
    table->last = (uint8_t)vmid;
}
