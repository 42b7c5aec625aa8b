/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that the manager takes besides what a description names. */
#ifndef BULKHEAD_TOOL_OVERHEAD_H
#define BULKHEAD_TOOL_OVERHEAD_H

#include <stdint.h>

#include "system.h"

/* For a VM, in bytes: its VMM, kernel objects, page tables and capabilities; while it starts, also
 * those for its files, whose sizes count as 0 before guest_files(). */
uint64_t overhead_vm(const struct system *system, const struct vm *vm);

/* For all windows, in bytes: the manager's capabilities to their pages. */
uint64_t overhead_windows(const struct system *system);

#endif
