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

static int write_numbers(void *fdt, const char *name, const struct schema_numbers *numbers)
{
    fdt32_t cells[SCHEMA_MAX_CELLS];

    for (uint32_t i = 0; i < numbers->count; i++) {
        cells[i] = cpu_to_fdt32(numbers->number[i]);
    }
    return fdt_property(fdt, name, cells, (int)(numbers->count * sizeof(cells[0])));
}

/* Triples of 64-bit numbers: ram has guest-physical address, size, hidden; windows has index of the
 * window, guest-physical address, writable. */
static int write_memory(void *fdt, const struct vm *vm)
{
    fdt64_t ram[BH_MAX_RAM_BANKS][3], windows[BH_MAX_WINDOWS][3];
    int error;

    for (uint32_t i = 0; i < vm->banks; i++) {
        const struct vm_bank *bank = &vm->bank[i];

        ram[i][0] = cpu_to_fdt64(bank->base);
        ram[i][1] = cpu_to_fdt64(bank->size);
        ram[i][2] = cpu_to_fdt64(bank->hidden);
    }
    for (uint32_t i = 0; i < vm->shares; i++) {
        const struct vm_share *share = &vm->share[i];

        windows[i][0] = cpu_to_fdt64(share->window);
        windows[i][1] = cpu_to_fdt64(share->base);
        windows[i][2] = cpu_to_fdt64(share->writable);
    }
    error = fdt_property(fdt, "ram", ram, (int)(vm->banks * sizeof(ram[0])));
    if (vm->shares > 0) {
        error |= fdt_property(fdt, "windows", windows, (int)(vm->shares * sizeof(windows[0])));
    }
    return error;
}

/* In the order of their indices. */
static int write_windows(void *fdt, const struct system *system)
{
    int error = fdt_begin_node(fdt, "windows");

    for (uint32_t i = 0; i < system->windows; i++) {
        error |= fdt_begin_node(fdt, system->window[i].name);
        error |= fdt_property_u64(fdt, "size", system->window[i].size);
        error |= fdt_end_node(fdt);
    }
    return error | fdt_end_node(fdt);
}

/* Errors stick: the sequential writer refuses everything after the first one. */
static int write_vm(struct arena *arena, void *fdt, const struct vm *vm)
{
    int error = fdt_begin_node(fdt, vm->name);

    error |= fdt_property_u32(fdt, "cpus", vm->cpus);
    error |= write_numbers(fdt, "affinity", &vm->affinity);
    error |= write_numbers(fdt, "priority", &vm->priority);
    error |= write_numbers(fdt, "budget-us", &vm->budget_us);
    error |= write_numbers(fdt, "period-us", &vm->period_us);
    error |= write_memory(fdt, vm);
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
    if (system->dump_capabilities) {
        error |= fdt_property(fdt, "dump-capabilities", NULL, 0);
    }
    error |= write_windows(fdt, system);
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
