/* SPDX-License-Identifier: BSD-2-Clause */
#include "build.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive.h"
#include "compile.h"
#include "elf64.h"
#include "report.h"

#define PAGE      UINT64_C(4096)
#define MAX_FILES (1u + PARTS_PROGRAMS + SYSTEM_MAX_VMS * VM_FILES)

/* No program of ours comes near it; what lies beyond is a broken file. */
#define MAX_MANAGER (UINT64_C(64) << 20)

/* --- inputs ---------------------------------------------------------------------------------- */

static bool read_part(struct arena *arena, const char *path, struct bytes *contents)
{
    int error = file_read(arena, path, contents);

    return error == 0 || report("%s cannot be read: %s; check the name", path, strerror(error));
}

static bool open_part(struct arena *arena, const char *path, const char *mend, struct elf64 *elf)
{
    struct bytes contents;
    const char *wrong;

    if (!read_part(arena, path, &contents)) {
        return false;
    }
    wrong = elf64_open(contents, elf);
    return wrong == NULL || report("%s %s; %s", path, wrong, mend);
}

struct file_list {
    struct archive_file file[MAX_FILES];
    uint32_t count;
};

static void list_add(struct file_list *list, const char *name, struct bytes data)
{
    list->file[list->count++] = (struct archive_file){.name = name, .data = data};
}

static bool list_programs(struct arena *arena, const struct parts *parts, struct file_list *list)
{
    for (unsigned i = 0; i < PARTS_PROGRAMS; i++) {
        struct elf64 elf;

        if (!open_part(arena, parts->program_paths[i], "build Bulkhead again (make)", &elf)) {
            return false;
        }
        list_add(list, parts_programs[i], elf64_trim(arena, &elf));
    }
    return true;
}

static bool list_vm(struct arena *arena, const struct vm *vm, struct file_list *list)
{
    for (unsigned which = 0; which < VM_FILES; which++) {
        const struct vm_contents *contents = &vm->files[which];
        struct bytes data = contents->made;

        if (contents->path == NULL) {
            continue;
        }
        if (data.size == 0 && !read_part(arena, contents->path, &data)) {
            return false;
        }
        list_add(list, compile_file_name(arena, vm, which), data);
    }
    return true;
}

static bool make_archive(struct arena *arena, const struct system *system,
                         const struct parts *parts, struct image *archive)
{
    struct bytes description = compile_description(arena, system);
    struct file_list *list = arena_alloc(arena, sizeof(*list));

    if (description.size == 0) {
        return report_file(system->source, 0, "the compiled description is too large");
    }
    list_add(list, "system.dtb", description);
    if (!list_programs(arena, parts, list)) {
        return false;
    }
    for (uint32_t i = 0; i < system->vms; i++) {
        if (!list_vm(arena, &system->vm[i], list)) {
            return false;
        }
    }
    archive_make(arena, list->file, list->count, archive);
    return true;
}

/* --- the image ------------------------------------------------------------------------------- */

static bool make_user_image(struct arena *arena, const struct system *system,
                            const struct parts *parts, struct image_parts *made)
{
    struct image archive = {0};
    struct elf64 manager;
    uint64_t end;

    if (!open_part(arena, parts->manager_path, "build Bulkhead again (make)", &manager)) {
        return false;
    }
    elf64_virtual(&manager, &made->user_vaddr, &end);
    made->user_vaddr &= ~(PAGE - 1);
    made->user_entry = manager.header->e_entry;
    if (end - made->user_vaddr > MAX_MANAGER || made->user_entry < made->user_vaddr ||
        made->user_entry >= end) {
        return report("%s is damaged; build Bulkhead again (make)", parts->manager_path);
    }
    if (!make_archive(arena, system, parts, &archive)) {
        return false;
    }
    image_add(arena, &made->user, elf64_flatten(arena, &manager), PAGE);
    image_join(arena, &made->user, &archive, PAGE);
    return system_fits(system, made->user.size);
}

static bool make_image(struct arena *arena, const struct system *system, const struct parts *parts,
                       enum image_format format, struct image *image)
{
    const struct board *board = system->board;
    struct image_parts made = {.cores = parts->kernel_cores};
    struct image boot = {0};
    struct elf64 kernel;
    const char *wrong;

    if (!make_user_image(arena, system, parts, &made) ||
        !open_part(arena, parts->kernel_path, "give a seL4 or keel kernel.elf for this board",
                   &kernel) ||
        !read_part(arena, parts->loader_path, &made.loader)) {
        return false;
    }
    made.kernel = kernel.file;
    wrong = image_boot(arena, &made, &boot);
    if (wrong != NULL) {
        return report("%s %s", parts->loader_path, wrong);
    }
    if (boot.size > board->load_limit - board->load_address) {
        return report_node(system->vms_node,
                           "the boot image has %" PRIu64 " MiB, of which %" PRIu64
                           " fit below the kernel; use smaller files",
                           boot.size >> 20, (board->load_limit - board->load_address) >> 20);
    }
    if (format == IMAGE_ELF) {
        image_wrap_elf(arena, &boot, board->load_address, image);
    } else {
        *image = boot;
    }
    return true;
}

bool build_image(struct arena *arena, const struct system *system, const struct parts *parts,
                 enum image_format format, const char *path)
{
    struct image image = {0};
    struct stat status;
    int error;

    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        return report("cannot write %s: it is no regular file; choose another name for -o", path);
    }
    if (!make_image(arena, system, parts, format, &image)) {
        return false;
    }
    error = image_write(arena, &image, path);
    if (error != 0) {
        return report("cannot write %s: %s", path, strerror(error));
    }
    return true;
}

/* --- the cache ------------------------------------------------------------------------------- */

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
    return arena_printf(arena, "%s/%s-%08" PRIx32 ".elf", folder, path_base(system->source),
                        (uint32_t)(hash ^ hash >> 32));
}

const char *build_cached(struct arena *arena, const struct system *system,
                         const struct parts *parts)
{
    const char *name = cached_name(arena, system, parts);
    const char *stamp_name, *stamp;
    struct image stamp_image = {0};
    struct bytes old;

    if (name == NULL) {
        return NULL;
    }
    stamp_name = arena_printf(arena, "%s.stamp", name);
    stamp = arena_printf(arena, "%016" PRIx64 "\n", hash_inputs(arena, system, parts));
    if (file_read(arena, stamp_name, &old) == 0 && strcmp((const char *)old.data, stamp) == 0 &&
        access(name, R_OK) == 0) {
        return name;
    }
    progress("building %s", name);
    if (!build_image(arena, system, parts, IMAGE_ELF, name)) {
        return NULL;
    }
    image_add(arena, &stamp_image, (struct bytes){(const uint8_t *)stamp, strlen(stamp)}, 1);
    image_write(arena, &stamp_image, stamp_name);
    return name;
}
