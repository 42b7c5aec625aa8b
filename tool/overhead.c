/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sums of manager/vm_memory.c and manager/shared.c with a little on top, so that what passes
 * the check has memory to boot: tests/system/test_memory.py boots the largest.
 */
#include "overhead.h"

#define PAGE  UINT64_C(0x1000)
#define LARGE UINT64_C(0x200000)
#define HUGE  UINT64_C(0x40000000)

#define CAPABILITY 32u            /* bytes */
#define TABLE      PAGE           /* a page table, */
#define TABLE_MAPS (LARGE / PAGE) /* which maps so many pages */
/* Tables of the levels above, for one place in an address space. */
#define TABLES_ABOVE 3u

/* The VMM's image and objects, and the tables of both address spaces; and for each vCPU. */
#define VM_BYTES   (UINT64_C(400) << 10)
#define VCPU_BYTES (UINT64_C(40) << 10)
#define VM_SLOTS   320u
#define VCPU_SLOTS 32u

/* A CNode has a power of two of slots. */
static uint64_t cnode(uint64_t slots)
{
    uint64_t size = 1;

    while (size < slots) {
        size *= 2;
    }
    return size * CAPABILITY;
}

/* Pages of a window: large ones only if every VM sees it at a multiple of their size. */
static uint64_t window_pages(const struct system *system, uint32_t window)
{
    uint64_t size = system->window[window].size;

    for (uint32_t v = 0; v < system->vms; v++) {
        for (uint32_t i = 0; i < system->vm[v].shares; i++) {
            const struct vm_share *share = &system->vm[v].share[i];

            if (share->window == window && share->base % LARGE != 0) {
                return size / PAGE;
            }
        }
    }
    return size / LARGE + size % LARGE / PAGE;
}

/* While the VM starts, its files are mapped in its VMM page by page. */
static uint64_t for_files(const struct vm *vm)
{
    uint64_t pages = 0, tables;

    for (unsigned which = 0; which < VM_FILES; which++) {
        pages += vm->files[which].size / PAGE + 1;
    }
    tables = pages / TABLE_MAPS + VM_FILES + TABLES_ABOVE;
    return cnode(pages + tables + TABLES_ABOVE) + tables * TABLE;
}

uint64_t overhead_vm(const struct system *system, const struct vm *vm)
{
    uint64_t slots = VM_SLOTS + (uint64_t)VCPU_SLOTS * vm->cpus, tables = 0;

    for (uint32_t i = 0; i < vm->banks; i++) {
        /* In the guest's address space and in the VMM's. */
        slots += 2 * (vm->bank[i].size / LARGE + vm->bank[i].size / HUGE + 2);
        tables += 2 * (vm->bank[i].size / HUGE + TABLES_ABOVE);
    }
    for (uint32_t i = 0; i < vm->shares; i++) {
        uint64_t pages = window_pages(system, vm->share[i].window);

        slots += pages + pages / TABLE_MAPS + 1 + TABLES_ABOVE;
        tables += pages / TABLE_MAPS + 1 + TABLES_ABOVE;
    }
    return VM_BYTES + VCPU_BYTES * vm->cpus + cnode(slots) + tables * TABLE + for_files(vm);
}

uint64_t overhead_windows(const struct system *system)
{
    uint64_t pages = 1;

    for (uint32_t i = 0; i < system->windows; i++) {
        pages += system->window[i].size / PAGE;
    }
    return system->windows == 0 ? 0 : cnode(pages);
}
