/* SPDX-License-Identifier: BSD-2-Clause */
#include <bulkhead/elf.h>
#include <string.h>

#define CLASS_64      2
#define DATA_LITTLE   1
#define TYPE_EXEC     2
#define TYPE_DYN      3 /* position independent */
#define SEGMENT_LOAD  1
#define IDENT_CLASS   4
#define IDENT_DATA    5
#define IDENT_VERSION 6

struct elf_header {
    uint8_t ident[16];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    uint64_t entry;
    uint64_t phoff;
    uint64_t shoff;
    uint32_t flags;
    uint16_t ehsize;
    uint16_t phentsize;
    uint16_t phnum;
    uint16_t shentsize;
    uint16_t shnum;
    uint16_t shstrndx;
};

struct elf_phdr {
    uint32_t type;
    uint32_t flags;
    uint64_t offset;
    uint64_t vaddr;
    uint64_t paddr;
    uint64_t filesz;
    uint64_t memsz;
    uint64_t align;
};

_Static_assert(sizeof(struct elf_header) == 64, "ELF header layout");
_Static_assert(sizeof(struct elf_phdr) == 56, "program header layout");

static bool is_elf64(const struct elf_header *header)
{
    static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'};

    return memcmp(header->ident, magic, sizeof(magic)) == 0 &&
           header->ident[IDENT_CLASS] == CLASS_64 && header->ident[IDENT_DATA] == DATA_LITTLE &&
           header->ident[IDENT_VERSION] == 1 &&
           (header->type == TYPE_EXEC || header->type == TYPE_DYN);
}

static enum bh_elf_result add_segment(struct bh_elf *elf, const uint8_t *data, size_t size,
                                      const struct elf_phdr *phdr)
{
    if (phdr->offset > size || phdr->filesz > size - phdr->offset) {
        return BH_ELF_TRUNCATED;
    }
    if (phdr->filesz > phdr->memsz || phdr->vaddr + phdr->memsz < phdr->vaddr ||
        phdr->paddr + phdr->memsz < phdr->paddr) {
        return BH_ELF_BAD_SEGMENT;
    }
    if (phdr->memsz == 0) {
        return BH_ELF_OK;
    }
    if (elf->segments == BH_ELF_MAX_SEGMENTS) {
        return BH_ELF_NO_SEGMENT;
    }
    if (elf->segments > 0) {
        const struct bh_elf_segment *last = &elf->segment[elf->segments - 1];
        if (phdr->vaddr < last->vaddr + last->memory_size) {
            return BH_ELF_OVERLAP;
        }
    }
    elf->segment[elf->segments++] = (struct bh_elf_segment){
        .data = data + phdr->offset,
        .file_size = phdr->filesz,
        .memory_size = phdr->memsz,
        .vaddr = phdr->vaddr,
        .paddr = phdr->paddr,
        .flags = phdr->flags & (BH_ELF_EXECUTE | BH_ELF_WRITE | BH_ELF_READ),
    };
    return BH_ELF_OK;
}

static enum bh_elf_result read_segments(struct bh_elf *elf, const uint8_t *data, size_t size,
                                        const struct elf_header *header)
{
    if (header->phentsize != sizeof(struct elf_phdr)) {
        return BH_ELF_NOT_ELF;
    }
    if (header->phoff > size || header->phnum > (size - header->phoff) / sizeof(struct elf_phdr)) {
        return BH_ELF_TRUNCATED;
    }
    for (uint16_t i = 0; i < header->phnum; i++) {
        struct elf_phdr phdr;
        memcpy(&phdr, data + header->phoff + i * sizeof(phdr), sizeof(phdr));
        if (phdr.type != SEGMENT_LOAD) {
            continue;
        }
        enum bh_elf_result result = add_segment(elf, data, size, &phdr);
        if (result != BH_ELF_OK) {
            return result;
        }
    }
    return elf->segments > 0 ? BH_ELF_OK : BH_ELF_NO_SEGMENT;
}

enum bh_elf_result bh_elf_open(struct bh_elf *elf, const void *data, size_t size, uint16_t machine)
{
    struct elf_header header;

    memset(elf, 0, sizeof(*elf));
    if (size < sizeof(header)) {
        return BH_ELF_NOT_ELF;
    }
    memcpy(&header, data, sizeof(header));
    if (!is_elf64(&header)) {
        return BH_ELF_NOT_ELF;
    }
    if (header.machine != machine) {
        return BH_ELF_WRONG_MACHINE;
    }
    elf->entry = header.entry;
    return read_segments(elf, data, size, &header);
}

const char *bh_elf_result_text(enum bh_elf_result result)
{
    switch (result) {
    case BH_ELF_OK:
        return "is sound";
    case BH_ELF_NOT_ELF:
        return "is not a 64-bit ELF executable";
    case BH_ELF_WRONG_MACHINE:
        return "is for another processor";
    case BH_ELF_TRUNCATED:
        return "is truncated";
    case BH_ELF_BAD_SEGMENT:
        return "has a segment of impossible size";
    case BH_ELF_OVERLAP:
        return "has segments that overlap or are out of order";
    case BH_ELF_NO_SEGMENT:
        return "has no segment to load, or too many";
    }
    return "is unknown";
}
