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

/*
 * The VMID to use next: a free one if there is one, else the one that was handed out longest ago
 * and for which busy() is false (fewer VMIDs than exist may be busy). Its old owner is left in the
 * table.
 */
unsigned vmid_choose(const struct vmid_table *table, bool (*busy)(void *context, unsigned vmid),
                     void *context);

/* Records the new owner. */
void vmid_give(struct vmid_table *table, unsigned vmid, unsigned asid);

#endif
