/* SPDX-License-Identifier: BSD-2-Clause */
/* A controller that is set up as most tests of deliveries want it, and the lines that go into it.
 */
#ifndef TESTS_UNIT_VGIC_START_H
#define TESTS_UNIT_VGIC_START_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hw.h"

extern struct hw hw;

/* GICv2, everything enabled but the virtual timer, SPIs level-sensitive and targeted at vCPU 0. */
void start_v2(unsigned vcpus, unsigned lrs);

/* GICv3, one vCPU, SPIs 32..63 enabled; routes reset to vCPU 0. */
void start_v3(void);

/* A device sets a line, or sends an edge, on a vCPU's thread; then the guest goes on. */
void level(unsigned vcpu, unsigned intid, bool high);
void pulse(unsigned vcpu, unsigned intid);

#endif
