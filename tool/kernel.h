/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the loader could start a kernel: by its own rules, before there is an image. */
#ifndef BULKHEAD_TOOL_KERNEL_H
#define BULKHEAD_TOOL_KERNEL_H

#include "board.h"
#include "image.h"

/* Looks at parts->kernel with the other parts beside it. Returns NULL or what is wrong. */
const char *kernel_check(struct arena *arena, const struct board *board,
                         const struct image_parts *parts);

#endif
