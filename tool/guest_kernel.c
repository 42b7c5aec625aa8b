/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest_kernel.h"

#include <bulkhead/elf.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "elf64.h"
#include "process.h"

#define MIB (UINT64_C(1) << 20)

/* Header of an arm64 Image: Linux, Documentation/arm64/booting.rst. */
#define IMAGE_HEADER_SIZE 64u
#define IMAGE_TEXT_OFFSET 8u
#define IMAGE_SIZE        16u
#define IMAGE_FLAGS       24u
#define IMAGE_FLAG_BE     1u
#define IMAGE_MAGIC       56u
#define IMAGE_PE_OFFSET   60u

/* COFF header and section table: Microsoft PE format, "COFF File Header", "Section Table". */
#define PE_HEADER_SIZE      24u
#define PE_SECTION_COUNT    6u
#define PE_OPTIONAL_SIZE    20u
#define PE_SECTION_SIZE     40u
#define PE_SECTION_RAW_SIZE 16u
#define PE_SECTION_RAW      20u

/* Files that are mistaken for a kernel of ours. */
static const struct {
    size_t offset;
    const char *magic;
    size_t length;
    const char *what;
} strangers[] = {
    {0x202, "HdrS", 4, "is an x86 kernel; name one for arm64"},
    {0x24, "\x18\x28\x6f\x01", 4, "is a kernel for 32-bit Arm; name one for arm64"},
    {0x38, "RISCV", 5, "is a RISC-V kernel; name one for arm64"},
    {0x04, "zimg", 4, "is a compressed EFI program; name the Image inside it"},
    {0, "\xd0\x0d\xfe\xed", 4, "is a devicetree; name a kernel"},
    {0, "!<arch>\n", 8, "is a package; name the kernel file inside it"},
    {0,
     "\xfd"
     "7zXZ",
     5, "is xz-compressed; unpack it first"},
    {0, "070701", 6, "is an initial RAM disk; name a kernel"},
};

static uint64_t load(struct bytes file, size_t offset, size_t width)
{
    uint64_t value = 0;

    memcpy(&value, file.data + offset, width);
    return le64toh(value);
}

static bool has(struct bytes file, size_t offset, const char *magic, size_t length)
{
    return file.size >= offset + length && memcmp(file.data + offset, magic, length) == 0;
}

/*
 * A Linux Image is also a PE file, whose section table tells how long the file must be; without
 * that nothing does. Returns 0 if there is no such table.
 */
static uint64_t pe_file_size(struct bytes file)
{
    uint64_t pe = load(file, IMAGE_PE_OFFSET, 4), table, size = 0;
    uint64_t count;

    if (!has(file, 0, "MZ", 2) || file.size < PE_HEADER_SIZE || pe > file.size - PE_HEADER_SIZE ||
        !has(file, pe, "PE\0", 4)) {
        return 0;
    }
    count = load(file, pe + PE_SECTION_COUNT, 2);
    table = pe + PE_HEADER_SIZE + load(file, pe + PE_OPTIONAL_SIZE, 2);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = table + i * PE_SECTION_SIZE, end;

        if (at + PE_SECTION_SIZE > file.size) {
            break;
        }
        end = load(file, at + PE_SECTION_RAW, 4) + load(file, at + PE_SECTION_RAW_SIZE, 4);
        size = end > size ? end : size;
    }
    return size;
}

static const char *check_image(struct arena *arena, struct bytes file, uint64_t *end)
{
    uint64_t text_offset = load(file, IMAGE_TEXT_OFFSET, 8);
    uint64_t image_size = load(file, IMAGE_SIZE, 8);
    uint64_t wanted = pe_file_size(file);

    if (file.size < wanted) {
        return arena_printf(
            arena, "is truncated: it has %zu bytes, its header says %" PRIu64 "; fetch it again",
            file.size, wanted);
    }
    if (load(file, IMAGE_FLAGS, 8) & IMAGE_FLAG_BE) {
        return "is a big-endian kernel; name a little-endian one";
    }
    /* Kernels before 3.17 left image_size 0 and were entered at 0x80000. */
    if (image_size == 0) {
        text_offset = GUEST_FLAT_BASE;
        image_size = file.size;
    }
    if (text_offset >= 2 * MIB || image_size > 1024 * MIB) {
        return "has a damaged arm64 Image header; fetch it again";
    }
    *end = text_offset + (image_size > file.size ? image_size : file.size);
    return NULL;
}

/* What the VMM, which loads the file, says of it besides (vmm/core/boot.c). */
static const char *check_segments(struct arena *arena, struct bytes file)
{
    struct bh_elf elf;
    enum bh_elf_result result = bh_elf_open(&elf, file.data, file.size, BH_ELF_MACHINE_AARCH64);

    if (result != BH_ELF_OK) {
        return arena_printf(arena,
                            "%s; link it anew, with %u segments at most in the order of their "
                            "addresses",
                            bh_elf_result_text(result), BH_ELF_MAX_SEGMENTS);
    }
    for (uint32_t i = 0; i < elf.segments; i++) {
        if (elf.entry - elf.segment[i].vaddr < elf.segment[i].memory_size) {
            return NULL;
        }
    }
    return "has its entry point outside its segments; link it with one that it loads";
}

static const char *check_elf(struct arena *arena, struct bytes file, uint64_t base, uint64_t memory,
                             uint64_t *end)
{
    struct elf64 elf;
    const char *wrong = elf64_open(file, &elf);
    uint64_t start;

    if (wrong != NULL) {
        return arena_printf(arena, "%s; name a kernel for arm64 that is complete", wrong);
    }
    elf64_physical(&elf, &start, end);
    if (start < base || *end > base + memory) {
        return arena_printf(arena,
                            "loads at 0x%" PRIx64 " to 0x%" PRIx64
                            ", outside the VM's RAM (0x%" PRIx64 " to 0x%" PRIx64
                            "); link it inside or raise \"memory\"",
                            start, *end, base, base + memory);
    }
    *end -= base;
    return check_segments(arena, file);
}

static const char *unpack(struct arena *arena, const char *path, struct bytes *file)
{
    const char *const argv[] = {"gzip", "-dc", "--", path, NULL};
    struct process_result result;
    int error = process_run(arena, argv, false, &result);

    if (error == EFBIG) {
        return "unpacks to more than 256 MiB, which no kernel is; name another file";
    }
    if (error != 0 || result.status == PROCESS_NOT_FOUND) {
        return "cannot be unpacked: gzip does not start; apt-get install gzip";
    }
    /* 2 is a warning: bytes behind the compressed data. */
    if (result.status != 0 && result.status != 2) {
        return "is truncated or damaged: gzip cannot unpack it; fetch it again";
    }
    *file = result.output;
    return NULL;
}

const char *guest_kernel_check(struct arena *arena, const char *path, struct bytes file,
                               uint64_t base, uint64_t memory, uint64_t *end)
{
    bool packed = false;

    if (has(file, 0, "\x1f\x8b", 2)) {
        const char *wrong = unpack(arena, path, &file);

        if (wrong != NULL) {
            return wrong;
        }
        packed = true;
    }
    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
        if (has(file, strangers[i].offset, strangers[i].magic, strangers[i].length)) {
            return strangers[i].what;
        }
    }
    if (file.size >= IMAGE_HEADER_SIZE && has(file, IMAGE_MAGIC, "ARM\x64", 4)) {
        return check_image(arena, file, end);
    }
    if (packed) {
        return "is packed, but no arm64 Image; unpack it first";
    }
    if (elf64_is(file)) {
        return check_elf(arena, file, base, memory, end);
    }
    if (has(file, 0, "MZ", 2) && file.size < IMAGE_HEADER_SIZE) {
        return "is truncated: its header is not complete; fetch it again";
    }
    *end = GUEST_FLAT_BASE + file.size;
    return NULL;
}
