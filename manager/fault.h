/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MANAGER_FAULT_H
#define MANAGER_FAULT_H

#include "event.h"

/* Report the fault of a thread: its name (e.g. "vm debian: VMM thread 0") and its TCB. */
void fault_report(const char *who, seL4_CPtr tcb, const struct event *event);

#endif
