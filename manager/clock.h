/* SPDX-License-Identifier: BSD-2-Clause */
/* The time of day, read once from the board's real-time clock. */
#ifndef MANAGER_CLOCK_H
#define MANAGER_CLOCK_H

#include <bulkhead/start.h>

#include "board.h"

/*
 * The time now, to a second. All zero, with a line that says why, if the clock cannot be read, and
 * without one if the board has none: guests' clocks then begin in 1970.
 */
struct bh_start_clock clock_read(const struct board *board);

#endif
