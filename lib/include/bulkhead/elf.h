/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loadable segments of a 64-bit little-endian ELF executable (System V gABI, chapters 4 and 5).
 * The file is hostile: bh_elf_open checks all of it that the rest relies on.
 */
#ifndef BULKHEAD_ELF_H
#define BULKHEAD_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BH_ELF_MACHINE_X86_64  62u
#define BH_ELF_MACHINE_AARCH64 183u
#define BH_ELF_MACHINE_RISCV   243u
#define BH_ELF_MAX_SEGMENTS    16u /* LOAD segments that a file may have */

/* bh_elf_segment.flags */
#define BH_ELF_EXECUTE 1u
#define BH_ELF_WRITE   2u
#define BH_ELF_READ    4u

enum bh_elf_result {
    BH_ELF_OK = 0,
    BH_ELF_NOT_ELF,       /* no 64-bit little-endian ELF executable */
    BH_ELF_WRONG_MACHINE, /* for another processor */
    BH_ELF_TRUNCATED,     /* a header or segment lies beyond the end of the file */
    BH_ELF_BAD_SEGMENT,   /* file size above memory size, or addresses wrap around */
    BH_ELF_OVERLAP,       /* two segments share virtual addresses, or they are not in order */
    BH_ELF_NO_SEGMENT,    /* nothing to load, or more than BH_ELF_MAX_SEGMENTS */
};

struct bh_elf_segment {
    const uint8_t *data; /* file_size bytes */
    uint64_t file_size;
    uint64_t memory_size; /* >= file_size and > 0; the rest is zeroes */
    uint64_t vaddr;
    uint64_t paddr;
    uint32_t flags;
};

struct bh_elf {
    uint64_t entry;
    uint32_t segments;
    struct bh_elf_segment segment[BH_ELF_MAX_SEGMENTS]; /* ascending vaddr, disjoint */
};

/* Segments with memory size 0 are left out. `data` need not be aligned and must outlive *elf. */
enum bh_elf_result bh_elf_open(struct bh_elf *elf, const void *data, size_t size, uint16_t machine);

/* A sentence fragment for messages, e.g. "is truncated". */
const char *bh_elf_result_text(enum bh_elf_result result);

#endif
