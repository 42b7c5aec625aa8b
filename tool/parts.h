/* SPDX-License-Identifier: BSD-2-Clause */
/* Where Bulkhead's own programs and sources are. */
#ifndef BULKHEAD_TOOL_PARTS_H
#define BULKHEAD_TOOL_PARTS_H

#include "util.h"

#define PARTS_PROGRAMS 3u

struct parts {
    const char *folder;
    const char *loader_path, *manager_path, *kernel_path;
    const char *program_paths[PARTS_PROGRAMS];
    uint32_t kernel_cores; /* how many the kernel is entered on, 0 = all that the board has */
};

/* Names of the programs in the archive. */
extern const char *const parts_programs[PARTS_PROGRAMS];

/*
 * Finds the programs in $BULKHEAD_PARTS or else in the build folder that this program lies in.
 * `kernel` replaces the bundled kernel unless it is NULL. Returns false after one line.
 */
bool parts_find(struct arena *arena, const char *kernel, struct parts *parts);

/* The guest `name` that is built with Bulkhead, beside those programs. Returns NULL if it is not
 * there. */
const char *parts_guest(struct arena *arena, const char *name);

/*
 * The file `name` of Bulkhead's source tree: in $BULKHEAD_ROOT, or else above this program, or else
 * where it was built. Returns NULL if it is not there.
 */
const char *parts_source(struct arena *arena, const char *name);

#endif
