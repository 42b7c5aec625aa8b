/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys that are for the console and not for the guest: Ctrl-] and one more. Pure.
 *
 *   Ctrl-] n        focus on the next VM
 *   Ctrl-] 1 ... 9  focus on that VM
 *   Ctrl-] m        the manager's monitor
 *   Ctrl-] q        stop all VMs and switch off
 *   Ctrl-] ?        say what there is
 *   Ctrl-] Ctrl-]   the key itself
 */
#ifndef CONSOLE_ESCAPE_H
#define CONSOLE_ESCAPE_H

#include <stdbool.h>
#include <stdint.h>

#define ESCAPE_KEY 0x1du /* Ctrl-] */

struct escape {
    bool pending; /* the key was seen */
};

enum escape_action {
    ESCAPE_NOTHING,
    ESCAPE_DELIVER, /* value: the byte */
    ESCAPE_NEXT,
    ESCAPE_FOCUS, /* value: 1 ... 9 */
    ESCAPE_MONITOR,
    ESCAPE_QUIT,
    ESCAPE_HELP,
};

/* What byte means; *value as said. */
enum escape_action escape_input(struct escape *escape, uint8_t byte, uint8_t *value);

#endif
