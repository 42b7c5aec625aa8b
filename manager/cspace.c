/* SPDX-License-Identifier: BSD-2-Clause */
#include "cspace.h"

#include "log.h"

#define SLOTS_TRACKED 8192u /* slots of node 0 that can be given back */
#define POINTER_BITS  64u

static struct {
    seL4_Word first;
    seL4_Word limit;
    seL4_Word next;
    unsigned root_bits;
    seL4_CPtr top;
    uint64_t free[SLOTS_TRACKED / 64]; /* given back: bit n = slot first + n */
    bool node_used[1u << CSPACE_TOP_BITS];
} space;

void cspace_init(const seL4_BootInfo *info)
{
    space.first = info->empty.start;
    space.next = info->empty.start;
    space.limit = info->empty.end;
    space.root_bits = info->initThreadCNodeSizeBits;
    space.node_used[0] = true;
}

seL4_CPtr cspace_slot(void)
{
    for (unsigned i = 0; i < SLOTS_TRACKED / 64; i++) {
        if (space.free[i]) {
            unsigned bit = (unsigned)__builtin_ctzll(space.free[i]);

            space.free[i] &= space.free[i] - 1;
            return space.first + i * 64ul + bit;
        }
    }
    return space.next < space.limit ? space.next++ : 0;
}

void cspace_slot_free(seL4_CPtr slot)
{
    seL4_Word number = slot - space.first;

    if (slot >= space.first && number < SLOTS_TRACKED) {
        space.free[number / 64] |= UINT64_C(1) << (number % 64);
    }
}

bool cspace_enter(seL4_CPtr top)
{
    seL4_Word inner = seL4_CNode_CapData_new(0, CSPACE_NODE_BITS - space.root_bits).words[0];
    seL4_Word outer =
        seL4_CNode_CapData_new(0, POINTER_BITS - CSPACE_TOP_BITS - CSPACE_NODE_BITS).words[0];

    space.top = top;
    return log_ok("making the capability space",
                  seL4_CNode_Mint(top, 0, CSPACE_TOP_BITS, seL4_CapInitThreadCNode,
                                  seL4_CapInitThreadCNode, POINTER_BITS, seL4_AllRights, inner)) &&
           log_ok("entering the capability space",
                  seL4_TCB_SetSpace(seL4_CapInitThreadTCB, seL4_CapNull, top, outer,
                                    seL4_CapInitThreadVSpace, 0));
}

bool cspace_node_add(struct cspace_node *node, seL4_CPtr cnode, unsigned bits)
{
    unsigned number = 1;

    while (number < (1u << CSPACE_TOP_BITS) && space.node_used[number]) {
        number++;
    }
    if (number == (1u << CSPACE_TOP_BITS)) {
        log_line("out of capability nodes");
        return false;
    }
    seL4_Word guard = seL4_CNode_CapData_new(0, CSPACE_NODE_BITS - bits).words[0];

    *node = (struct cspace_node){.cnode = cnode, .number = number, .bits = bits, .next = 1};
    if (!log_ok("adding a capability node",
                seL4_CNode_Mint(space.top, number, CSPACE_TOP_BITS, seL4_CapInitThreadCNode, cnode,
                                POINTER_BITS, seL4_AllRights, guard))) {
        return false;
    }
    space.node_used[number] = true;
    return true;
}

void cspace_node_forget(struct cspace_node *node)
{
    if (node->number != 0) {
        space.node_used[node->number] = false;
        cspace_slot_free(node->cnode);
    }
    *node = (struct cspace_node){0};
}

seL4_Word cspace_take(struct cspace_node *node, seL4_Word count)
{
    seL4_Word slot = node->next;

    if (count > (UINT64_C(1) << node->bits) - slot) {
        log_line("out of capability slots");
        return 0;
    }
    node->next += count;
    return slot;
}

seL4_CPtr cspace_pointer(const struct cspace_node *node, seL4_Word slot)
{
    return (seL4_CPtr)node->number << CSPACE_NODE_BITS | slot;
}

seL4_CPtr cspace_copy(struct cspace_node *node, seL4_CPtr source, seL4_CapRights_t rights,
                      seL4_Word badge)
{
    seL4_Word slot = cspace_take(node, 1);

    if (slot == 0 || !cspace_give(node->cnode, node->bits, slot, source, rights, badge)) {
        return 0;
    }
    return cspace_pointer(node, slot);
}

bool cspace_give(seL4_CPtr cnode, unsigned bits, seL4_Word slot, seL4_CPtr source,
                 seL4_CapRights_t rights, seL4_Word badge)
{
    const seL4_Uint8 depth = CSPACE_TOP_BITS + CSPACE_NODE_BITS;
    seL4_Error error;

    if (badge) {
        error =
            seL4_CNode_Mint(cnode, slot, (seL4_Uint8)bits, space.top, source, depth, rights, badge);
    } else {
        error = seL4_CNode_Copy(cnode, slot, (seL4_Uint8)bits, space.top, source, depth, rights);
    }
    return log_ok("copying a capability", error);
}
