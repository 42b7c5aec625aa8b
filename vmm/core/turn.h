/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vCPUs without limit that share a core at the same priority take turns: when one's turn is over,
 * the kernel puts it behind the others. But if the turn is over while its VMM thread runs, which
 * has a higher priority, then it is the thread that is put behind others of that priority, and
 * there are none: the vCPU would have another turn at once. A guest that exits all the time would
 * have all of them. So its VMM thread ends the turn itself, just before the kernel does.
 */
#ifndef VMM_CORE_TURN_H
#define VMM_CORE_TURN_H

#include <stdbool.h>

#include "core/vcpu.h"

/* Length of the vCPU's turns in ticks of the system counter; 0 = it takes none (a reservation). On
 * its thread, or before that runs. */
void turn_init(struct vcpu *vcpu, uint64_t ticks);

/* now (a stamp) is not below turn_end. Returns true if time has passed: the turn has been given. */
bool turn_over(struct vcpu *vcpu, uint64_t now);

#endif
