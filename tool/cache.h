/* SPDX-License-Identifier: BSD-2-Clause */
/* Boot images that `run` made before. */
#ifndef BULKHEAD_TOOL_CACHE_H
#define BULKHEAD_TOOL_CACHE_H

#include "parts.h"
#include "system.h"

/*
 * The name of an up-to-date boot image of `system`, an ELF file in the cache folder. Builds it,
 * with a progress line, if anything it is made of has changed since it was built. Returns NULL
 * after one line.
 */
const char *cache_image(struct arena *arena, const struct system *system,
                        const struct parts *parts);

#endif
