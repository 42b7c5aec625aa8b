/* SPDX-License-Identifier: BSD-2-Clause */
/* The files that a VM is made of. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "guest_kernel.h"
#include "overlay.h"
#include "parts.h"
#include "process.h"
#include "report.h"
#include "system.h"

#define PAGE     UINT64_C(4096)
#define MAX_FILE (UINT64_C(512) << 20) /* no image can hold more (board.c) */

#define OWN_GUESTS "@bulkhead/"

/*
 * What the VMM puts at the top of RAM: the guest's devicetree. Where there is an initrd below it,
 * it begins on a 2 MiB boundary (vmm/core/boot.h).
 */
#define GUEST_TREE_ROOM  (UINT64_C(128) << 10)
#define GUEST_TREE_ALIGN (UINT64_C(2) << 20)

const char *const vm_file_names[VM_FILES] = {"kernel", "initrd", "overlay"};

/* --- names ----------------------------------------------------------------------------------- */

static bool is_fetch_name(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", name[i]) == NULL) {
            return false;
        }
    }
    return length > 0 && name[0] != '-' && name[0] != '.';
}

/* The last line of what a program printed, without its end. */
static const char *last_line(struct arena *arena, struct bytes text)
{
    size_t end = text.size, start;

    while (end > 0 && text.data[end - 1] == '\n') {
        end--;
    }
    start = end;
    while (start > 0 && text.data[start - 1] != '\n') {
        start--;
    }
    return arena_text(arena, (const char *)text.data + start, end - start);
}

/* "@bulkhead/FILE" is a guest that is built with Bulkhead. Returns NULL after one line. */
static const char *own_guest(struct arena *arena, const struct vm *vm, enum vm_file which)
{
    const char *name = vm->file_names[which], *property = vm_file_names[which];
    const char *path = parts_guest(arena, name + strlen(OWN_GUESTS));

    if (path == NULL) {
        report_property(vm->node, property,
                        "\"%s\": there is no such guest among Bulkhead's own; correct the name, or "
                        "build Bulkhead first (make)",
                        name);
    }
    return path;
}

/*
 * "@NAME/FILE" is a file of the guest NAME: `guests/fetch NAME` makes sure that it is there and
 * prints its folder. Returns NULL after one line.
 */
static const char *fetch(struct arena *arena, const struct vm *vm, enum vm_file which)
{
    const char *property = vm_file_names[which], *name = vm->file_names[which] + 1;
    const char *slash = strchr(name, '/');
    const char *script = parts_source(arena, "guests/fetch");
    struct process_result result;
    const char *folder;

    if (slash == NULL || slash[1] == '\0' || !is_fetch_name(name, (size_t)(slash - name))) {
        report_property(vm->node, property, "\"%s\" is \"@%s\"; write \"@NAME/FILE\"", property,
                        name);
        return NULL;
    }
    if (script == NULL) {
        report_property(vm->node, property,
                        "\"@%s\" needs Bulkhead's guests/fetch, which is not there; set "
                        "BULKHEAD_ROOT to Bulkhead's source folder",
                        name);
        return NULL;
    }

    const char *argv[] = {script, arena_text(arena, name, (size_t)(slash - name)), NULL};
    int error = process_run(arena, argv, true, &result);
    if (error != 0 || result.status != 0) {
        const char *reason = error != 0 ? strerror(error) : last_line(arena, result.errors);

        report_property(vm->node, property, "cannot get \"@%s\": %s", name,
                        reason[0] == '\0' ? "guests/fetch fails without a reason" : reason);
        return NULL;
    }
    folder = last_line(arena, result.output);
    return arena_printf(arena, "%s/%s", folder, slash + 1);
}

/* What a name means that begins with '@'. Returns NULL after one line. */
static const char *made_file(struct arena *arena, const struct vm *vm, enum vm_file which)
{
    bool own = strncmp(vm->file_names[which], OWN_GUESTS, strlen(OWN_GUESTS)) == 0;

    return own ? own_guest(arena, vm, which) : fetch(arena, vm, which);
}

/* Whether a VM before this one names the same file: then it is looked up and packed once. */
static bool named_before(const struct system *system, struct vm *vm, enum vm_file which)
{
    for (const struct vm *other = system->vm; other < vm; other++) {
        const char *name = other->file_names[which];

        if (name != NULL && strcmp(name, vm->file_names[which]) == 0) {
            vm->files[which] = other->files[which];
            vm->files[which].again = true;
            return true;
        }
    }
    return false;
}

static bool locate(struct arena *arena, const struct system *system, struct vm *vm,
                   enum vm_file which)
{
    struct vm_contents *contents = &vm->files[which];
    const char *name = vm->file_names[which], *property = vm_file_names[which];
    struct stat status;

    contents->path =
        name[0] == '@' ? made_file(arena, vm, which) : path_join(arena, system->folder, name);
    if (contents->path == NULL) {
        return false;
    }
    if (stat(contents->path, &status) != 0 && name[0] == '@') {
        return report_property(vm->node, property,
                               "\"%s\": guests/fetch makes no \"%s\"; correct the name", property,
                               name);
    }
    if (stat(contents->path, &status) != 0) {
        return report_property(vm->node, property,
                               "\"%s\" cannot be read: %s: %s; correct the name, which is relative "
                               "to the description's folder",
                               property, contents->path, strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return report_property(vm->node, property, "\"%s\": %s is no file; name a file", property,
                               contents->path);
    }
    if (status.st_size == 0) {
        return report_property(vm->node, property, "\"%s\": %s is empty; make or fetch it again",
                               property, contents->path);
    }
    if ((uint64_t)status.st_size > MAX_FILE) {
        return report_property(
            vm->node, property,
            "\"%s\": %s has %" PRIu64 " MiB; an image holds %" PRIu64 " MiB at most", property,
            contents->path, (uint64_t)status.st_size >> 20, MAX_FILE >> 20);
    }
    contents->size = (uint64_t)status.st_size;
    return true;
}

/* --- contents -------------------------------------------------------------------------------- */

static bool read_contents(struct arena *arena, const struct vm *vm, enum vm_file which,
                          struct bytes *contents)
{
    const char *path = vm->files[which].path;
    int error = file_read(arena, path, contents);

    if (error != 0) {
        return report_property(vm->node, vm_file_names[which],
                               "\"%s\" cannot be read: %s: %s; correct its permissions",
                               vm_file_names[which], path, strerror(error));
    }
    return true;
}

static bool check_kernel(struct arena *arena, struct vm *vm, uint64_t *end)
{
    const char *path = vm->files[VM_KERNEL].path, *wrong;
    struct bytes *kernel = &vm->files[VM_KERNEL].read;

    if (kernel->size == 0 && !read_contents(arena, vm, VM_KERNEL, kernel)) {
        return false;
    }
    wrong = guest_kernel_check(arena, path, *kernel, vm->bank[0].base, vm->bank[0].size, end);
    if (wrong != NULL) {
        return report_property(vm->node, "kernel", "\"kernel\": %s %s", path, wrong);
    }
    return true;
}

static bool check_overlay(struct arena *arena, struct vm *vm)
{
    struct vm_contents *contents = &vm->files[VM_OVERLAY];
    struct bytes blob;
    const char *wrong;

    if (!read_contents(arena, vm, VM_OVERLAY, &blob)) {
        return false;
    }
    if (!overlay_is_blob(blob) && !overlay_compile(arena, contents->path, &blob)) {
        return false;
    }
    wrong = overlay_check(arena, blob, vm->cpus);
    if (wrong != NULL) {
        return report_property(vm->node, "overlay", "\"overlay\": %s %s", contents->path, wrong);
    }
    contents->made = blob;
    contents->size = blob.size;
    return true;
}

static uint64_t to_mib(uint64_t bytes)
{
    return align_up(bytes, UINT64_C(1) << 20) >> 20;
}

static bool check_memory(const struct vm *vm, uint64_t kernel_end)
{
    uint64_t initrd = align_up(vm->files[VM_INITRD].size, PAGE);
    uint64_t tree = GUEST_TREE_ROOM + vm->files[VM_OVERLAY].size;
    uint64_t room = vm->bank[0].size, kernel;
    const char *ram = vm->bank[0].node == vm->node ? "memory" : vm->bank[0].node->name;

    tree = initrd == 0 ? align_up(tree, PAGE) : align_up(tree, GUEST_TREE_ALIGN);
    kernel = align_up(kernel_end, PAGE) + tree;

    if (kernel > room) {
        return report_property(vm->node, "kernel",
                               "\"kernel\": %s needs %" PRIu64 " MiB, \"%s\" is %" PRIu64
                               " MiB; raise it",
                               vm->files[VM_KERNEL].path, to_mib(kernel), ram, room >> 20);
    }
    if (kernel + initrd > room) {
        return report_property(
            vm->node, "initrd",
            "\"initrd\": %s needs %" PRIu64 " MiB beside kernel and devicetree with %" PRIu64
            ", \"%s\" is %" PRIu64 " MiB; raise it",
            vm->files[VM_INITRD].path, to_mib(initrd), to_mib(kernel), ram, room >> 20);
    }
    return true;
}

bool guest_files(struct arena *arena, const struct system *system, struct vm *vm)
{
    uint64_t kernel_end = 0;

    for (unsigned which = 0; which < VM_FILES; which++) {
        if (vm->file_names[which] != NULL && !named_before(system, vm, which) &&
            !locate(arena, system, vm, which)) {
            return false;
        }
    }
    if (!check_kernel(arena, vm, &kernel_end)) {
        return false;
    }
    if (vm->file_names[VM_OVERLAY] != NULL && !check_overlay(arena, vm)) {
        return false;
    }
    return check_memory(vm, kernel_end);
}
