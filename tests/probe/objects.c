/* SPDX-License-Identifier: BSD-2-Clause */
/* Bootinfo, untyped memory and CNodes. */
#include "probe.h"

#define ROOT seL4_CapInitThreadCNode

static unsigned long count(seL4_SlotRegion region)
{
    return (unsigned long)(region.end - region.start);
}

/* What does not depend on the size of kernel and image. */
void probe_bootinfo(struct probe *p)
{
    const seL4_BootInfo *bi = p->bootinfo;
    unsigned long misaligned = 0;
    unsigned long ram_after_device = 1;
    bool ram_seen = false;

    for (seL4_CPtr cap = bi->untyped.start; cap < bi->untyped.end; cap++) {
        const seL4_UntypedDesc *desc = &bi->untypedList[cap - bi->untyped.start];
        misaligned += (desc->paddr & (((seL4_Word)1 << desc->sizeBits) - 1)) != 0;
        ram_seen |= !desc->isDevice;
        ram_after_device &= !(ram_seen && desc->isDevice);
    }
    root_print("node %lu of %lu, IOPT levels %lu, CNode bits %lu, domain %lu\n",
               (unsigned long)bi->nodeID, (unsigned long)bi->numNodes,
               (unsigned long)bi->numIOPTLevels, (unsigned long)bi->initThreadCNodeSizeBits,
               (unsigned long)bi->initThreadDomain);
    root_print("buffer below bootinfo: %lu\n",
               (unsigned long)((seL4_Word)bi - (seL4_Word)bi->ipcBuffer));
    root_print("paging [%lu, %lu), extra from +%lu, schedcontrol %lu, shared %lu, IO spaces %lu\n",
               (unsigned long)bi->userImagePaging.start, (unsigned long)bi->userImagePaging.end,
               (unsigned long)(bi->extraBIPages.start - bi->userImagePaging.end),
               count(bi->schedcontrol), count(bi->sharedFrames), count(bi->ioSpaceCaps));
    root_print("extra pages cover the extra information: %d\n",
               count(bi->extraBIPages) == (bi->extraLen + 4095) / 4096);
    root_print("order extra, schedcontrol, image, untyped, empty: %d\n",
               bi->extraBIPages.end == bi->schedcontrol.start &&
                   bi->schedcontrol.end == bi->userImageFrames.start &&
                   bi->userImageFrames.end == bi->untyped.start &&
                   bi->untyped.end == bi->empty.start);
    root_print("untyped misaligned %lu, devices first %lu\n", misaligned, ram_after_device);
    for (seL4_Word offset = 0; offset < bi->extraLen;) {
        const seL4_BootInfoHeader *header = (const void *)((seL4_Word)bi + 4096 + offset);
        if (header->id == SEL4_BOOTINFO_HEADER_FDT) {
            root_print("devicetree, magic 0x%x\n", *(const uint32_t *)(header + 1));
        }
        offset += header->len ? header->len : bi->extraLen;
    }
}

void probe_untyped(struct probe *p)
{
    seL4_CPtr u = p->untyped;
    seL4_CPtr e = p->scratch;

    CALL("unknown type", u, UntypedRetype, WORDS(99, 0, 0, 0, e, 1), CAPS(ROOT));
    CALL("untyped of 48 bits", u, UntypedRetype, WORDS(0, 48, 0, 0, e, 1), CAPS(ROOT));
    CALL("untyped of 3 bits", u, UntypedRetype, WORDS(0, 3, 0, 0, e, 1), CAPS(ROOT));
    CALL("CNode of 0 bits", u, UntypedRetype, WORDS(4, 0, 0, 0, e, 1), CAPS(ROOT));
    CALL("SchedContext of 6 bits", u, UntypedRetype, WORDS(5, 6, 0, 0, e, 1), CAPS(ROOT));
    CALL("five words", u, UntypedRetype, WORDS(0, 12, 0, 0, e), CAPS(ROOT));
    CALL("no root", u, UntypedRetype, WORDS(0, 12, 0, 0, e, 1));
    CALL("root is an endpoint", u, UntypedRetype, WORDS(2, 0, 0, 0, e, 1), CAPS(p->endpoint));
    CALL("path to an empty slot", u, UntypedRetype, WORDS(2, 0, e, 64, 0, 1), CAPS(ROOT));
    CALL("offset beyond the CNode", u, UntypedRetype,
         WORDS(2, 0, 0, 0, 1ul << p->bootinfo->initThreadCNodeSizeBits, 1), CAPS(ROOT));
    CALL("no objects", u, UntypedRetype, WORDS(2, 0, 0, 0, e, 0), CAPS(ROOT));
    CALL("257 objects", u, UntypedRetype, WORDS(2, 0, 0, 0, e, 257), CAPS(ROOT));
    CALL("window too long", u, UntypedRetype, WORDS(2, 0, 0, 0, 10, 7), CAPS(p->cnode));
    CALL("slot in use", u, UntypedRetype, WORDS(2, 0, 0, 0, p->endpoint, 1), CAPS(ROOT));
    CALL("unknown label", u, 9999);
    CALL("label 0", u, 0);

    seL4_CPtr small = probe_object(p, seL4_UntypedObject, 13);
    CALL("too large", small, UntypedRetype, WORDS(0, 14, 0, 0, e, 1), CAPS(ROOT));
    CALL("half of it", small, UntypedRetype, WORDS(0, 12, 0, 0, e, 1), CAPS(ROOT));
    CALL("more than is left", small, UntypedRetype, WORDS(0, 13, 0, 0, e + 1, 1), CAPS(ROOT));
    CALL("copy with children", ROOT, CNodeCopy, WORDS(e + 1, 64, small, 64, 15), CAPS(ROOT));
    CALL("revoke", ROOT, CNodeRevoke, WORDS(small, 64));
    CALL("copy without children", ROOT, CNodeCopy, WORDS(e + 1, 64, small, 64, 15), CAPS(ROOT));
    CALL("delete the copy", ROOT, CNodeDelete, WORDS(e + 1, 64));
    CALL("all of it again", small, UntypedRetype, WORDS(0, 13, 0, 0, e, 1), CAPS(ROOT));
    CALL("revoke", ROOT, CNodeRevoke, WORDS(small, 64));

    seL4_CPtr device = p->bootinfo->untyped.start;
    CALL("device endpoint", device, UntypedRetype, WORDS(2, 0, 0, 0, e, 1), CAPS(ROOT));
    CALL("device page", device, UntypedRetype, WORDS(seL4_ARM_SmallPageObject, 0, 0, 0, e, 1),
         CAPS(ROOT));
    CALL("its address", e, ARMPageGetAddress);
    CALL("as an IPC buffer", p->tcb, TCBSetIPCBuffer, WORDS(PROBE_IPC_BUFFER), CAPS(e));
    CALL("delete", ROOT, CNodeDelete, WORDS(e, 64));
}

static void probe_guards(struct probe *p)
{
    seL4_CPtr e = p->scratch;

    CALL("mutate a CNode's guard", ROOT, CNodeMutate,
         WORDS(e + 5, 64, p->cnode, 64, 0x5ul << 6 | 60), CAPS(ROOT));
    CALL("right guard", e + 5, CNodeDelete, WORDS(0x53, 64));
    CALL("wrong guard", e + 5, CNodeDelete, WORDS(0x63, 64));
    CALL("guard and depth 40", e + 5, CNodeDelete, WORDS(0x53, 40));
    CALL("guard and radix beyond 64", ROOT, CNodeMutate,
         WORDS(p->cnode, 64, e + 5, 64, 0x5ul << 6 | 61), CAPS(ROOT));
    CALL("mutate back", ROOT, CNodeMutate, WORDS(p->cnode, 64, e + 5, 64, 0), CAPS(ROOT));
}

static void probe_copies(struct probe *p)
{
    seL4_CPtr e = p->scratch;
    seL4_CPtr table = probe_object(p, seL4_ARM_PageTableObject, 0);
    seL4_CPtr vspace = probe_object(p, seL4_ARM_VSpaceObject, 0);

    CALL("copy from an empty slot", ROOT, CNodeCopy, WORDS(e + 1, 64, e, 64, 15), CAPS(ROOT));
    CALL("copy onto a full slot", ROOT, CNodeCopy, WORDS(p->endpoint, 64, p->notification, 64, 15),
         CAPS(ROOT));
    CALL("copy without rights", ROOT, CNodeCopy, WORDS(e, 64, p->notification, 64, 0), CAPS(ROOT));
    CALL("copy, no root", ROOT, CNodeCopy, WORDS(e + 3, 64, p->endpoint, 64, 15));
    CALL("copy, root an endpoint", ROOT, CNodeCopy, WORDS(e + 4, 64, 0, 64, 15), CAPS(p->endpoint));
    CALL("copy IRQControl", ROOT, CNodeCopy, WORDS(e + 3, 64, seL4_CapIRQControl, 64, 15),
         CAPS(ROOT));
    CALL("copy an unmapped page table", ROOT, CNodeCopy, WORDS(e + 3, 64, table, 64, 15),
         CAPS(ROOT));
    CALL("copy an unassigned VSpace", ROOT, CNodeCopy, WORDS(e + 3, 64, vspace, 64, 15),
         CAPS(ROOT));
    CALL("copy a VCPU", ROOT, CNodeCopy, WORDS(e + 3, 64, p->vcpu, 64, 15), CAPS(ROOT));
    CALL("delete it", ROOT, CNodeDelete, WORDS(e + 3, 64));
}

static void probe_badges(struct probe *p)
{
    seL4_CPtr e = p->scratch;

    CALL("mint a badge", ROOT, CNodeMint, WORDS(e + 1, 64, p->endpoint, 64, 15, 0x42), CAPS(ROOT));
    CALL("mint it again", ROOT, CNodeMint, WORDS(e + 2, 64, e + 1, 64, 15, 0x43), CAPS(ROOT));
    CALL("mint badge 0 over it", ROOT, CNodeMint, WORDS(e + 2, 64, e + 1, 64, 15, 0), CAPS(ROOT));
    CALL("cancel sends of the endpoint", ROOT, CNodeCancelBadgedSends, WORDS(p->endpoint, 64));
    CALL("cancel sends of the badge", ROOT, CNodeCancelBadgedSends, WORDS(e + 1, 64));
    CALL("cancel sends of a notification", ROOT, CNodeCancelBadgedSends,
         WORDS(p->notification, 64));
    CALL("revoke the endpoint", ROOT, CNodeRevoke, WORDS(p->endpoint, 64));
    CALL("the badged one is gone", ROOT, CNodeCopy, WORDS(e + 6, 64, e + 1, 64, 15), CAPS(ROOT));
    CALL("mutate an endpoint", ROOT, CNodeMutate, WORDS(e + 6, 64, p->endpoint, 64, 0), CAPS(ROOT));
    CALL("mutate a notification", ROOT, CNodeMutate, WORDS(e + 6, 64, p->notification, 64, 0),
         CAPS(ROOT));
    CALL("mint a TCB with a badge", ROOT, CNodeMint, WORDS(e + 6, 64, p->tcb, 64, 0, 0x99),
         CAPS(ROOT));
    CALL("delete it", ROOT, CNodeDelete, WORDS(e + 6, 64));
}

static void probe_moves(struct probe *p)
{
    seL4_CPtr e = p->scratch;

    CALL("move", ROOT, CNodeMove, WORDS(e + 4, 64, e, 64), CAPS(ROOT));
    CALL("delete", ROOT, CNodeDelete, WORDS(e + 4, 64));
    CALL("mutate a TCB", ROOT, CNodeMutate, WORDS(e + 6, 64, p->tcb, 64, 5), CAPS(ROOT));
    CALL("move it back", ROOT, CNodeMove, WORDS(p->tcb, 64, e + 6, 64), CAPS(ROOT));
    CALL("rotate, pivot empty", ROOT, CNodeRotate,
         WORDS(e + 1, 64, 0, e + 6, 64, 0, p->endpoint, 64), CAPS(ROOT, ROOT));
    CALL("rotate, pivot an endpoint", ROOT, CNodeRotate,
         WORDS(e + 6, 64, 0, p->endpoint, 64, 0, p->tcb, 64), CAPS(ROOT, ROOT));
    CALL("move an endpoint", ROOT, CNodeMove, WORDS(e + 6, 64, p->endpoint, 64), CAPS(ROOT));
    CALL("and back", ROOT, CNodeMove, WORDS(p->endpoint, 64, e + 6, 64), CAPS(ROOT));
    CALL("rotate", ROOT, CNodeRotate, WORDS(e + 6, 64, 0, p->tcb, 64, 0, p->vcpu, 64),
         CAPS(ROOT, ROOT));
    CALL("rotate back", ROOT, CNodeRotate, WORDS(p->vcpu, 64, 0, p->tcb, 64, 0, e + 6, 64),
         CAPS(ROOT, ROOT));
}

void probe_cnode(struct probe *p)
{
    seL4_CPtr e = p->scratch;

    CALL("delete an empty slot", ROOT, CNodeDelete, WORDS(e, 64));
    CALL("delete, one word", ROOT, CNodeDelete, WORDS(e));
    CALL("depth 0", ROOT, CNodeDelete, WORDS(e, 0));
    CALL("depth 65", ROOT, CNodeDelete, WORDS(e, 65));
    CALL("depth 20", ROOT, CNodeDelete, WORDS(e, 20));
    CALL("small CNode, depth 4", p->cnode, CNodeDelete, WORDS(3, 4));
    CALL("small CNode, depth 5", p->cnode, CNodeDelete, WORDS(3, 5));
    CALL("small CNode, depth 3", p->cnode, CNodeDelete, WORDS(3, 3));
    probe_copies(p);
    probe_badges(p);
    probe_moves(p);
    probe_guards(p);
}
