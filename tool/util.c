/* SPDX-License-Identifier: BSD-2-Clause */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct arena_block {
    struct arena_block *next;
    max_align_t data[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
    struct arena_block *block = calloc(1, sizeof(*block) + size);

    if (block == NULL) {
        fprintf(stderr, "bulkhead: out of memory (%zu bytes wanted)\n", size);
        exit(1);
    }
    block->next = arena->blocks;
    arena->blocks = block;
    return block->data;
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *text;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        return arena_text(arena, "", 0);
    }
    text = arena_alloc(arena, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

void arena_free(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct arena_block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
}

static int read_all(int fd, uint8_t *data, size_t size, size_t *done)
{
    *done = 0;
    while (*done < size) {
        ssize_t got = read(fd, data + *done, size - *done);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return errno;
        }
        if (got == 0) {
            break;
        }
        *done += (size_t)got;
    }
    return 0;
}

int file_read(struct arena *arena, const char *path, struct bytes *contents)
{
    struct stat status;
    int error = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        return errno;
    }
    if (fstat(fd, &status) != 0) {
        error = errno;
    } else if (!S_ISREG(status.st_mode)) {
        error = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    } else {
        uint8_t *data = arena_alloc(arena, (size_t)status.st_size + 1);

        error = read_all(fd, data, (size_t)status.st_size, &contents->size);
        contents->data = data;
    }
    close(fd);
    return error;
}

void print_plain(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)text[0], next = (unsigned char)text[1];
        bool two = c == 0xc2 && next >= 0x80 && next < 0xa0;

        fputc(two || c < ' ' || c == 0x7f ? '?' : c, out);
        text += two;
    }
}

const char *path_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? "" : arena_text(arena, path, (size_t)(slash - path) + 1);
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

const char *path_join(struct arena *arena, const char *folder, const char *name)
{
    return name[0] == '/' ? name : arena_printf(arena, "%s%s", folder, name);
}

int path_make_folder(struct arena *arena, const char *path)
{
    char *copy = arena_text(arena, path, strlen(path));

    for (char *at = copy + 1; *at != '\0'; at++) {
        if (*at != '/') {
            continue;
        }
        *at = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
            return errno;
        }
        *at = '/';
    }
    if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
        return errno;
    }
    return 0;
}

const char *path_cache(struct arena *arena)
{
    const char *cache = getenv("BULKHEAD_CACHE");
    const char *xdg = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");

    if (cache != NULL && cache[0] != '\0') {
        return cache;
    }
    if (xdg != NULL && xdg[0] != '\0') {
        return arena_printf(arena, "%s/bulkhead", xdg);
    }
    if (home != NULL && home[0] != '\0') {
        return arena_printf(arena, "%s/.cache/bulkhead", home);
    }
    return "/tmp/.cache/bulkhead";
}
