/* SPDX-License-Identifier: BSD-2-Clause */
#include "archive.h"

#include <bulkhead/archive.h>
#include <endian.h>
#include <string.h>

/* The same bytes go in once, for all names that they have. */
static uint64_t place(struct arena *arena, const struct archive_file *files,
                      const struct bh_archive_entry *entries, uint32_t index, struct image *archive)
{
    for (uint32_t i = 0; i < index; i++) {
        if (files[i].data.data == files[index].data.data) {
            return entries[i].offset;
        }
    }
    return htole64(image_add(arena, archive, files[index].data, BH_ARCHIVE_ALIGN));
}

void archive_make(struct arena *arena, const struct archive_file *files, uint32_t count,
                  struct image *archive)
{
    size_t head_size = sizeof(struct bh_archive_header) + count * sizeof(struct bh_archive_entry);
    struct bh_archive_header *header = arena_alloc(arena, head_size);
    struct bh_archive_entry *entries = (struct bh_archive_entry *)(header + 1);

    image_add(arena, archive, (struct bytes){(const uint8_t *)header, head_size}, BH_ARCHIVE_ALIGN);
    for (uint32_t i = 0; i < count; i++) {
        strncpy(entries[i].name, files[i].name, BH_ARCHIVE_NAME_MAX - 1);
        entries[i].offset = place(arena, files, entries, i, archive);
        entries[i].size = htole64(files[i].data.size);
    }
    image_pad(archive, BH_ARCHIVE_ALIGN);
    header->magic = htole64(BH_ARCHIVE_MAGIC);
    header->version = htole32(BH_ARCHIVE_VERSION);
    header->count = htole32(count);
    header->size = htole64(archive->size);
}
