/* SPDX-License-Identifier: BSD-2-Clause */
#include "parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

#define LOADER  "loader/loader.bin"
#define MANAGER "manager/manager.elf"
#define KERNEL  "kernel/keel.elf"
#define GUESTS  "guests"

const char *const parts_programs[PARTS_PROGRAMS] = {"prog/vmm", "prog/console", "prog/timer"};

static const char *const program_files[PARTS_PROGRAMS] = {"vmm/vmm.elf", "servers/console.elf",
                                                          "servers/timer.elf"};

/* The folder of this program, without a '/' at its end. */
static char *own_folder(struct arena *arena)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    char *slash;

    path[length < 0 ? 0 : length] = '\0';
    slash = strrchr(path, '/');
    if (slash == NULL) {
        return arena_text(arena, ".", 1);
    }
    return arena_text(arena, path, (size_t)(slash - path));
}

/* `name` in `folder` or one of the `levels` folders above it; NULL if it is in none. */
static const char *look_upwards(struct arena *arena, char *folder, unsigned levels,
                                const char *name)
{
    for (;; levels--) {
        const char *path = arena_printf(arena, "%s/%s", folder, name);
        char *slash = strrchr(folder, '/');

        if (access(path, R_OK) == 0) {
            return path;
        }
        if (levels == 0 || slash == NULL) {
            return NULL;
        }
        *slash = '\0';
    }
}

static const char *find_folder(struct arena *arena)
{
    const char *folder = getenv("BULKHEAD_PARTS");
    const char *loader;

    if (folder != NULL && folder[0] != '\0') {
        return folder;
    }
    loader = look_upwards(arena, own_folder(arena), 1, LOADER);
    return loader == NULL ? NULL : arena_text(arena, loader, strlen(loader) - strlen("/" LOADER));
}

static bool find_part(struct arena *arena, const char *folder, const char *name, const char **path)
{
    *path = arena_printf(arena, "%s/%s", folder, name);
    if (access(*path, R_OK) != 0) {
        return report("%s is missing; build Bulkhead first (make), or set BULKHEAD_PARTS to its "
                      "build folder",
                      *path);
    }
    return true;
}

bool parts_find(struct arena *arena, const char *kernel, struct parts *parts)
{
    const char *folder = find_folder(arena);

    if (folder == NULL) {
        return report("%s is missing; build Bulkhead first (make), or set BULKHEAD_PARTS to its "
                      "build folder",
                      LOADER);
    }
    parts->folder = folder;
    if (!find_part(arena, folder, LOADER, &parts->loader_path) ||
        !find_part(arena, folder, MANAGER, &parts->manager_path)) {
        return false;
    }
    for (unsigned i = 0; i < PARTS_PROGRAMS; i++) {
        if (!find_part(arena, folder, program_files[i], &parts->program_paths[i])) {
            return false;
        }
    }
    parts->kernel_path = kernel;
    parts->kernel_cores = 0;
    return kernel != NULL || find_part(arena, folder, KERNEL, &parts->kernel_path);
}

const char *parts_guest(struct arena *arena, const char *name)
{
    const char *folder = find_folder(arena), *path;

    if (folder == NULL || strchr(name, '/') != NULL) {
        return NULL;
    }
    path = arena_printf(arena, "%s/" GUESTS "/%s", folder, name);
    return access(path, R_OK) == 0 ? path : NULL;
}

const char *parts_source(struct arena *arena, const char *name)
{
    const char *root = getenv("BULKHEAD_ROOT"), *path;

    if (root != NULL && root[0] != '\0') {
        path = arena_printf(arena, "%s/%s", root, name);
        return access(path, R_OK) == 0 ? path : NULL;
    }
    path = look_upwards(arena, own_folder(arena), 3, name);
    if (path != NULL) {
        return path;
    }
    path = arena_printf(arena, "%s/%s", BULKHEAD_SOURCE_ROOT, name);
    return access(path, R_OK) == 0 ? path : NULL;
}
