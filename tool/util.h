/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every part of the host tool needs: memory that is given back in one go, file contents,
 * plain text, path names.
 */
#ifndef BULKHEAD_TOOL_UTIL_H
#define BULKHEAD_TOOL_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct arena_block;

/* Owns everything allocated from it. Start with an all-zero struct. */
struct arena {
    struct arena_block *blocks;
};

struct bytes {
    const uint8_t *data;
    size_t size;
};

/* `size` zeroed bytes, aligned for any object. Ends the program with one line if memory is out. */
void *arena_alloc(struct arena *arena, size_t size);

/* Copy of the first `length` bytes of `text`, terminated. */
char *arena_text(struct arena *arena, const char *text, size_t length);

/* Formatted string. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Gives everything back. */
void arena_free(struct arena *arena);

/* `value` rounded up to a multiple of `align` (a power of two); the caller excludes overflow. */
static inline uint64_t align_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) & ~(align - 1);
}

/*
 * The contents of the regular file `path`, followed by a NUL that `size` does not count. Returns 0
 * or an errno value (EISDIR for a folder, EINVAL for anything else that is no regular file).
 */
int file_read(struct arena *arena, const char *path, struct bytes *contents);

/* Writes `text` with '?' for each control character, also those above ASCII (U+0080 to U+009F in
 * UTF-8): text on a terminal, whatever a file is called. */
void print_plain(FILE *out, const char *text);

/* The folder part of `path`, "" where there is none, else ending in '/'. */
const char *path_folder(struct arena *arena, const char *path);

/* The last component of `path`. */
const char *path_base(const char *path);

/* `name` as seen from `folder` (as path_folder gives it); an absolute name stays as it is. */
const char *path_join(struct arena *arena, const char *folder, const char *name);

/* Makes `path` and the folders above it. Returns 0 or an errno value. */
int path_make_folder(struct arena *arena, const char *path);

/* $BULKHEAD_CACHE, or bulkhead/ in the user's cache folder. */
const char *path_cache(struct arena *arena);

#endif
