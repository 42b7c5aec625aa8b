/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Besides the capabilities, which the manager counts by the same sums (slots.h), a little more than
 * it takes, so that what passes the check has memory to boot: tests/system/test_memory.py boots the
 * largest.
 */
#include "overhead.h"

#include <bulkhead/slots.h>

#define CAPABILITY 32u /* bytes */
#define TABLE      BH_PAGE
/* Tables of the levels above, for one place in an address space. */
#define TABLES_ABOVE 3u

/* The VMM's image and objects, and the tables of both address spaces; and for each vCPU. */
#define VM_BYTES   (UINT64_C(400) << 10)
#define VCPU_BYTES (UINT64_C(40) << 10)

_Static_assert(VM_FILES == BH_VM_FILES, "files of a VM");

static uint64_t cnode(uint64_t slots)
{
    return (uint64_t)CAPABILITY << bh_slots_bits(slots);
}

/* Large pages only if every VM sees the window at a multiple of their size. */
static bool is_large(const struct system *system, uint32_t window)
{
    for (uint32_t v = 0; v < system->vms; v++) {
        for (uint32_t i = 0; i < system->vm[v].shares; i++) {
            const struct vm_share *share = &system->vm[v].share[i];

            if (share->window == window && share->base % BH_LARGE_PAGE != 0) {
                return false;
            }
        }
    }
    return true;
}

/* While the VM starts, its files are mapped in its VMM page by page. */
static uint64_t for_files(const struct vm *vm)
{
    uint64_t bytes = 0;

    for (unsigned which = 0; which < VM_FILES; which++) {
        bytes += vm->files[which].size;
    }
    return cnode(bh_slots_files(bytes)) + bh_slots_file_tables(bytes) * TABLE;
}

uint64_t overhead_vm(const struct system *system, const struct vm *vm)
{
    uint64_t slots = bh_slots_vm(vm->cpus), tables = 0;

    for (uint32_t i = 0; i < vm->banks; i++) {
        slots += bh_slots_bank(vm->bank[i].size);
        /* In the guest's address space and in the VMM's. */
        tables += 2 * (vm->bank[i].size / BH_HUGE_PAGE + TABLES_ABOVE);
    }
    for (uint32_t i = 0; i < vm->shares; i++) {
        uint64_t size = system->window[vm->share[i].window].size;
        uint64_t large = is_large(system, vm->share[i].window) ? size / BH_LARGE_PAGE : 0;
        uint64_t small = (size - large * BH_LARGE_PAGE) / BH_PAGE;

        slots += bh_slots_share(large, small);
        tables += small * BH_PAGE / BH_LARGE_PAGE + 1 + TABLES_ABOVE;
    }
    return VM_BYTES + VCPU_BYTES * vm->cpus + cnode(slots) + tables * TABLE + for_files(vm);
}

uint64_t overhead_windows(const struct system *system)
{
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < system->windows; i++) {
        bytes += system->window[i].size;
    }
    return system->windows == 0 ? 0 : cnode(bh_slots_windows(bytes));
}
