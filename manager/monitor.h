/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The monitor: what the user types at the console for the manager.
 */
#ifndef MANAGER_MONITOR_H
#define MANAGER_MONITOR_H

#include "vm.h"

/* Read what the console has sent and do it. vms: how many there are. */
void monitor_input(struct vm *vm, unsigned vms, const struct vm_host *host);

#endif
