/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text of a VM that has not got the keyboard. Nothing in it may move the cursor, paint over others'
 * lines, or have the terminal answer, for the answer would be typed into the VM (or the monitor)
 * that has. What is left: printable characters, tabs, UTF-8, and colours (ECMA-48 SGR). Pure.
 */
#ifndef CONSOLE_PLAIN_H
#define CONSOLE_PLAIN_H

#include <stddef.h>

/* Looks at the first character or control sequence of size bytes (not 0). Returns how many bytes of
 * it may be shown, all or none; *length is its length, 1..size. */
size_t plain_next(const char *bytes, size_t size, size_t *length);

/* The same of what had the whole terminal and is shown a second time: what edits a line as well
 * (cursor, erasing, character sets), but nothing that a terminal answers. */
size_t plain_again(const char *bytes, size_t size, size_t *length);

#endif
