/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's own address space at EL2: a linear window on physical memory and, in the last
 * gigabyte, devices in 2 MiB blocks.
 */
#ifndef KEEL_AARCH64_MEMMAP_H
#define KEEL_AARCH64_MEMMAP_H

#define KERNEL_OFFSET 0x8000000000 /* virtual minus physical */
#define LINEAR_TOP    0x7fc0000000 /* first physical address outside the linear window */
#define KERNEL_PADDR  0x60000000

#define GIB_SHIFT   30
#define DEVICE_BASE 0xffc0000000

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>

static inline void *phys_to_kernel(uint64_t paddr)
{
    return (void *)(uintptr_t)(paddr + KERNEL_OFFSET);
}

static inline uint64_t kernel_to_phys(const volatile void *p)
{
    return (uint64_t)(uintptr_t)p - KERNEL_OFFSET;
}

/*
 * Boot core, on the loader's tables: builds the tables and maps the gigabyte the kernel is in. Code
 * is read-only, constants are read-only and not executable, everything else is not executable.
 */
void kmap_init(void);

/* The memory of the boot code becomes data. No core may be in it any more. */
void kmap_end_boot(void);

/* Makes the calling core use the kernel's tables. */
void kmap_activate(void);

/*
 * Maps the gigabytes of [base, base + size) in the linear window, as memory or as devices, unless
 * they are mapped already.
 */
void kmap_linear(uint64_t base, uint64_t size, bool device);

/*
 * Maps [base, base + size) into the device window. Returns the kernel address of base; the kernel
 * stops if the window is full.
 */
void *kmap_device(uint64_t base, uint64_t size);

#endif
#endif
