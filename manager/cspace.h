/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manager's capability space: a first level of 2^CSPACE_TOP_BITS CNodes, each at most
 * 2^CSPACE_NODE_BITS slots. Node 0 is the CNode that the kernel gave us, so its slot numbers stay
 * capability pointers. Every domain has a node of its own, made from the domain's memory budget:
 * the capabilities that the manager keeps for it vanish with it.
 */
#ifndef MANAGER_CSPACE_H
#define MANAGER_CSPACE_H

#include <stdbool.h>

#include <bulkhead/sel4.h>

#define CSPACE_TOP_BITS  8u
#define CSPACE_NODE_BITS 24u

/* A node that holds the capabilities of one domain. Slots are handed out in order, never back. */
struct cspace_node {
    seL4_CPtr cnode; /* its capability, guard of 0 bits */
    unsigned number; /* index in the first level */
    unsigned bits;   /* log2 of the slots */
    seL4_Word next;  /* first free slot */
};

/* Take over the slots that the kernel left empty. */
void cspace_init(const seL4_BootInfo *info);

/* A slot of node 0; 0 if there is none left. */
seL4_CPtr cspace_slot(void);
/* Give back an empty slot of node 0. */
void cspace_slot_free(seL4_CPtr slot);

/* Make the first level; top: an empty CNode of 2^CSPACE_TOP_BITS slots. */
bool cspace_enter(seL4_CPtr top);

/* Enter a CNode of 2^bits slots as a node of its own. */
bool cspace_node_add(struct cspace_node *node, seL4_CPtr cnode, unsigned bits);
/* The node's CNode has been destroyed. */
void cspace_node_forget(struct cspace_node *node);

/* Take count slots in a row: the first one's index in the node, or 0 if there is no room. */
seL4_Word cspace_take(struct cspace_node *node, seL4_Word count);

/* Capability pointer of a node's slot. */
seL4_CPtr cspace_pointer(const struct cspace_node *node, seL4_Word slot);

/* Copy source (a pointer in our space) to a new slot of node, with rights and badge (0 = none).
 * Returns its pointer or 0. */
seL4_CPtr cspace_copy(struct cspace_node *node, seL4_CPtr source, seL4_CapRights_t rights,
                      seL4_Word badge);

/* Put a copy of source into slot of another program's CNode (cnode: guard of 0 bits, 2^bits). */
bool cspace_give(seL4_CPtr cnode, unsigned bits, seL4_Word slot, seL4_CPtr source,
                 seL4_CapRights_t rights, seL4_Word badge);

#endif
