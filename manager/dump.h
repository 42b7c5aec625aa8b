/* SPDX-License-Identifier: BSD-2-Clause */
/* The dump of what every domain has, in a form that a test can check (docs/description.md). */
#ifndef MANAGER_DUMP_H
#define MANAGER_DUMP_H

#include "vm.h"

/* Print all frames that are in somebody's address space, and in whose. */
void dump_frames(const struct vm *vm, unsigned vms, const struct board *board);

#endif
