/* SPDX-License-Identifier: BSD-2-Clause */
/* Devicetree overlays for guests. */
#ifndef BULKHEAD_TOOL_OVERLAY_H
#define BULKHEAD_TOOL_OVERLAY_H

#include <stdint.h>

#include "util.h"

/* `file` begins as a compiled devicetree does. */
bool overlay_is_blob(struct bytes file);

/* Compiles the source file `path`. Returns false after one line. */
bool overlay_compile(struct arena *arena, const char *path, struct bytes *blob);

/*
 * Checks that `blob` is a sound overlay that needs no labels but those of the devicetree of a guest
 * with `cpus` vCPUs. Returns NULL, or what is wrong and how to mend it.
 */
const char *overlay_check(struct arena *arena, struct bytes blob, uint32_t cpus);

#endif
