/* SPDX-License-Identifier: BSD-2-Clause */
/* More than one core. The MMU stays off on the others, so they share plain words and no locks. */
#ifndef TEST_GUEST_CORES_H
#define TEST_GUEST_CORES_H

#include <stdbool.h>

#define CORES_MAX 8u

/* Starts core n (1 to 7) in function, on a stack of its own. False: there is no such core, or it
 * runs already. */
bool core_start(unsigned n, void (*function)(void));

#endif
