/* SPDX-License-Identifier: BSD-2-Clause */
#include "archive.h"

#include <bulkhead/archive_reader.h>

extern const uint8_t __image_end[]; /* root.ld: the archive lies right behind the image */

static struct {
    struct bh_archive archive;
    uintptr_t image; /* address of our image's first frame */
    seL4_SlotRegion frames;
} files;

bool archive_init(const seL4_BootInfo *info)
{
    uintptr_t image_end = (uintptr_t)info->ipcBuffer; /* the page behind the image */

    files.frames = info->userImageFrames;
    files.image = image_end - (files.frames.end - files.frames.start) * BH_ARCHIVE_ALIGN;
    return bh_archive_open(&files.archive, __image_end, image_end - (uintptr_t)__image_end);
}

bool archive_find(const char *name, struct archive_file *file)
{
    struct bh_archive_file found;

    if (!bh_archive_find(&files.archive, name, &found)) {
        return false;
    }
    *file = (struct archive_file){found.data, found.size};
    return true;
}

seL4_CPtr archive_frame(const void *address)
{
    uintptr_t page = ((uintptr_t)address - files.image) / BH_ARCHIVE_ALIGN;

    if ((uintptr_t)address < files.image || page >= files.frames.end - files.frames.start) {
        return 0;
    }
    return files.frames.start + page;
}
