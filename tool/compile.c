/* SPDX-License-Identifier: BSD-2-Clause */
#include "compile.h"

#include <bulkhead/start.h>
#include <libfdt.h>

/* Generous for every text of a VM and its structure. */
#define ROOM_VM     (BH_BOOTARGS_MAX + 2048u)
#define ROOM_SYSTEM 4096u

const char *compile_file_name(struct arena *arena, const struct vm *vm, enum vm_file which)
{
    return arena_printf(arena, "vm/%s/%s", vm->name, vm_file_names[which]);
}

/* Errors stick: the sequential writer refuses everything after the first one. */
static int write_vm(struct arena *arena, void *fdt, const struct vm *vm)
{
    uint32_t affinity[SCHEMA_MAX_CELLS];
    int error = fdt_begin_node(fdt, vm->name);

    for (uint32_t i = 0; i < vm->affinity.count; i++) {
        affinity[i] = cpu_to_fdt32(vm->affinity.number[i]);
    }
    error |= fdt_property_u32(fdt, "cpus", vm->cpus);
    error |=
        fdt_property(fdt, "affinity", affinity, (int)(vm->affinity.count * sizeof(affinity[0])));
    error |= fdt_property_u32(fdt, "priority", vm->priority);
    error |= fdt_property_u32(fdt, "budget-us", vm->budget_us);
    error |= fdt_property_u32(fdt, "period-us", vm->period_us);
    error |= fdt_property_u64(fdt, "memory", vm->memory);
    for (unsigned which = 0; which < VM_FILES; which++) {
        if (vm->file_names[which] != NULL) {
            error |=
                fdt_property_string(fdt, vm_file_names[which], compile_file_name(arena, vm, which));
        }
    }
    error |= fdt_property_string(fdt, "bootargs", vm->bootargs);
    error |= fdt_property_string(fdt, "restart", vm->restart);
    return error | fdt_end_node(fdt);
}

struct bytes compile_description(struct arena *arena, const struct system *system)
{
    size_t room = ROOM_SYSTEM + system->vms * ROOM_VM;
    void *fdt = arena_alloc(arena, room);
    int error = fdt_create(fdt, (int)room);

    error |= fdt_finish_reservemap(fdt);
    error |= fdt_begin_node(fdt, "");
    error |= fdt_property_string(fdt, "compatible", "bulkhead,system");
    error |= fdt_property_u32(fdt, "bulkhead,compiled", 1);
    error |= fdt_property_string(fdt, "board", system->board->name);
    error |= fdt_begin_node(fdt, "vms");
    for (uint32_t i = 0; i < system->vms; i++) {
        error |= write_vm(arena, fdt, &system->vm[i]);
    }
    error |= fdt_end_node(fdt);
    error |= fdt_end_node(fdt);
    error |= fdt_finish(fdt);
    if (error != 0) {
        return (struct bytes){0};
    }
    return (struct bytes){.data = fdt, .size = fdt_totalsize(fdt)};
}
