/* SPDX-License-Identifier: BSD-2-Clause */
#include "image.h"

#include <bulkhead/payload.h>
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE UINT64_C(4096)

/* Linux arm64 Image header, Documentation/arm64/booting.rst. */
#define HEADER_SIZE  64u
#define HEADER_TEXT  8u
#define HEADER_IMAGE 16u
#define HEADER_MAGIC 56u
#define HEADER_PE    60u /* where the PE header is */

/* Headers of an EFI application: Microsoft PE format, "COFF File Header", "Optional Header",
 * "Section Table". Offsets from the PE signature, in the optional header, and in a section's. */
#define PE_SECTION_COUNT    6u
#define PE_OPTIONAL_SIZE    20u
#define PE_OPTIONAL         24u
#define OPTIONAL_DATA_SIZE  8u
#define OPTIONAL_IMAGE_SIZE 56u
#define OPTIONAL_LEAST      60u /* as much of it as is needed here */
#define SECTION_MEMORY_SIZE 8u
#define SECTION_ADDRESS     12u
#define SECTION_FILE_SIZE   16u
#define SECTION_SIZE        40u

void image_pad(struct image *image, uint64_t align)
{
    image->size = align_up(image->size, align);
}

uint64_t image_add(struct arena *arena, struct image *image, struct bytes data, uint64_t align)
{
    struct image_piece *piece = arena_alloc(arena, sizeof(*piece));

    image_pad(image, align);
    piece->offset = image->size;
    piece->data = data;
    if (image->last == NULL) {
        image->first = piece;
    } else {
        image->last->next = piece;
    }
    image->last = piece;
    image->size += data.size;
    return piece->offset;
}

uint64_t image_join(struct arena *arena, struct image *image, const struct image *added,
                    uint64_t align)
{
    uint64_t start;

    image_pad(image, align);
    start = image->size;
    for (const struct image_piece *piece = added->first; piece != NULL; piece = piece->next) {
        image->size = start + piece->offset;
        image_add(arena, image, piece->data, 1);
    }
    image->size = start + added->size;
    return start;
}

static void store64(uint8_t *at, uint64_t value)
{
    value = htole64(value);
    memcpy(at, &value, sizeof(value));
}

static void store32(uint8_t *at, uint64_t value)
{
    uint32_t narrow = htole32((uint32_t)value);

    memcpy(at, &narrow, sizeof(narrow));
}

static uint64_t load(const uint8_t *at, size_t width)
{
    uint64_t value = 0;

    memcpy(&value, at, width);
    return le64toh(value);
}

/*
 * Tells both headers of the loader's first page that the boot image has `size` bytes; the last
 * section of the EFI application takes all of the payload. False if the headers make no sense.
 */
static bool fill_headers(uint8_t *loader, uint64_t loader_size, uint64_t size)
{
    uint64_t pe = load(loader + HEADER_PE, 4), sections, last, start;

    if (memcmp(loader, "MZ", 2) != 0 || pe + PE_OPTIONAL + OPTIONAL_LEAST > loader_size ||
        memcmp(loader + pe, "PE\0", 4) != 0) {
        return false;
    }
    sections = load(loader + pe + PE_SECTION_COUNT, 2);
    last = pe + PE_OPTIONAL + load(loader + pe + PE_OPTIONAL_SIZE, 2) + sections * SECTION_SIZE;
    if (sections == 0 || last > loader_size) {
        return false;
    }
    last -= SECTION_SIZE;
    start = load(loader + last + SECTION_ADDRESS, 4);
    if (start > loader_size) {
        return false;
    }
    store64(loader + HEADER_IMAGE, size);
    store32(loader + pe + PE_OPTIONAL + OPTIONAL_DATA_SIZE, size - start);
    store32(loader + pe + PE_OPTIONAL + OPTIONAL_IMAGE_SIZE, size);
    store32(loader + last + SECTION_MEMORY_SIZE, size - start);
    store32(loader + last + SECTION_FILE_SIZE, size - start);
    return true;
}

const char *image_boot(struct arena *arena, const struct image_parts *parts, struct image *boot)
{
    struct bh_payload *payload = arena_alloc(arena, sizeof(*payload));
    struct bytes loader = parts->loader,
                 payload_bytes = {(const uint8_t *)payload, sizeof(*payload)};
    uint64_t start;
    uint8_t *header;

    if (loader.size < HEADER_SIZE || memcmp(loader.data + HEADER_MAGIC, "ARM\x64", 4) != 0) {
        return "has no arm64 Image header; build Bulkhead again (make)";
    }
    header = (uint8_t *)arena_text(arena, (const char *)loader.data, loader.size);
    loader.data = header;
    image_add(arena, boot, loader, PAGE);
    start = image_add(arena, boot, payload_bytes, PAGE);
    payload->magic = htole64(BH_PAYLOAD_MAGIC);
    payload->version = htole32(BH_PAYLOAD_VERSION);
    payload->cores = htole32(parts->cores);
    payload->kernel_offset = htole64(image_add(arena, boot, parts->kernel, PAGE) - start);
    payload->kernel_size = htole64(parts->kernel.size);
    payload->user_offset = htole64(image_join(arena, boot, &parts->user, PAGE) - start);
    payload->user_size = htole64(parts->user.size);
    payload->user_vaddr = htole64(parts->user_vaddr);
    payload->user_entry = htole64(parts->user_entry);
    if (!fill_headers(header, loader.size, boot->size)) {
        return "is no EFI application; build Bulkhead again (make)";
    }
    return NULL;
}

void image_wrap_elf(struct arena *arena, const struct image *boot, uint64_t address,
                    struct image *elf)
{
    struct {
        Elf64_Ehdr header;
        Elf64_Phdr segment;
    } *head = arena_alloc(arena, sizeof(*head));

    memcpy(head->header.e_ident, ELFMAG, SELFMAG);
    head->header.e_ident[EI_CLASS] = ELFCLASS64;
    head->header.e_ident[EI_DATA] = ELFDATA2LSB;
    head->header.e_ident[EI_VERSION] = EV_CURRENT;
    head->header.e_type = htole16(ET_EXEC);
    head->header.e_machine = htole16(EM_AARCH64);
    head->header.e_version = htole32(EV_CURRENT);
    head->header.e_entry = htole64(address);
    head->header.e_phoff = htole64(sizeof(head->header));
    head->header.e_ehsize = htole16(sizeof(head->header));
    head->header.e_phentsize = htole16(sizeof(head->segment));
    head->header.e_phnum = htole16(1);
    head->segment.p_type = htole32(PT_LOAD);
    head->segment.p_flags = htole32(PF_R | PF_W | PF_X);
    head->segment.p_offset = htole64(PAGE);
    head->segment.p_vaddr = htole64(address);
    head->segment.p_paddr = htole64(address);
    head->segment.p_filesz = htole64(boot->size);
    head->segment.p_memsz = htole64(boot->size);
    head->segment.p_align = htole64(PAGE);
    image_add(arena, elf, (struct bytes){(const uint8_t *)head, sizeof(*head)}, 1);
    image_join(arena, elf, boot, PAGE);
}

static int write_at(int fd, const uint8_t *data, size_t size, uint64_t offset)
{
    while (size > 0) {
        ssize_t done = pwrite(fd, data, size, (off_t)offset);

        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return done < 0 ? errno : EIO;
        }
        data += done;
        size -= (size_t)done;
        offset += (uint64_t)done;
    }
    return 0;
}

static int write_pieces(int fd, const struct image *image)
{
    mode_t mask = umask(0);
    int error = 0;

    umask(mask);
    for (const struct image_piece *at = image->first; at != NULL && error == 0; at = at->next) {
        error = write_at(fd, at->data.data, at->data.size, at->offset);
    }
    if (error == 0 && (ftruncate(fd, (off_t)image->size) != 0 || fchmod(fd, 0666 & ~mask) != 0)) {
        error = errno;
    }
    return error;
}

int image_write(struct arena *arena, const struct image *image, const char *path)
{
    char *temporary = arena_printf(arena, "%s.XXXXXX", path);
    int fd = mkostemp(temporary, O_CLOEXEC), error;

    if (fd < 0) {
        return errno;
    }
    error = write_pieces(fd, image);
    if (close(fd) != 0 && error == 0) {
        error = errno;
    }
    if (error == 0 && rename(temporary, path) != 0) {
        error = errno;
    }
    if (error != 0) {
        unlink(temporary);
    }
    return error;
}
