/* SPDX-License-Identifier: BSD-2-Clause */
#include "plain.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BEL 0x07
#define SO  0x0e
#define SI  0x0f
#define ESC 0x1b

static bool between(char c, unsigned first, unsigned last)
{
    uint8_t byte = (uint8_t)c;

    return byte >= first && byte <= last;
}

/* A control sequence (ECMA-48, 5.4): ESC [, parameters, intermediates, a final byte. Returns that
 * if the parameters are numbers and nothing else is in it, else 0. */
static char control_sequence(const char *bytes, size_t size, size_t *length)
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
    return numbers ? bytes[at] : 0;
}

/* Length of a control string (ECMA-48, 5.6): ESC and one of P X ] ^ _, then anything up to ESC \,
 * or BEL as xterm has it. */
static size_t control_string(const char *bytes, size_t size)
{
    size_t at = 2;

    while (at < size && bytes[at] != BEL && bytes[at] != ESC) {
        at++;
    }
    if (at < size && bytes[at] == BEL) {
        return at + 1;
    }
    return at + 1 < size && bytes[at + 1] == '\\' ? at + 2 : at;
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
        return control_sequence(bytes, size, length) == 'm' ? *length : 0;
    }
    size_t character = utf8(bytes, size);

    *length = character > 0 ? character : 1;
    return character;
}

/* Of what begins with ESC, and is no colour. */
static size_t escape_again(const char *bytes, size_t size, size_t *length)
{
    static const char strings[] = {'P', 'X', ']', '^', '_'};
    size_t at = 1;

    if (size > 1 && bytes[1] == '[') {
        char final = control_sequence(bytes, size, length);

        return final != 0 && strchr("@ABCDGJKPX", final) ? *length : 0;
    }
    if (size > 1 && memchr(strings, bytes[1], sizeof(strings))) {
        *length = control_string(bytes, size);
        return 0;
    }
    /* An escape sequence with intermediates (ECMA-35, 13.2.1) chooses a character set. */
    while (at < size && between(bytes[at], 0x20, 0x2f)) {
        at++;
    }
    *length = at < size ? at + 1 : at;
    return at > 1 && at < size ? *length : 0;
}

size_t plain_again(const char *bytes, size_t size, size_t *length)
{
    size_t text = plain_next(bytes, size, length);

    if (text > 0) {
        return text;
    }
    if (bytes[0] == ESC) {
        return escape_again(bytes, size, length);
    }
    return bytes[0] == '\b' || bytes[0] == '\r' || bytes[0] == SO || bytes[0] == SI;
}
