/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding files in an archive (archive.h). Nothing in the archive is trusted. */
#ifndef BULKHEAD_ARCHIVE_READER_H
#define BULKHEAD_ARCHIVE_READER_H

#include <bulkhead/archive.h>
#include <stdbool.h>
#include <stddef.h>

struct bh_archive {
    const uint8_t *base;
    uint64_t size; /* bytes that may be touched */
    uint32_t count;
};

/* One file; data is 4 KiB aligned if the archive is. The name is NUL terminated. */
struct bh_archive_file {
    const char *name;
    const void *data;
    uint64_t size;
};

/* Check header and every entry against `available` bytes from base on (8-byte aligned). Returns
 * false, and leaves *archive empty, if anything does not fit. */
bool bh_archive_open(struct bh_archive *archive, const void *base, uint64_t available);

/* The file of that exact name; false if there is none. */
bool bh_archive_find(const struct bh_archive *archive, const char *name,
                     struct bh_archive_file *file);

/* File number index, 0..count-1; false beyond. */
bool bh_archive_entry_at(const struct bh_archive *archive, uint32_t index,
                         struct bh_archive_file *file);

#endif
