/* SPDX-License-Identifier: BSD-2-Clause */
/* Where memory is free at boot, and where the root task's objects go. */
#include <sel4/abi/config.h>

#include "arch_cap.h"
#include "boot.h"
#include "gic.h"
#include "memmap.h"
#include "root_task.h"

#define DEVICE_TOP   BIT(40)
#define GRAIN        BIT(seL4_MinUntypedBits)
#define GICR_OF_CORE 0x20000u /* two frames */

static BOOT_CODE void reserve(struct region_list *list, word start, word end)
{
    if (!regions_remove(list, start & ~(GRAIN - 1), (end + GRAIN - 1) & ~(GRAIN - 1)))
        boot_fail("memory is too fragmented");
}

/* What the kernel itself uses of the interrupt controller. */
static BOOT_CODE void reserve_gic(struct region_list *device, const struct platform *platform)
{
    if (platform->gic_version == 2) {
        for (unsigned i = 0; i < 3; i++)
            reserve(device, platform->gic[i].base, platform->gic[i].base + BIT(seL4_PageBits));
        return;
    }
    word redistributors = min_word(platform->gic[1].size, (word)MAX_CPUS * GICR_OF_CORE);
    reserve(device, platform->gic[0].base, platform->gic[0].base + 0x10000);
    reserve(device, platform->gic[1].base, platform->gic[1].base + redistributors);
}

BOOT_CODE void root_memory_find(struct root_memory *memory, const struct platform *platform,
                                const struct root_image *image, word kernel_end)
{
    struct region_list *ram = &memory->ram, *device = &memory->device;

    *memory = (struct root_memory){0};
    regions_add(device, 0, DEVICE_TOP);
    for (unsigned i = 0; i < platform->num_ram; i++) {
        word start = max_word(platform->ram[i].base, KERNEL_PADDR);
        word end = min_word(platform->ram[i].base + platform->ram[i].size, LINEAR_TOP);
        if (!regions_add(ram, start, end))
            boot_fail("too many memory banks");
        if (start < end)
            reserve(device, start, end);
    }
    reserve_gic(device, platform);
    reserve(ram, KERNEL_PADDR, kernel_end);
    if (image->start >= image->end || ((image->start | image->end) & MASK(seL4_PageBits)) != 0 ||
        !regions_contain(ram, image->start, image->end))
        boot_fail("root task image not in free memory");
    reserve(ram, image->start, image->end);
    if (image->dtb_size != 0)
        reserve(ram, image->dtb, image->dtb + image->dtb_size);
}

/* Numbers of tables of both levels for a range of addresses. */
static BOOT_CODE word count_tables(word start, word end, unsigned bits)
{
    return ((end - 1) >> bits) - (start >> bits) + 1;
}

static BOOT_CODE word take(word *at, word bytes)
{
    word start = *at;

    *at += bytes;
    return start;
}

BOOT_CODE void root_memory_carve(struct root_memory *memory, struct root_objects *objects)
{
    const word page = BIT(seL4_PageBits);
    const word cnode = BIT(CONFIG_ROOT_CNODE_SIZE_BITS + seL4_SlotBits);
    word at;

    objects->num_tables =
        count_tables(objects->image_vaddr, objects->end_vaddr, seL4_HugePageBits) +
        count_tables(objects->image_vaddr, objects->end_vaddr, seL4_LargePageBits);
    word pages = 3 + objects->num_tables + objects->extra_pages;
    word size = cnode + BIT(seL4_VSpaceBits) + pages * page + BIT(seL4_TCBBits) +
                BIT(seL4_MinSchedContextBits);
    if (!regions_carve_top(&memory->ram, size, cnode, &at))
        boot_fail("no room for the root task's objects");
    arch_clear_memory(phys_to_kernel(at), size);

    /* By falling size, so that each is aligned. */
    objects->cnode = take(&at, cnode);
    objects->vspace = take(&at, BIT(seL4_VSpaceBits));
    objects->asid_pool = take(&at, page);
    objects->ipc_buffer = take(&at, page);
    objects->bootinfo = take(&at, page);
    objects->tables = take(&at, objects->num_tables * page);
    objects->extra = take(&at, objects->extra_pages * page);
    objects->tcb = take(&at, BIT(seL4_TCBBits));
    objects->sc = take(&at, BIT(seL4_MinSchedContextBits));
}
