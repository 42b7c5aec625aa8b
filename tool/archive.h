/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the archive of lib/include/bulkhead/archive.h. */
#ifndef BULKHEAD_TOOL_ARCHIVE_H
#define BULKHEAD_TOOL_ARCHIVE_H

#include "image.h"

struct archive_file {
    const char *name; /* shorter than BH_ARCHIVE_NAME_MAX */
    struct bytes data;
};

/* The archive of the `count` files, in their order, as an image of its own.
 * Files with the same `data` share their place. */
void archive_make(struct arena *arena, const struct archive_file *files, uint32_t count,
                  struct image *archive);

#endif
