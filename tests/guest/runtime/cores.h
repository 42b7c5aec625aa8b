/* SPDX-License-Identifier: BSD-2-Clause */
/* More than one core. They start with the MMU off, and share plain words and no locks until they
 * have turned it on. */
#ifndef TEST_GUEST_CORES_H
#define TEST_GUEST_CORES_H

#include <stdbool.h>
#include <stdint.h>

#define CORES_MAX 8u

/* CPU_ON of core n (0 to 7) in function(argument), on a stack of its own. Returns what PSCI says.
 * Cores may do this for the same one at the same time. */
int64_t core_on(unsigned n, void (*function)(uint64_t argument), uint64_t argument);

/* Starts core n (1 to 7) in function. False: there is no such core, or it runs already. */
bool core_start(unsigned n, void (*function)(void));

#endif
