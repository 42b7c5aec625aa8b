/* SPDX-License-Identifier: BSD-2-Clause */
#include "elf64.h"

#include <string.h>

#define PAGE UINT64_C(4096)

bool elf64_is(struct bytes file)
{
    return file.size >= SELFMAG && memcmp(file.data, ELFMAG, SELFMAG) == 0;
}

/* Neither the file's bytes nor the addresses of the segment run past an end. */
static bool segment_is_sound(struct bytes file, const Elf64_Phdr *segment)
{
    uint64_t end;

    if (__builtin_add_overflow(segment->p_offset, segment->p_filesz, &end) || end > file.size) {
        return false;
    }
    return segment->p_filesz <= segment->p_memsz &&
           !__builtin_add_overflow(segment->p_vaddr, segment->p_memsz, &end) &&
           !__builtin_add_overflow(segment->p_paddr, segment->p_memsz, &end);
}

const char *elf64_open(struct bytes file, struct elf64 *elf)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)file.data;
    unsigned loadable = 0;
    uint64_t end;

    if (!elf64_is(file)) {
        return "is no ELF file";
    }
    if (file.size < sizeof(*header)) {
        return "is truncated";
    }
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
        header->e_machine != EM_AARCH64) {
        return "is not for 64-bit Arm";
    }
    if (header->e_type != ET_EXEC && header->e_type != ET_DYN) {
        return "is no executable";
    }
    if (header->e_phnum == 0 || header->e_phentsize != sizeof(Elf64_Phdr) ||
        header->e_phoff % _Alignof(Elf64_Phdr) != 0) {
        return "is no executable";
    }
    end = header->e_phnum * sizeof(Elf64_Phdr);
    if (__builtin_add_overflow(end, header->e_phoff, &end) || end > file.size) {
        return "is truncated";
    }
    elf->file = file;
    elf->header = header;
    elf->segments = (const Elf64_Phdr *)(file.data + header->e_phoff);
    for (unsigned i = 0; i < header->e_phnum; i++) {
        if (elf->segments[i].p_type != PT_LOAD) {
            continue;
        }
        if (!segment_is_sound(file, &elf->segments[i])) {
            return "is truncated";
        }
        loadable += elf->segments[i].p_memsz > 0;
    }
    return loadable == 0 ? "has nothing to load" : NULL;
}

static void extent(const struct elf64 *elf, bool physical, uint64_t *start, uint64_t *end)
{
    *start = UINT64_MAX;
    *end = 0;
    for (unsigned i = 0; i < elf->header->e_phnum; i++) {
        const Elf64_Phdr *segment = &elf->segments[i];
        uint64_t address = physical ? segment->p_paddr : segment->p_vaddr;

        if (segment->p_type != PT_LOAD || segment->p_memsz == 0) {
            continue;
        }
        *start = address < *start ? address : *start;
        *end = address + segment->p_memsz > *end ? address + segment->p_memsz : *end;
    }
}

void elf64_physical(const struct elf64 *elf, uint64_t *start, uint64_t *end)
{
    extent(elf, true, start, end);
}

void elf64_virtual(const struct elf64 *elf, uint64_t *start, uint64_t *end)
{
    extent(elf, false, start, end);
}

struct bytes elf64_flatten(struct arena *arena, const struct elf64 *elf)
{
    uint64_t start, end;
    uint8_t *data;

    elf64_virtual(elf, &start, &end);
    start &= ~(PAGE - 1);
    end = align_up(end, PAGE);
    data = arena_alloc(arena, end - start);
    for (unsigned i = 0; i < elf->header->e_phnum; i++) {
        const Elf64_Phdr *segment = &elf->segments[i];

        if (segment->p_type == PT_LOAD && segment->p_filesz > 0) {
            memcpy(data + (segment->p_vaddr - start), elf->file.data + segment->p_offset,
                   segment->p_filesz);
        }
    }
    return (struct bytes){.data = data, .size = end - start};
}

struct bytes elf64_trim(struct arena *arena, const struct elf64 *elf)
{
    uint64_t end = elf->header->e_phoff + elf->header->e_phnum * sizeof(Elf64_Phdr);
    Elf64_Ehdr *header;

    for (unsigned i = 0; i < elf->header->e_phnum; i++) {
        const Elf64_Phdr *segment = &elf->segments[i];

        if (segment->p_type == PT_LOAD && segment->p_offset + segment->p_filesz > end) {
            end = segment->p_offset + segment->p_filesz;
        }
    }
    header = (Elf64_Ehdr *)arena_text(arena, (const char *)elf->file.data, end);
    header->e_shoff = 0;
    header->e_shnum = 0;
    header->e_shstrndx = SHN_UNDEF;
    return (struct bytes){.data = (const uint8_t *)header, .size = end};
}
