/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of C11's <stdlib.h> that programs on the board have. There is no heap. */
#ifndef BULKHEAD_LIBC_STDLIB_H
#define BULKHEAD_LIBC_STDLIB_H

#include <stddef.h>

/* base 0 or 2..36; saturates at ULONG_MAX. There is no errno. */
unsigned long strtoul(const char *restrict s, char **restrict end, int base);

/* Stops the thread with a fault that its fault handler sees. */
_Noreturn void abort(void);

#endif
