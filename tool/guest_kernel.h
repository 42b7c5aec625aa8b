/* SPDX-License-Identifier: BSD-2-Clause */
/* What a VM can boot: Linux arm64 Image, plain or gzip'd, ELF, flat binary. */
#ifndef BULKHEAD_TOOL_GUEST_KERNEL_H
#define BULKHEAD_TOOL_GUEST_KERNEL_H

#include "util.h"

#define GUEST_FLAT_BASE UINT64_C(0x80000) /* of a flat binary, from the start of RAM */

/*
 * Examines the kernel `file` (read from `path`) for a VM that boots in `memory` bytes of RAM at
 * `base`. `end` becomes
 * the number of bytes of RAM up to the end of the kernel with its bss. Returns NULL, or what is
 * wrong and how to mend it.
 */
const char *guest_kernel_check(struct arena *arena, const char *path, struct bytes file,
                               uint64_t base, uint64_t memory, uint64_t *end);

#endif
