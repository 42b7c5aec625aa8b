/* SPDX-License-Identifier: BSD-2-Clause */
/* Little-endian 64-bit ELF files, every offset checked. */
#ifndef BULKHEAD_TOOL_ELF64_H
#define BULKHEAD_TOOL_ELF64_H

#include <elf.h>

#include "util.h"

struct elf64 {
    struct bytes file;
    const Elf64_Ehdr *header;
    const Elf64_Phdr *segments; /* header->e_phnum of them */
};

bool elf64_is(struct bytes file);

/*
 * Checks that `file` is an executable for AArch64 with at least one loadable segment, and that all
 * segments lie inside it. Returns NULL, or what is wrong ("is truncated").
 */
const char *elf64_open(struct bytes file, struct elf64 *elf);

/* Lowest and (exclusive) highest address of the loadable segments, bss included. */
void elf64_physical(const struct elf64 *elf, uint64_t *start, uint64_t *end);
void elf64_virtual(const struct elf64 *elf, uint64_t *start, uint64_t *end);

/*
 * The loadable segments as they lie in virtual memory from the page of the lowest address on, bss
 * included, up to a page's end. The caller has bounded the extent.
 */
struct bytes elf64_flatten(struct arena *arena, const struct elf64 *elf);

/* The file without section headers and all that follows the last segment (symbols, debug data). */
struct bytes elf64_trim(struct arena *arena, const struct elf64 *elf);

#endif
