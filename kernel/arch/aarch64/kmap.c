/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's translation tables at EL2 (Arm ARM D5.3, VMSAv8-64 descriptors, 4 KiB granule). */
#include "memmap.h"

#include "boot.h"
#include "sysreg.h"

#define DESC_BLOCK 1u
#define DESC_TABLE 3u
#define DESC_AF    (1u << 10)
#define DESC_SH_IS (3u << 8)
#define DESC_XN    (1ull << 54)
/* Attribute indices fixed by the boot protocol: 0 is device nGnRnE, 4 is normal write-back. */
#define ATTR_DEVICE (DESC_XN | DESC_AF | (0u << 2) | DESC_BLOCK)
#define ATTR_NORMAL (DESC_AF | DESC_SH_IS | (4u << 2) | DESC_BLOCK)

#define ENTRIES     512
#define BLOCK_SHIFT 21
#define BLOCK_SIZE  (1ull << BLOCK_SHIFT)

static struct {
    uint64_t root[ENTRIES];   /* 512 GiB each */
    uint64_t linear[ENTRIES]; /* 1 GiB each */
    uint64_t device[ENTRIES]; /* 2 MiB each */
} tables __attribute__((aligned(4096), section(".bss.aligned")));

static unsigned device_blocks;

BOOT_CODE void kmap_init(void)
{
    tables.root[KERNEL_OFFSET >> 39] = kernel_to_phys(tables.linear) | DESC_TABLE;
    tables.linear[ENTRIES - 1] = kernel_to_phys(tables.device) | DESC_TABLE;
    kmap_ram(KERNEL_PADDR, 1);
}

BOOT_CODE void kmap_activate(void)
{
    dsb_sy();
    WRITE_SYSREG(ttbr0_el2, kernel_to_phys(tables.root));
    isb();
    __asm__ volatile("tlbi alle2\n\tdsb sy\n\tisb" : : : "memory");
}

/* Entries only ever go from invalid to valid, so no invalidation is needed (D5.10.1). */
static BOOT_CODE void map_gib(uint64_t gib, uint64_t attr)
{
    if (gib >= LINEAR_TOP >> GIB_SHIFT || tables.linear[gib] != 0)
        return;
    tables.linear[gib] = (gib << GIB_SHIFT) | attr;
}

BOOT_CODE void kmap_ram(uint64_t base, uint64_t size)
{
    if (size == 0)
        return;
    uint64_t last = base + size - 1;
    for (uint64_t gib = base >> GIB_SHIFT; gib <= last >> GIB_SHIFT; gib++) {
        if (gib >= LINEAR_TOP >> GIB_SHIFT)
            break;
        map_gib(gib, ATTR_NORMAL);
    }
    dsb_ish();
    isb();
}

BOOT_CODE void kmap_rest_as_device(void)
{
    for (uint64_t gib = 0; gib < LINEAR_TOP >> GIB_SHIFT; gib++)
        map_gib(gib, ATTR_DEVICE);
    dsb_ish();
    isb();
}

BOOT_CODE void *kmap_device(uint64_t base, uint64_t size)
{
    uint64_t first = base >> BLOCK_SHIFT;
    uint64_t last = (base + size - 1) >> BLOCK_SHIFT;
    uint64_t vaddr = DEVICE_BASE + ((uint64_t)device_blocks << BLOCK_SHIFT);

    for (uint64_t block = first; block <= last; block++) {
        if (device_blocks == ENTRIES)
            boot_fail("too many device regions");
        tables.device[device_blocks++] = (block << BLOCK_SHIFT) | ATTR_DEVICE;
    }
    dsb_ish();
    isb();
    return (void *)(uintptr_t)(vaddr + (base & (BLOCK_SIZE - 1)));
}
