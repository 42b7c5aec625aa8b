/* SPDX-License-Identifier: BSD-2-Clause */
/* Devicetree sources on their way through dtc. */
#ifndef BULKHEAD_TOOL_SOURCE_H
#define BULKHEAD_TOOL_SOURCE_H

#include "dts.h"

/*
 * Reads the description `file`. Returns its tree, or NULL after one line that names file, line and
 * mend.
 */
struct dts_node *source_load(struct arena *arena, const char *file);

/*
 * Compiles the overlay source `file` into a blob. Returns false after one line that names file,
 * line and mend.
 */
bool source_compile(struct arena *arena, const char *file, struct bytes *blob);

#endif
