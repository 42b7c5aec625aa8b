/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The root task: its objects, its capabilities in the order the ABI gives, its address space and
 * its bootinfo.
 */
#include "root_task.h"

#include <sel4/abi/bootinfo.h>
#include <string.h>

#include "asid.h"
#include "boot.h"
#include "debug.h"
#include "memmap.h"
#include "vspace.h"

#define BOOT_BUDGET_US (UINT64_C(1000) * CONFIG_BOOT_THREAD_TIME_SLICE)
#define VM_NO_EXECUTE  (seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)

extern char ki_start[], ki_boot_end[];

/* What is being built. */
struct build {
    struct slot *cnode;
    seL4_BootInfo *bootinfo;
    struct root_objects objects;
    word *root; /* of the VSpace */
    unsigned asid;
    word next_slot;
};

static BOOT_CODE void provide(struct build *b, word slot, struct cap cap)
{
    tree_insert_root(&b->cnode[slot], cap);
}

static BOOT_CODE word provide_next(struct build *b, struct cap cap)
{
    if (b->next_slot >= BIT(CONFIG_ROOT_CNODE_SIZE_BITS))
        boot_fail("the root task's CNode is full");
    provide(b, b->next_slot, cap);
    return b->next_slot++;
}

static BOOT_CODE void make_fixed_caps(struct build *b)
{
    struct root_objects *o = &b->objects;

    provide(
        b, seL4_CapInitThreadCNode,
        cap_cnode(b->cnode, CONFIG_ROOT_CNODE_SIZE_BITS, WORD_BITS - CONFIG_ROOT_CNODE_SIZE_BITS));
    provide(b, seL4_CapDomain, cap_make(CAP_DOMAIN, 0, NULL, 0));
    provide(b, seL4_CapIRQControl, cap_make(CAP_IRQ_CONTROL, 0, NULL, 0));
    provide(b, seL4_CapASIDControl, cap_make(CAP_ASID_CONTROL, 0, NULL, 0));
    provide(b, seL4_CapSMC, cap_make(CAP_SMC, 0, NULL, 0));

    asid_add_pool(0, phys_to_kernel(o->asid_pool));
    provide(b, seL4_CapInitThreadASIDPool,
            cap_make(CAP_ASID_POOL, 0, phys_to_kernel(o->asid_pool), 0));
    b->root = phys_to_kernel(o->vspace);
    b->asid = asid_assign(0, b->root);
    provide(b, seL4_CapInitThreadVSpace,
            cap_with_mapping(cap_make(CAP_VSPACE, 0, b->root, 0), b->asid, 0));
}

/* One level of page tables for everything that will be mapped. */
static BOOT_CODE void make_tables(struct build *b, unsigned bits, word *table)
{
    word first = b->objects.image_vaddr >> bits;
    word last = (b->objects.end_vaddr - 1) >> bits;

    for (word i = first; i <= last; i++, *table += BIT(seL4_PageTableBits)) {
        word vaddr = i << bits;
        pte_set(pt_walk(b->root, vaddr, bits).entry, pte_table(*table), b->asid);
        struct cap cap = cap_make(CAP_PAGE_TABLE, 0, phys_to_kernel(*table), 0);
        provide_next(b, cap_with_mapping(cap, b->asid, vaddr));
    }
}

/* A mapped frame's capability; the page is mapped. */
static BOOT_CODE struct cap map_frame(struct build *b, word paddr, word vaddr, word attributes)
{
    struct pt_place place = pt_walk(b->root, vaddr, seL4_PageBits);

    pte_set(place.entry, pte_page(paddr, seL4_PageBits, true, true, attributes), b->asid);
    return cap_with_mapping(cap_frame(phys_to_kernel(paddr), seL4_PageBits, false), b->asid, vaddr);
}

static BOOT_CODE seL4_SlotRegion map_frames(struct build *b, word paddr, word pages, word vaddr,
                                            word attributes)
{
    seL4_SlotRegion region = {.start = b->next_slot};

    for (word i = 0; i < pages; i++)
        provide_next(b, map_frame(b, paddr + (i << seL4_PageBits), vaddr + (i << seL4_PageBits),
                                  attributes));
    region.end = b->next_slot;
    return region;
}

static BOOT_CODE void provide_untyped(struct build *b, word start, word end, bool device)
{
    seL4_BootInfo *bi = b->bootinfo;

    while (start < end) {
        unsigned bits = region_piece_bits(start, end, seL4_MinUntypedBits, seL4_MaxUntypedBits);
        word index = b->next_slot - bi->untyped.start;
        if (bits == 0 || index == CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS)
            break;
        /* Marked as used up, so that the first retype zeroes it. */
        provide_next(b, cap_untyped(phys_to_kernel(start), bits, device, BIT(bits)));
        bi->untypedList[index] = (seL4_UntypedDesc){start, (uint8_t)bits, device, {0}};
        start += BIT(bits);
    }
}

static BOOT_CODE void provide_untypeds(struct build *b, const struct root_memory *memory)
{
    b->bootinfo->untyped.start = b->next_slot;
    for (unsigned i = 0; i < memory->device.count; i++)
        provide_untyped(b, memory->device.region[i].start, memory->device.region[i].end, true);
    provide_untyped(b, kernel_to_phys(ki_start), kernel_to_phys(ki_boot_end), false);
    for (unsigned i = 0; i < memory->ram.count; i++)
        provide_untyped(b, memory->ram.region[i].start, memory->ram.region[i].end, false);
    b->bootinfo->untyped.end = b->next_slot;
}

/* The devicetree, behind a header. */
static BOOT_CODE void copy_devicetree(struct build *b, const struct root_image *image)
{
    seL4_BootInfoHeader *header = phys_to_kernel(b->objects.extra);

    header->id = SEL4_BOOTINFO_HEADER_FDT;
    header->len = b->bootinfo->extraLen;
    memcpy(header + 1, phys_to_kernel(image->dtb), image->dtb_size);
}

static BOOT_CODE void make_thread(struct build *b, const struct root_image *image, word bootinfo)
{
    struct tcb *t = phys_to_kernel(b->objects.tcb);
    struct sched_context *sc = phys_to_kernel(b->objects.sc);
    struct slot *buffer = &b->cnode[seL4_CapInitThreadIPCBuffer];

    tcb_init(t);
    provide(b, seL4_CapInitThreadTCB, cap_make(CAP_THREAD, 0, t, 0));
    provide(b, seL4_CapInitThreadSC, cap_make(CAP_SCHED_CONTEXT, seL4_MinSchedContextBits, sc, 0));
    tree_insert(&b->cnode[seL4_CapInitThreadCNode], &t->slot[TCB_CSPACE],
                b->cnode[seL4_CapInitThreadCNode].cap);
    tree_insert(&b->cnode[seL4_CapInitThreadVSpace], &t->slot[TCB_VSPACE],
                b->cnode[seL4_CapInitThreadVSpace].cap);
    tree_insert(buffer, &t->slot[TCB_BUFFER], cap_unmapped(buffer->cap));
    t->ipc_buffer = (word)b->bootinfo->ipcBuffer;
    arch_set_reg(t, REG_BADGE, bootinfo);
    arch_set_pc(t, image->entry);
    boot_start_thread(t, sc, BOOT_BUDGET_US);
}

BOOT_CODE void root_task_create(const struct platform *platform, const struct root_image *image,
                                word kernel_end)
{
    struct root_memory memory;
    struct build b = {.next_slot = seL4_NumInitialCaps};
    struct root_objects *o = &b.objects;
    word extra_len = image->dtb_size == 0 ? 0 : image->dtb_size + sizeof(seL4_BootInfoHeader);

    /* Addresses: image, IPC buffer, bootinfo, extra info. */
    word ipc_buffer = image->end - image->offset;
    word bootinfo = ipc_buffer + BIT(seL4_PageBits);
    o->extra_pages = (extra_len + MASK(seL4_PageBits)) >> seL4_PageBits;
    o->image_vaddr = image->start - image->offset;
    o->end_vaddr = bootinfo + ((1 + o->extra_pages) << seL4_PageBits);
    if ((o->image_vaddr & MASK(seL4_PageBits)) != 0 || o->end_vaddr <= o->image_vaddr ||
        o->end_vaddr - 1 > seL4_UserTop)
        boot_fail("root task image at an impossible address");

    root_memory_find(&memory, platform, image, kernel_end);
    root_memory_carve(&memory, o);
    b.cnode = phys_to_kernel(o->cnode);
    b.bootinfo = phys_to_kernel(o->bootinfo);
    b.bootinfo->extraLen = extra_len;
    b.bootinfo->numNodes = cpu_count;
    b.bootinfo->ipcBuffer = (seL4_IPCBuffer *)ipc_buffer;
    b.bootinfo->initThreadCNodeSizeBits = CONFIG_ROOT_CNODE_SIZE_BITS;
    make_fixed_caps(&b);

    word table = o->tables;
    b.bootinfo->userImagePaging.start = b.next_slot;
    make_tables(&b, seL4_HugePageBits, &table);
    make_tables(&b, seL4_LargePageBits, &table);
    b.bootinfo->userImagePaging.end = b.next_slot;

    provide(&b, seL4_CapBootInfoFrame, map_frame(&b, o->bootinfo, bootinfo, VM_NO_EXECUTE));
    provide(&b, seL4_CapInitThreadIPCBuffer,
            map_frame(&b, o->ipc_buffer, ipc_buffer, VM_NO_EXECUTE));
    if (extra_len != 0)
        copy_devicetree(&b, image);
    b.bootinfo->extraBIPages =
        map_frames(&b, o->extra, o->extra_pages, bootinfo + BIT(seL4_PageBits), VM_NO_EXECUTE);
    if (o->extra_pages == 0)
        b.bootinfo->extraBIPages = (seL4_SlotRegion){0, 0};

    b.bootinfo->schedcontrol.start = b.next_slot;
    for (unsigned i = 0; i < cpu_count; i++)
        provide_next(&b, cap_make(CAP_SCHED_CONTROL, 0, NULL, i));
    b.bootinfo->schedcontrol.end = b.next_slot;

    b.bootinfo->userImageFrames =
        map_frames(&b, image->start, (image->end - image->start) >> seL4_PageBits, o->image_vaddr,
                   seL4_ARM_Default_VMAttributes);
    provide_untypeds(&b, &memory);
    b.bootinfo->empty = (seL4_SlotRegion){b.next_slot, BIT(CONFIG_ROOT_CNODE_SIZE_BITS)};
    make_thread(&b, image, bootinfo);
}
