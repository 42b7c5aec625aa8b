/* SPDX-License-Identifier: BSD-2-Clause */
/* Sleeping on one core by the virtual timer and WFI. */
#ifndef TEST_GUEST_SLEEP_H
#define TEST_GUEST_SLEEP_H

#include <stdbool.h>
#include <stdint.h>

/* Sets up the interrupt controller and the timer's interrupt, which nothing else may use then.
 * False: there is no GIC, and a line says so. */
bool sleep_init(void);

/* Sleeps until the counter has reached `when`. Returns how many ticks later it runs again. */
uint64_t sleep_until(uint64_t when);

#endif
