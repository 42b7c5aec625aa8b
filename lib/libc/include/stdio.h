/* SPDX-License-Identifier: BSD-2-Clause */
/* Formatting into memory: the only part of <stdio.h> that programs on the board have. */
#ifndef BULKHEAD_LIBC_STDIO_H
#define BULKHEAD_LIBC_STDIO_H

#include <stdarg.h>
#include <stddef.h>

/*
 * As in C11, for %d %i %u %x %X %c %s %p %% with hh, h, l, ll, z, j and t, the flags '0' and '-', a
 * width and, for strings, a precision (both also as '*'). Anything else is copied as it stands.
 * Returns the length the whole text would have.
 */
int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
    __attribute__((format(printf, 3, 4)));
int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
