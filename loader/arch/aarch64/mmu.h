/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Translation tables of the loader: 48-bit virtual addresses, 4 KiB granule (Arm ARM D8). The
 * lowest 512 GiB are mapped one to one in blocks of 1 GiB, or of 2 MiB where RAM and devices share
 * a gigabyte; the kernel's window is one gigabyte elsewhere.
 */
#ifndef LOADER_MMU_H
#define LOADER_MMU_H

#include "facts.h"

#include <stdbool.h>
#include <stdint.h>

#define MMU_ENTRIES 512u
#define MMU_SPLITS  6u /* gigabytes that may be split */

struct mmu_tables {
    _Alignas(4096) uint64_t root[MMU_ENTRIES];
    uint64_t identity[MMU_ENTRIES];
    uint64_t split[MMU_SPLITS][MMU_ENTRIES];
    uint64_t window[MMU_ENTRIES]; /* of the kernel: level 1 */
    uint64_t window_blocks[MMU_ENTRIES];
    unsigned splits;
};

/* Build the identity map: normal memory where `bank` says, device memory elsewhere. `el1` = for the
 * EL1 translation regime. The tables must be zero. False if more than MMU_SPLITS gigabytes are
 * mixed. Works with the MMU off. */
bool mmu_build(struct mmu_tables *tables, const struct range *bank, unsigned banks, bool el1);

/* Map [start, end) physical at virtual = physical + offset, in whole 2 MiB blocks. False if that
 * is not within one gigabyte outside the identity map. */
bool mmu_add_window(struct mmu_tables *tables, uint64_t start, uint64_t end, uint64_t offset);

#endif
