/* SPDX-License-Identifier: BSD-2-Clause */
#include "system.h"

#include <bulkhead/start.h>
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "layout.h"
#include "overhead.h"
#include "report.h"
#include "schedule.h"
#include "source.h"

#define PAGE        UINT64_C(4096)
#define VM_NAME_MAX 16u

/* Manager and programs, before they are known exactly. */
#define PROGRAMS_ROOM (UINT64_C(4) << 20)

bool system_name(const struct dts_node *node, const char *what)
{
    const char *name = node->name;

    if (strlen(name) > VM_NAME_MAX) {
        return report_node(node, "the name has %zu characters; shorten it to %u at most",
                           strlen(name), VM_NAME_MAX);
    }
    if (!islower((unsigned char)name[0])) {
        return report_node(node, "the name \"%s\" does not begin with a letter a-z; rename the %s",
                           name, what);
    }
    for (const char *at = name; *at != '\0'; at++) {
        if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && *at != '-') {
            return report_node(node, "the name \"%s\" has a '%c' in it; use a-z, 0-9 and - only",
                               name, *at);
        }
    }
    if (strcmp(name, "manager") == 0) {
        return report_node(node, "the name \"manager\" is taken by the manager; rename the VM");
    }
    return true;
}

static bool read_vm(struct arena *arena, struct system *system, const struct dts_node *node,
                    uint32_t cores)
{
    struct vm *vm = &system->vm[system->vms];

    if (!system_name(node, "VM")) {
        return false;
    }
    if (system->vms == SYSTEM_MAX_VMS) {
        return report_node(node, "this is VM number %u; a system has %u at most",
                           SYSTEM_MAX_VMS + 1, SYSTEM_MAX_VMS);
    }
    vm->node = node;
    vm->name = node->name;
    if (!schema_read(arena, node, &schema_vm, vm) || !schedule_read(vm, cores) ||
        !layout_read(arena, system, vm)) {
        return false;
    }
    system->vms++;
    return true;
}

/* Bytes that the VMs and windows may take, with what they cost besides, and the user image. */
static uint64_t memory_room(const struct system *system)
{
    return system->board->memory - system->board->memory_system;
}

static uint64_t windows_need(const struct system *system)
{
    return layout_shared(system) + overhead_windows(system);
}

static uint64_t vm_needs(const struct system *system, uint32_t i)
{
    return system->vm[i].memory + overhead_vm(system, &system->vm[i]);
}

static bool check_memory(const struct system *system)
{
    uint64_t total = windows_need(system), room = memory_room(system);

    for (uint32_t i = 0; i < system->vms; i++) {
        total += vm_needs(system, i);
        if (total > room) {
            return report_property(system->vm[i].node, "memory",
                                   "the VMs up to this one need %" PRIu64
                                   " MiB of memory, with what each costs besides its RAM; the "
                                   "board has %" PRIu64 " MiB for them; lower \"memory\"",
                                   align_up(total, 1 << 20) >> 20, room >> 20);
        }
    }
    return true;
}

bool system_fits(const struct system *system, uint64_t size)
{
    const struct board *board = system->board;
    uint64_t room = board->image_pages * PAGE, memory = windows_need(system);

    if (room > board->load_limit - board->load_address) {
        room = board->load_limit - board->load_address;
    }
    if (size > room) {
        return report_node(system->vms_node,
                           "programs and guest files make an image of %" PRIu64
                           " MiB, of which %" PRIu64
                           " MiB fit the kernel's capability space; use smaller files",
                           align_up(size, 1 << 20) >> 20, room >> 20);
    }
    for (uint32_t i = 0; i < system->vms; i++) {
        memory += vm_needs(system, i);
    }
    if (memory + size > memory_room(system)) {
        return report_node(system->vms_node,
                           "the VMs, with what each costs besides its RAM, and an image of %" PRIu64
                           " MiB need %" PRIu64 " MiB; the board has %" PRIu64
                           " MiB for them; lower \"memory\"",
                           align_up(size, 1 << 20) >> 20, align_up(memory + size, 1 << 20) >> 20,
                           memory_room(system) >> 20);
    }
    return true;
}

static bool check_files(struct arena *arena, struct system *system)
{
    uint64_t size = PROGRAMS_ROOM;

    for (uint32_t i = 0; i < system->vms; i++) {
        if (!guest_files(arena, system, &system->vm[i])) {
            return false;
        }
        for (unsigned which = 0; which < VM_FILES; which++) {
            const struct vm_contents *contents = &system->vm[i].files[which];

            size += contents->again ? 0 : align_up(contents->size, PAGE);
        }
    }
    return system_fits(system, size);
}

bool system_load(struct arena *arena, const char *file, uint32_t cores, struct system *system)
{
    memset(system, 0, sizeof(*system));
    system->source = file;
    system->folder = path_folder(arena, file);
    system->root = source_load(arena, file);
    if (system->root == NULL || !schema_read(arena, system->root, &schema_root, system)) {
        return false;
    }
    system->board = board_find(system->board_name);
    system->vms_node = dts_child(system->root, "vms");
    if (!schema_read(arena, system->vms_node, &schema_vms, system)) {
        return false;
    }
    if (!layout_windows(arena, system)) {
        return false;
    }
    cores = cores == 0 || cores > system->board->cores ? system->board->cores : cores;
    for (const struct dts_node *node = system->vms_node->children; node != NULL;
         node = node->next) {
        if (!read_vm(arena, system, node, cores)) {
            return false;
        }
    }
    if (system->vms == 0) {
        return report_node(system->vms_node, "there is no VM; add a node for one");
    }
    return schedule_check(system) && layout_check(system) && check_memory(system) &&
           check_files(arena, system);
}
