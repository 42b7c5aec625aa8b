/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions that the compiler calls for structures. */
#include <stddef.h>

void *memset(void *dest, int value, size_t n);
void *memcpy(void *restrict dest, const void *restrict src, size_t n);

__attribute__((no_builtin("memset"))) void *memset(void *dest, int value, size_t n)
{
    unsigned char *d = dest;

    while (n-- > 0)
        *d++ = (unsigned char)value;
    return dest;
}

__attribute__((no_builtin("memcpy"))) void *memcpy(void *restrict dest, const void *restrict src,
                                                   size_t n)
{
    unsigned char *d = dest;
    const unsigned char *s = src;

    while (n-- > 0)
        *d++ = *s++;
    return dest;
}
