/* SPDX-License-Identifier: BSD-2-Clause */
/* Windows: memory that several guests share because the description says so. */
#ifndef MANAGER_SHARED_H
#define MANAGER_SHARED_H

#include <stdbool.h>

#include "description.h"

struct vm;

/* Take memory for all windows, for as long as the system runs. */
bool shared_create(const struct description *description);

/* Map a VM's windows into its guest and name them in the VMM's start block. */
bool shared_map(struct vm *vm);

/* Tell of each range of physical addresses, end excluded, that a window has. */
void shared_each_range(void (*tell)(const char *what, const char *name, uint64_t base,
                                    uint64_t end));

/* Capability slots that a VM needs for its windows, with page tables. */
uint64_t shared_slots(const struct vm_config *config);

#endif
