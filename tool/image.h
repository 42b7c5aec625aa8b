/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are put together from pieces, and the wrappings of a boot image. */
#ifndef BULKHEAD_TOOL_IMAGE_H
#define BULKHEAD_TOOL_IMAGE_H

#include "util.h"

struct image_piece {
    uint64_t offset;
    struct bytes data;
    struct image_piece *next;
};

/* Pieces in ascending order; what lies between them is zero. Start with an all-zero struct. */
struct image {
    struct image_piece *first, *last;
    uint64_t size;
};

enum image_format {
    IMAGE_ELF, /* for QEMU's -kernel */
    IMAGE_RAW, /* as it is: a Linux arm64 Image and an EFI application at once */
};

/* Puts `data` at the next multiple of `align` and returns its offset. The data is not copied. */
uint64_t image_add(struct arena *arena, struct image *image, struct bytes data, uint64_t align);

/* Grows the image to a multiple of `align`. */
void image_pad(struct image *image, uint64_t align);

/* Puts all pieces of `added` at the next multiple of `align` and returns its offset. */
uint64_t image_join(struct arena *arena, struct image *image, const struct image *added,
                    uint64_t align);

/* What a boot image is made of. */
struct image_parts {
    struct bytes loader; /* flat binary with headers of an arm64 Image and an EFI application */
    struct bytes kernel; /* ELF file */
    struct image user;   /* manager and archive */
    uint64_t user_vaddr; /* of its first byte */
    uint64_t user_entry; /* virtual address */
    uint32_t cores;      /* how many the kernel is entered on, 0 = all that the board has */
};

/*
 * Puts the parts and a payload header together and fills in the size in the loader's headers, which
 * have 32 bits for it. Returns NULL or what is wrong with the loader.
 */
const char *image_boot(struct arena *arena, const struct image_parts *parts, struct image *boot);

/* Wraps the boot image `boot` into an ELF file with one segment, loaded and entered at `address`.
 */
void image_wrap_elf(struct arena *arena, const struct image *boot, uint64_t address,
                    struct image *elf);

/*
 * Writes the image to `path`: whole or not at all, the old file staying until the new one is
 * complete. Returns 0 or an errno value.
 */
int image_write(struct arena *arena, const struct image *image, const char *path);

#endif
