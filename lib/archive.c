/* SPDX-License-Identifier: BSD-2-Clause */
#include <bulkhead/archive_reader.h>
#include <string.h>

static const struct bh_archive_entry *entries(const struct bh_archive *archive)
{
    return (const struct bh_archive_entry *)(archive->base + sizeof(struct bh_archive_header));
}

static bool entry_valid(const struct bh_archive_entry *entry, uint64_t first, uint64_t size)
{
    return entry->name[0] != '\0' && memchr(entry->name, '\0', sizeof(entry->name)) != NULL &&
           entry->offset % BH_ARCHIVE_ALIGN == 0 && entry->offset >= first &&
           entry->offset <= size && entry->size <= size - entry->offset;
}

bool bh_archive_open(struct bh_archive *archive, const void *base, uint64_t available)
{
    struct bh_archive_header header;

    *archive = (struct bh_archive){0};
    if (available < sizeof(header)) {
        return false;
    }
    memcpy(&header, base, sizeof(header));
    if (header.magic != BH_ARCHIVE_MAGIC || header.version != BH_ARCHIVE_VERSION ||
        header.size > available || header.size < sizeof(header) ||
        header.size % BH_ARCHIVE_ALIGN != 0 ||
        header.count > (header.size - sizeof(header)) / sizeof(struct bh_archive_entry)) {
        return false;
    }
    struct bh_archive opened = {.base = base, .size = header.size, .count = header.count};
    uint64_t first = sizeof(header) + header.count * (uint64_t)sizeof(struct bh_archive_entry);
    for (uint32_t i = 0; i < header.count; i++) {
        if (!entry_valid(&entries(&opened)[i], first, header.size)) {
            return false;
        }
    }
    *archive = opened;
    return true;
}

bool bh_archive_entry_at(const struct bh_archive *archive, uint32_t index,
                         struct bh_archive_file *file)
{
    if (index >= archive->count) {
        return false;
    }
    const struct bh_archive_entry *entry = &entries(archive)[index];
    *file = (struct bh_archive_file){
        .name = entry->name, .data = archive->base + entry->offset, .size = entry->size};
    return true;
}

bool bh_archive_find(const struct bh_archive *archive, const char *name,
                     struct bh_archive_file *file)
{
    for (uint32_t i = 0; bh_archive_entry_at(archive, i, file); i++) {
        if (strcmp(file->name, name) == 0) {
            return true;
        }
    }
    *file = (struct bh_archive_file){0};
    return false;
}
