/* SPDX-License-Identifier: BSD-2-Clause */
#include "build.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "archive.h"
#include "compile.h"
#include "elf64.h"
#include "kernel.h"
#include "report.h"

#define PAGE      UINT64_C(4096)
#define MAX_FILES (1u + PARTS_PROGRAMS + SYSTEM_MAX_VMS * VM_FILES)

#define KERNEL_MEND "give a seL4 or keel kernel.elf for this board"

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
    const char *path[MAX_FILES]; /* where it was read; NULL = somebody made it */
    uint32_t count;
};

static void list_add(struct file_list *list, const char *name, const char *path, struct bytes data)
{
    list->path[list->count] = path;
    list->file[list->count++] = (struct archive_file){.name = name, .data = data};
}

/* The contents of `path` if they are in the list already. */
static bool list_find(const struct file_list *list, const char *path, struct bytes *data)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->path[i] != NULL && strcmp(list->path[i], path) == 0) {
            *data = list->file[i].data;
            return true;
        }
    }
    return false;
}

static bool list_programs(struct arena *arena, const struct parts *parts, struct file_list *list)
{
    for (unsigned i = 0; i < PARTS_PROGRAMS; i++) {
        struct elf64 elf;

        if (!open_part(arena, parts->program_paths[i], "build Bulkhead again (make)", &elf)) {
            return false;
        }
        list_add(list, parts_programs[i], NULL, elf64_trim(arena, &elf));
    }
    return true;
}

static bool list_vm(struct arena *arena, const struct vm *vm, struct file_list *list)
{
    for (unsigned which = 0; which < VM_FILES; which++) {
        const struct vm_contents *contents = &vm->files[which];
        struct bytes data = contents->made.size > 0 ? contents->made : contents->read;

        if (contents->path == NULL) {
            continue;
        }
        if (data.size == 0 && !list_find(list, contents->path, &data) &&
            !read_part(arena, contents->path, &data)) {
            return false;
        }
        list_add(list, compile_file_name(arena, vm, which), contents->path, data);
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
    list_add(list, "system.dtb", NULL, description);
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
        !open_part(arena, parts->kernel_path, KERNEL_MEND, &kernel) ||
        !read_part(arena, parts->loader_path, &made.loader)) {
        return false;
    }
    made.kernel = kernel.file;
    wrong = kernel_check(arena, board, &made);
    if (wrong != NULL) {
        return report("%s is no kernel for this board: %s; " KERNEL_MEND, parts->kernel_path,
                      wrong);
    }
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
