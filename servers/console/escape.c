/* SPDX-License-Identifier: BSD-2-Clause */
#include "escape.h"

enum escape_action escape_input(struct escape *escape, uint8_t byte, uint8_t *value)
{
    *value = byte;
    if (!escape->pending) {
        escape->pending = byte == ESCAPE_KEY;
        return escape->pending ? ESCAPE_NOTHING : ESCAPE_DELIVER;
    }
    escape->pending = false;
    if (byte >= '1' && byte <= '9') {
        *value = byte - '0';
        return ESCAPE_FOCUS;
    }
    switch (byte) {
    case ESCAPE_KEY:
        return ESCAPE_DELIVER;
    case 'n':
        return ESCAPE_NEXT;
    case 'm':
        return ESCAPE_MONITOR;
    case 'q':
        return ESCAPE_QUIT;
    default:
        return ESCAPE_HELP;
    }
}
