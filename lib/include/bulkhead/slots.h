/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability slots that the manager sets aside for the parts of a VM. A CNode is memory, so that
 * the host command, which sees to it that a system fits the board, counts by the same sums.
 */
#ifndef BULKHEAD_SLOTS_H
#define BULKHEAD_SLOTS_H

#include <stdint.h>

#define BH_PAGE       UINT64_C(0x1000)
#define BH_LARGE_PAGE UINT64_C(0x200000)
#define BH_HUGE_PAGE  UINT64_C(0x40000000)

/* A VM's CNode: the VMM's image, page tables, objects; and per vCPU. */
static inline uint64_t bh_slots_vm(unsigned cpus)
{
    return 320 + UINT64_C(32) * cpus;
}

/* In it, for a bank of RAM of so many bytes, in the guest's address space and in the VMM's. */
static inline uint64_t bh_slots_bank(uint64_t size)
{
    return 2 * (size / BH_LARGE_PAGE + size / BH_HUGE_PAGE + 2);
}

/* In it, for a window of so many pages, with page tables. */
static inline uint64_t bh_slots_share(uint64_t large, uint64_t small)
{
    return large + small + small * BH_PAGE / BH_LARGE_PAGE + 4;
}

/* A CNode of its own, while a VM starts, for pages and page tables of its files, of so many bytes
 * in all: each begins on a page and in a page table of its own. */
#define BH_VM_FILES 3u

static inline uint64_t bh_slots_file_pages(uint64_t bytes)
{
    return bytes / BH_PAGE + BH_VM_FILES;
}

static inline uint64_t bh_slots_file_tables(uint64_t bytes)
{
    return bytes / BH_LARGE_PAGE + BH_VM_FILES + 5;
}

static inline uint64_t bh_slots_files(uint64_t bytes)
{
    return bh_slots_file_pages(bytes) + bh_slots_file_tables(bytes) + 1;
}

/* The CNode for the pages of all windows, of so many bytes, however small the pages are. */
static inline uint64_t bh_slots_windows(uint64_t bytes)
{
    return bytes / BH_PAGE + 1;
}

/* Size of a CNode with so many slots at least: log2 of their number. */
static inline unsigned bh_slots_bits(uint64_t slots)
{
    unsigned bits = 4;

    while (UINT64_C(1) << bits < slots) {
        bits++;
    }
    return bits;
}

#endif
