/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory and strings, by whole words where that is possible. In a file that is compiled with
 * -mstrict-align (the loader runs with the MMU off at first) no access is unaligned.
 */
#include <stdint.h>
#include <string.h>

#define WORD_MASK (sizeof(word) - 1)

#ifdef __ARM_FEATURE_UNALIGNED
typedef uint64_t __attribute__((may_alias, aligned(1))) word;

static int words_align(const void *a, const void *b)
{
    return 1;
}
#else
typedef uint64_t __attribute__((may_alias)) word;

static int words_align(const void *a, const void *b)
{
    return (((uintptr_t)a ^ (uintptr_t)b) & WORD_MASK) == 0;
}
#endif

static int is_aligned(const void *p)
{
    return ((uintptr_t)p & WORD_MASK) == 0;
}

static void copy_words(word **to, const word **from, size_t *size)
{
    word *t = *to;
    const word *f = *from;
    size_t left = *size;

    for (; left >= 4 * sizeof(word); left -= 4 * sizeof(word)) {
        word a = f[0], b = f[1], c = f[2], d = f[3];
        t[0] = a;
        t[1] = b;
        t[2] = c;
        t[3] = d;
        t += 4;
        f += 4;
    }
    for (; left >= sizeof(word); left -= sizeof(word)) {
        *t++ = *f++;
    }
    *to = t;
    *from = f;
    *size = left;
}

/* Ascending, and never ahead of what has been read: also right for overlapping areas if to < from.
 */
static void copy_forwards(uint8_t *t, const uint8_t *f, size_t size)
{
    if (words_align(t, f)) {
        for (; size > 0 && !is_aligned(t); size--) {
            *t++ = *f++;
        }
        word *tw = (word *)t;
        const word *fw = (const word *)f;
        copy_words(&tw, &fw, &size);
        t = (uint8_t *)tw;
        f = (const uint8_t *)fw;
    }
    for (; size > 0; size--) {
        *t++ = *f++;
    }
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    copy_forwards(to, from, size);
    return to;
}

static void copy_backwards(uint8_t *to_end, const uint8_t *from_end, size_t size)
{
    if (words_align(to_end, from_end)) {
        for (; size > 0 && !is_aligned(to_end); size--) {
            *--to_end = *--from_end;
        }
        for (; size >= sizeof(word); size -= sizeof(word)) {
            to_end -= sizeof(word);
            from_end -= sizeof(word);
            *(word *)to_end = *(const word *)from_end;
        }
    }
    for (; size > 0; size--) {
        *--to_end = *--from_end;
    }
}

void *memmove(void *to, const void *from, size_t size)
{
    if ((uintptr_t)to - (uintptr_t)from >= size) {
        copy_forwards(to, from, size);
        return to;
    }
    copy_backwards((uint8_t *)to + size, (const uint8_t *)from + size, size);
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *t = to;
    word pattern = (uint8_t)value * UINT64_C(0x0101010101010101);

    for (; size > 0 && !is_aligned(t); size--) {
        *t++ = (uint8_t)value;
    }
    for (; size >= 4 * sizeof(word); size -= 4 * sizeof(word)) {
        word *w = (word *)t;
        w[0] = pattern;
        w[1] = pattern;
        w[2] = pattern;
        w[3] = pattern;
        t += 4 * sizeof(word);
    }
    for (; size > 0; size--) {
        *t++ = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *x = a, *y = b;

    for (; size > 0; size--, x++, y++) {
        if (*x != *y) {
            return *x - *y;
        }
    }
    return 0;
}

void *memchr(const void *bytes, int value, size_t size)
{
    const uint8_t *b = bytes;

    for (; size > 0; size--, b++) {
        if (*b == (uint8_t)value) {
            return (void *)b;
        }
    }
    return NULL;
}

size_t strlen(const char *s)
{
    const char *end = s;

    while (*end) {
        end++;
    }
    return (size_t)(end - s);
}

size_t strnlen(const char *s, size_t max)
{
    const char *end = memchr(s, '\0', max);

    return end ? (size_t)(end - s) : max;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t max)
{
    for (; max > 0; max--, a++, b++) {
        if (*a != *b || *a == '\0') {
            return (unsigned char)*a - (unsigned char)*b;
        }
    }
    return 0;
}

char *strchr(const char *s, int c)
{
    for (;; s++) {
        if (*s == (char)c) {
            return (char *)s;
        }
        if (*s == '\0') {
            return NULL;
        }
    }
}

char *strrchr(const char *s, int c)
{
    const char *last = NULL;

    for (;; s++) {
        if (*s == (char)c) {
            last = s;
        }
        if (*s == '\0') {
            return (char *)last;
        }
    }
}
