/* SPDX-License-Identifier: BSD-2-Clause */
/* From a checked description to a boot image. */
#ifndef BULKHEAD_TOOL_BUILD_H
#define BULKHEAD_TOOL_BUILD_H

#include "image.h"
#include "parts.h"
#include "system.h"

/* Writes the boot image of `system` to `path`. Returns false after one line, nothing written. */
bool build_image(struct arena *arena, const struct system *system, const struct parts *parts,
                 enum image_format format, const char *path);

#endif
