/* SPDX-License-Identifier: BSD-2-Clause */
#include "plain.h"

#include <stdint.h>

#define ENQ 0x05
#define ESC 0x1b

static bool between(char c, unsigned first, unsigned last)
{
    uint8_t byte = (uint8_t)c;

    return byte >= first && byte <= last;
}

/* A control sequence (ECMA-48, 5.4): ESC [, parameters, intermediates, a final byte. */
static size_t control_sequence(const char *bytes, size_t size, size_t *length)
{
    size_t at = 2;
    bool numbers = true;

    while (at < size && between(bytes[at], 0x30, 0x3f)) {
        numbers = numbers && between(bytes[at], '0', ';');
        at++;
    }
    while (at < size && between(bytes[at], 0x20, 0x2f)) {
        numbers = false;
        at++;
    }
    if (at == size || !between(bytes[at], 0x40, 0x7e)) {
        *length = at;
        return 0;
    }
    *length = at + 1;
    return numbers && bytes[at] == 'm' ? *length : 0;
}

/* Length of a well-formed UTF-8 character of two bytes or more (RFC 3629) that is no control
 * character (U+0080 to U+009F); 0 if it is not one. */
static size_t utf8(const char *bytes, size_t size)
{
    uint8_t lead = (uint8_t)bytes[0];
    size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    unsigned least = lead == 0xc2 || lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;

    if (lead < 0xc2 || lead > 0xf4 || size < length || (uint8_t)bytes[1] < least) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (!between(bytes[i], 0x80, 0xbf)) {
            return 0;
        }
    }
    return length;
}

size_t plain_next(const char *bytes, size_t size, size_t *length)
{
    *length = 1;
    if (between(bytes[0], ' ', '~') || bytes[0] == '\t') {
        return 1;
    }
    if (bytes[0] == ESC && size > 1 && bytes[1] == '[') {
        return control_sequence(bytes, size, length);
    }
    size_t character = utf8(bytes, size);

    *length = character > 0 ? character : 1;
    return character;
}

bool plain_asks(const char *bytes, size_t length)
{
    char last = bytes[length - 1];

    return bytes[0] == ENQ ||
           (bytes[0] == ESC && (last == 'c' || last == 'n' || last == 't' || last == 'x'));
}
