/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions that a compiler calls by itself (C11 freestanding, and clang's own habit). */
#include "guest.h"

void *memset(void *to, int value, size_t size);
void *memcpy(void *to, const void *from, size_t size);

void *memset(void *to, int value, size_t size)
{
    volatile uint8_t *at = to;
    while (size--)
        *at++ = (uint8_t)value;
    return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
    volatile uint8_t *at = to;
    const uint8_t *source = from;
    while (size--)
        *at++ = *source++;
    return to;
}
