/* SPDX-License-Identifier: BSD-2-Clause */
/* What VMs see at their guest-physical addresses: banks of RAM and windows. */
#ifndef BULKHEAD_TOOL_LAYOUT_H
#define BULKHEAD_TOOL_LAYOUT_H

#include "system.h"

/* Reads the node /windows, if there is one. Returns false after one line. */
bool layout_windows(struct arena *arena, struct system *system);

/* Reads banks and windows of a VM whose properties have been read, and checks that they lie where
 * they may and beside each other. The bank that the VM boots in comes first. Returns false after
 * one line. */
bool layout_read(struct arena *arena, struct system *system, struct vm *vm);

/* Checks how all VMs together use the windows. Returns false after one line. */
bool layout_check(const struct system *system);

/* Bytes of all windows. */
uint64_t layout_shared(const struct system *system);

#endif
