/* SPDX-License-Identifier: BSD-2-Clause */
#include "cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"
#include "compile.h"
#include "report.h"

#define IMAGE_SUFFIX ".elf"
#define STAMP_SUFFIX ".stamp"

/* Images that are kept; the ones longest unused go first. */
#define KEPT_IMAGES 16u

/* FNV-1a, 64 bits: tells inputs apart that differ by accident, which is all a cache asks for. */
static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *at = data;

    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash, text, strlen(text) + 1);
}

/* Name, size and time of change stand for the contents. */
static uint64_t hash_file(struct arena *arena, uint64_t hash, const char *path)
{
    struct stat status = {0};

    stat(path, &status);
    hash = hash_text(hash, path);
    return hash_text(hash, arena_printf(arena, "%jd %jd.%09ld %ju", (intmax_t)status.st_size,
                                        (intmax_t)status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                                        (uintmax_t)status.st_ino));
}

static uint64_t hash_inputs(struct arena *arena, const struct system *system,
                            const struct parts *parts)
{
    struct bytes description = compile_description(arena, system);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    hash = hash_bytes(hash, description.data, description.size);
    hash = hash_bytes(hash, &parts->kernel_cores, sizeof(parts->kernel_cores));
    hash = hash_file(arena, hash, parts->loader_path);
    hash = hash_file(arena, hash, parts->manager_path);
    hash = hash_file(arena, hash, parts->kernel_path);
    for (unsigned i = 0; i < PARTS_PROGRAMS; i++) {
        hash = hash_file(arena, hash, parts->program_paths[i]);
    }
    for (uint32_t i = 0; i < system->vms; i++) {
        for (unsigned which = 0; which < VM_FILES; which++) {
            const struct vm_contents *contents = &system->vm[i].files[which];

            if (contents->path != NULL) {
                hash = hash_file(arena, hash, contents->path);
                hash = hash_bytes(hash, contents->made.data, contents->made.size);
            }
        }
    }
    return hash;
}

/* Two systems, or one system on two kernels or from two build folders, have two images. */
static const char *cached_name(struct arena *arena, const struct system *system,
                               const struct parts *parts)
{
    const char *source = realpath(system->source, NULL);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const char *folder = arena_printf(arena, "%s/images", path_cache(arena));
    int error = path_make_folder(arena, folder);

    hash = hash_text(hash, source == NULL ? system->source : source);
    hash = hash_text(hash, parts->kernel_path);
    hash = hash_text(hash, parts->folder);
    free((void *)source);
    if (error != 0) {
        report("cannot make the cache folder %s: %s; set BULKHEAD_CACHE to another one", folder,
               strerror(error));
        return NULL;
    }
    return arena_printf(arena, "%s/%s-%08" PRIx32 IMAGE_SUFFIX, folder, path_base(system->source),
                        (uint32_t)(hash ^ hash >> 32));
}

/* --- keeping it small ------------------------------------------------------------------------ */

struct kept_image {
    const char *path;
    struct timespec used;
};

static int by_last_use(const void *left, const void *right)
{
    const struct timespec *a = &((const struct kept_image *)left)->used;
    const struct timespec *b = &((const struct kept_image *)right)->used;

    if (a->tv_sec != b->tv_sec) {
        return a->tv_sec < b->tv_sec ? 1 : -1;
    }
    return a->tv_nsec < b->tv_nsec ? 1 : a->tv_nsec > b->tv_nsec ? -1 : 0;
}

static bool is_image(const char *name)
{
    size_t length = strlen(name), suffix = strlen(IMAGE_SUFFIX);

    return length > suffix && strcmp(name + length - suffix, IMAGE_SUFFIX) == 0;
}

/* The images in `folder`, which ends in '/'. */
static struct kept_image *list_images(struct arena *arena, const char *folder, size_t *count)
{
    DIR *directory = opendir(folder);
    struct kept_image *images = NULL;
    const struct dirent *entry;
    size_t room = 0;

    *count = 0;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        const char *path = arena_printf(arena, "%s%s", folder, entry->d_name);
        struct stat status;

        if (!is_image(entry->d_name) || stat(path, &status) != 0) {
            continue;
        }
        if (*count == room) {
            struct kept_image *more = arena_alloc(arena, (2 * room + 64) * sizeof(*more));

            if (room > 0) {
                memcpy(more, images, room * sizeof(*more));
            }
            images = more;
            room = 2 * room + 64;
        }
        images[(*count)++] = (struct kept_image){.path = path, .used = status.st_mtim};
    }
    if (directory != NULL) {
        closedir(directory);
    }
    return images;
}

static void drop_old_images(struct arena *arena, const char *folder)
{
    size_t count;
    struct kept_image *images = list_images(arena, folder, &count);

    if (count <= KEPT_IMAGES) {
        return;
    }
    qsort(images, count, sizeof(*images), by_last_use);
    for (size_t i = KEPT_IMAGES; i < count; i++) {
        unlink(images[i].path);
        unlink(arena_printf(arena, "%s" STAMP_SUFFIX, images[i].path));
    }
}

/* --- images ---------------------------------------------------------------------------------- */

const char *cache_image(struct arena *arena, const struct system *system, const struct parts *parts)
{
    const char *name = cached_name(arena, system, parts);
    const char *stamp_name, *stamp;
    struct image stamp_image = {0};
    struct bytes old;

    if (name == NULL) {
        return NULL;
    }
    stamp_name = arena_printf(arena, "%s" STAMP_SUFFIX, name);
    stamp = arena_printf(arena, "%016" PRIx64 "\n", hash_inputs(arena, system, parts));
    if (file_read(arena, stamp_name, &old) == 0 && strcmp((const char *)old.data, stamp) == 0 &&
        access(name, R_OK) == 0) {
        utimensat(AT_FDCWD, name, NULL, 0);
        return name;
    }
    progress("building %s", name);
    if (!build_image(arena, system, parts, IMAGE_ELF, name)) {
        return NULL;
    }
    image_add(arena, &stamp_image, (struct bytes){(const uint8_t *)stamp, strlen(stamp)}, 1);
    image_write(arena, &stamp_image, stamp_name);
    drop_old_images(arena, path_folder(arena, name));
    return name;
}
