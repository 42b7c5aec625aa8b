/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/boot.h"

#include <bulkhead/elf.h>
#include <bulkhead/gunzip.h>
#include <stdio.h>
#include <string.h>

#include "core/guest_memory.h"

/* Header of an arm64 Image (Linux Documentation/arm64/booting.rst): little endian. */
#define IMAGE_HEADER      64u
#define IMAGE_TEXT_OFFSET 8u
#define IMAGE_SIZE        16u
#define IMAGE_FLAGS       24u
#define IMAGE_MAGIC_AT    56u
#define IMAGE_MAGIC       UINT32_C(0x644d5241) /* "ARM\x64" */
#define IMAGE_FLAG_BE     1u
#define IMAGE_OLD_OFFSET  UINT64_C(0x80000) /* of kernels that leave image_size 0 */

#define FLAT_OFFSET UINT64_C(0x80000) /* where QEMU's virt board puts a flat binary */
#define BASE_ALIGN  UINT64_C(0x200000)
#define PAGE        UINT64_C(0x1000)
#define DTB_ALIGN   UINT64_C(0x200000) /* arm64 maps it with one 2 MiB block */

static bool fail(struct boot_layout *layout, const char *what)
{
    snprintf(layout->error, sizeof(layout->error), "%s", what);
    return false;
}

static uint64_t read_le64(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (unsigned i = 8; i-- > 0;) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static bool is_image(const uint8_t *bytes, uint64_t size)
{
    return size >= IMAGE_HEADER && (uint32_t)read_le64(bytes + IMAGE_MAGIC_AT) == IMAGE_MAGIC;
}

static bool is_elf(const uint8_t *bytes, uint64_t size)
{
    return size >= 4 && memcmp(bytes, "\177ELF", 4) == 0;
}

/* Where an Image of the given header goes, and how much it covers with its bss. */
static bool image_range(const struct guest_bank *bank, const uint8_t *header, uint64_t size,
                        struct boot_layout *layout)
{
    uint64_t offset = read_le64(header + IMAGE_TEXT_OFFSET);
    uint64_t covers = read_le64(header + IMAGE_SIZE);
    if ((header[IMAGE_FLAGS] & IMAGE_FLAG_BE) != 0) {
        return fail(layout, "kernel Image is big endian");
    }
    if (covers == 0) { /* before Linux 3.17 */
        offset = IMAGE_OLD_OFFSET;
        covers = size;
    }
    uint64_t base = (bank->base + BASE_ALIGN - 1) & ~(BASE_ALIGN - 1);
    uint64_t skip = base - bank->base;
    covers = covers < size ? size : covers;
    if (skip >= bank->size || offset >= bank->size - skip || covers > bank->size - skip - offset) {
        return fail(layout, "kernel Image does not fit into the VM's memory");
    }
    layout->kernel = (struct boot_range){base + offset, covers};
    layout->entry = layout->kernel.base;
    return true;
}

static bool load_image(const struct guest_memory *memory, const uint8_t *bytes, uint64_t size,
                       struct boot_layout *layout)
{
    if (!image_range(&memory->bank[0], bytes, size, layout)) {
        return false;
    }
    guest_memory_write(memory, layout->kernel.base, bytes, size);
    return true;
}

static bool load_elf(const struct guest_memory *memory, const uint8_t *bytes, uint64_t size,
                     struct boot_layout *layout)
{
    struct bh_elf elf;
    enum bh_elf_result result = bh_elf_open(&elf, bytes, size, BH_ELF_MACHINE_AARCH64);
    if (result != BH_ELF_OK) {
        snprintf(layout->error, sizeof(layout->error), "kernel ELF %s", bh_elf_result_text(result));
        return false;
    }

    uint64_t low = UINT64_MAX;
    uint64_t high = 0;
    bool entry_mapped = false;
    for (unsigned i = 0; i < elf.segments; i++) {
        const struct bh_elf_segment *segment = &elf.segment[i];
        uint8_t *to = guest_memory_at(memory, segment->paddr, segment->memory_size);
        if (to == NULL) {
            return fail(layout, "kernel ELF has a segment outside the VM's memory");
        }
        memcpy(to, segment->data, segment->file_size);
        memset(to + segment->file_size, 0, segment->memory_size - segment->file_size);
        low = segment->paddr < low ? segment->paddr : low;
        high = segment->paddr + segment->memory_size > high ? segment->paddr + segment->memory_size
                                                            : high;
        /* The MMU is off at entry: a virtual entry point means its physical address. */
        if (elf.entry - segment->vaddr < segment->memory_size) {
            layout->entry = elf.entry - segment->vaddr + segment->paddr;
            entry_mapped = true;
        }
    }
    if (!entry_mapped) {
        return fail(layout, "kernel ELF has its entry point outside its segments");
    }
    layout->kernel = (struct boot_range){low, high - low};
    return true;
}

static bool load_flat(const struct guest_memory *memory, const uint8_t *bytes, uint64_t size,
                      struct boot_layout *layout)
{
    uint64_t base = memory->bank[0].base + FLAT_OFFSET;
    if (!guest_memory_write(memory, base, bytes, size)) {
        return fail(layout, "flat kernel does not fit into the VM's memory");
    }
    layout->kernel = (struct boot_range){base, size};
    layout->entry = base;
    return true;
}

/*
 * Unpack into guest RAM and look what it was. An Image is unpacked where it runs with the usual
 * text offset 0, and moved if its header wants another place.
 */
static bool load_gzip(const struct guest_memory *memory, const struct boot_blob *kernel,
                      void *workspace, struct boot_layout *layout)
{
    const struct guest_bank *bank = &memory->bank[0];
    uint64_t skip = ((bank->base + BASE_ALIGN - 1) & ~(BASE_ALIGN - 1)) - bank->base;
    size_t length = 0;
    if (skip >= bank->size) {
        return fail(layout, "the VM's memory is too small for a kernel");
    }
    uint8_t *to = bank->bytes + skip;
    switch (bh_gunzip(to, bank->size - skip, kernel->bytes, kernel->size, workspace, &length)) {
    case BH_GUNZIP_OK:
        break;
    case BH_GUNZIP_TOO_LARGE:
        return fail(layout, "unpacked kernel does not fit into the VM's memory");
    default:
        return fail(layout, "packed kernel is damaged or truncated");
    }

    if (!is_image(to, length)) {
        return fail(layout, "packed kernel is not an arm64 Image");
    }
    if (!image_range(bank, to, length, layout)) {
        return false;
    }
    uint8_t *final = guest_memory_at(memory, layout->kernel.base, layout->kernel.size);
    memmove(final, to, length);
    if (final > to) {
        uint64_t left = (uint64_t)(final - to);
        memset(to, 0, left < length ? left : length);
    }
    return true;
}

bool boot_load_kernel(const struct guest_memory *memory, const struct boot_blob *kernel,
                      void *workspace, struct boot_layout *layout)
{
    *layout = (struct boot_layout){.entry = 0};
    if (memory->banks == 0) {
        return fail(layout, "the VM has no memory");
    }
    if (kernel->size == 0) {
        return fail(layout, "the kernel is empty");
    }
    if (bh_is_gzip(kernel->bytes, kernel->size)) {
        return load_gzip(memory, kernel, workspace, layout);
    }
    if (is_image(kernel->bytes, kernel->size)) {
        return load_image(memory, kernel->bytes, kernel->size, layout);
    }
    if (is_elf(kernel->bytes, kernel->size)) {
        return load_elf(memory, kernel->bytes, kernel->size, layout);
    }
    return load_flat(memory, kernel->bytes, kernel->size, layout);
}

/* The highest aligned place of size bytes in [floor, ceiling). */
static bool place_below(uint64_t floor, uint64_t ceiling, uint64_t size, uint64_t align,
                        uint64_t *base)
{
    if (ceiling < floor || size > ceiling - floor) {
        return false;
    }
    *base = (ceiling - size) & ~(align - 1);
    return *base >= floor;
}

static const struct guest_bank *bank_of(const struct guest_memory *memory, uint64_t address)
{
    for (unsigned i = 0; i < memory->banks; i++) {
        if (address - memory->bank[i].base < memory->bank[i].size) {
            return &memory->bank[i];
        }
    }
    return NULL;
}

bool boot_place_rest(const struct guest_memory *memory, const struct boot_blob *initrd,
                     uint64_t room, struct boot_layout *layout)
{
    const struct guest_bank *bank = bank_of(memory, layout->kernel.base);
    if (bank == NULL) {
        return fail(layout, "the kernel is not in the VM's memory");
    }
    uint64_t floor = layout->kernel.base + layout->kernel.size;
    uint64_t ceiling = bank->base + bank->size;

    /* Small VMs cannot spare 2 MiB; 4 KiB inside one 2 MiB block does as well. */
    if (!place_below(floor, ceiling, room, DTB_ALIGN, &layout->devicetree) &&
        !place_below(floor, ceiling, room, PAGE, &layout->devicetree)) {
        return fail(layout, "no room for the devicetree above the kernel");
    }
    layout->devicetree_room = room;
    if (initrd->size == 0) {
        return true;
    }

    uint64_t at;
    if (!place_below(floor, layout->devicetree, initrd->size, PAGE, &at)) {
        return fail(layout, "no room for the initrd above the kernel");
    }
    guest_memory_write(memory, at, initrd->bytes, initrd->size);
    layout->initrd = (struct boot_range){at, initrd->size};
    return true;
}
