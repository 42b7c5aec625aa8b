/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's translation tables at EL2. Nothing is mapped both writable and executable, and
 * SCTLR_EL2.WXN has the hardware see to it.
 */
#include "memmap.h"

#include "boot.h"
#include "kmap_page.h"
#include "sysreg.h"

#define ENTRIES     512
#define PAGE_SHIFT  12
#define BLOCK_SHIFT 21
#define BLOCK_SIZE  (1ull << BLOCK_SHIFT)

extern char ki_start[], ki_boot_end[], ki_constants[], ki_data[];

static struct {
    uint64_t root[ENTRIES];   /* 512 GiB each */
    uint64_t linear[ENTRIES]; /* 1 GiB each */
    uint64_t kernel[ENTRIES]; /* 2 MiB each, of the gigabyte that the kernel is in */
    uint64_t image[ENTRIES];  /* 4 KiB each, of the 2 MiB that the kernel is in */
    uint64_t device[ENTRIES]; /* 2 MiB each */
} tables __attribute__((aligned(4096), section(".bss.aligned")));

static unsigned device_blocks;

static void map_image(bool booting)
{
    struct kmap_image image = {kernel_to_phys(ki_start), kernel_to_phys(ki_boot_end),
                               kernel_to_phys(ki_constants), kernel_to_phys(ki_data)};

    for (unsigned i = 0; i < ENTRIES; i++) {
        uint64_t paddr = KERNEL_PADDR + ((uint64_t)i << PAGE_SHIFT);
        tables.image[i] = paddr | kmap_page_use(&image, paddr, booting) | DESC_PAGE;
    }
}

BOOT_CODE void kmap_init(void)
{
    uint64_t gib = KERNEL_PADDR >> GIB_SHIFT;

    map_image(true);
    for (uint64_t i = 0; i < ENTRIES; i++)
        tables.kernel[i] = gib << GIB_SHIFT | i << BLOCK_SHIFT | DESC_DATA | DESC_BLOCK;
    tables.kernel[KERNEL_PADDR >> BLOCK_SHIFT & (ENTRIES - 1)] =
        kernel_to_phys(tables.image) | DESC_TABLE;
    tables.linear[gib] = kernel_to_phys(tables.kernel) | DESC_TABLE;
    tables.linear[ENTRIES - 1] = kernel_to_phys(tables.device) | DESC_TABLE;
    tables.root[KERNEL_OFFSET >> 39] = kernel_to_phys(tables.linear) | DESC_TABLE;
}

static BOOT_CODE void flush_own_tlb(void)
{
    __asm__ volatile("tlbi alle2\n\tdsb sy\n\tisb" : : : "memory");
}

BOOT_CODE void kmap_activate(void)
{
    dsb_sy();
    WRITE_SYSREG(ttbr0_el2, kernel_to_phys(tables.root));
    isb();
    flush_own_tlb();
    /* Not before: the loader's entries may be writable and executable. WXN may be cached, too. */
    WRITE_SYSREG(sctlr_el2, SCTLR_EL2_VALUE | SCTLR_EL2_WXN);
    isb();
    flush_own_tlb();
}

/* A change of permissions only needs no break before make (Arm ARM D5.10.1). */
void kmap_end_boot(void)
{
    map_image(false);
    dsb_ish();
    __asm__ volatile("tlbi alle2is" : : : "memory");
    dsb_ish();
    isb();
}

/* Entries only ever go from invalid to valid, so no invalidation is needed (D5.10.1). */
BOOT_CODE void kmap_linear(uint64_t base, uint64_t size, bool device)
{
    if (size == 0)
        return;
    uint64_t last = (base + size - 1) >> GIB_SHIFT;
    for (uint64_t gib = base >> GIB_SHIFT; gib <= last && gib < LINEAR_TOP >> GIB_SHIFT; gib++) {
        if (tables.linear[gib] == 0)
            tables.linear[gib] = gib << GIB_SHIFT | (device ? DESC_DEVICE : DESC_DATA) | DESC_BLOCK;
    }
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
        tables.device[device_blocks++] = (block << BLOCK_SHIFT) | DESC_DEVICE | DESC_BLOCK;
    }
    dsb_ish();
    isb();
    return (void *)(uintptr_t)(vaddr + (base & (BLOCK_SIZE - 1)));
}
