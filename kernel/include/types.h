/* SPDX-License-Identifier: BSD-2-Clause */
/* Basic types and helpers of the kernel. */
#ifndef KEEL_TYPES_H
#define KEEL_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t word;  /* a machine word of the ABI */
typedef uint64_t ticks; /* kernel clock ticks, absolute or a duration */

#define WORD_BITS 64u
#define TICKS_MAX UINT64_MAX

#define BIT(n)       (UINT64_C(1) << (n))
#define MASK(n)      (BIT(n) - 1) /* n < 64 */
#define likely(x)    __builtin_expect(!!(x), 1)
#define unlikely(x)  __builtin_expect(!!(x), 0)
#define array_len(a) (sizeof(a) / sizeof((a)[0]))

static inline word min_word(word a, word b)
{
    return a < b ? a : b;
}

static inline word max_word(word a, word b)
{
    return a > b ? a : b;
}

#endif
