/* SPDX-License-Identifier: BSD-2-Clause */
/* The compiled description: what the manager reads. */
#ifndef BULKHEAD_TOOL_COMPILE_H
#define BULKHEAD_TOOL_COMPILE_H

#include "system.h"

/* The description as a devicetree blob, every default filled in and files named as in the archive.
 */
struct bytes compile_description(struct arena *arena, const struct system *system);

/* Name in the archive of a VM's file. */
const char *compile_file_name(struct arena *arena, const struct vm *vm, enum vm_file which);

#endif
