/* SPDX-License-Identifier: BSD-2-Clause */
#include "arch/aarch64/board.h"

#include <libfdt.h>
#include <stdio.h>

#include "arch/aarch64/fdt.h"
#include "arch/aarch64/gic.h"
#include "core/host.h"

static bool fail(struct board *board, const char *what)
{
    snprintf(board->layout.error, sizeof(board->layout.error), "%s", what);
    return false;
}

/* The second of the calendar, counted from 1970 modulo 2^32, at which the host's counter was 0. */
static uint32_t epoch(const struct board_config *config)
{
    const struct bh_start_clock *clock = &config->clock;
    uint64_t since = config->tick_hz == 0 ? 0 : clock->ticks / config->tick_hz;
    return (uint32_t)(clock->seconds - since);
}

bool board_init(struct board *board, const struct board_config *config)
{
    board->vm.memory = config->memory;
    if (config->memory.banks == 0) {
        return fail(board, "the VM has no memory");
    }
    if (config->vcpus == 0 || config->vcpus > VM_MAX_VCPUS) {
        return fail(board, "number of vCPUs is not 1..8");
    }
    if (!gic_attach(&board->vm, &board->vgic, config->gic_version)) {
        return fail(board, "interrupt controller cannot be set up");
    }
    if (!pl011_attach(&board->uart, &board->vm, BOARD_PL011_BASE, BOARD_PL011_INTID,
                      &config->console) ||
        !pl031_attach(&board->rtc, &board->vm, BOARD_PL031_BASE, BOARD_PL031_INTID,
                      epoch(config))) {
        return fail(board, "devices cannot be set up");
    }
    return true;
}

static bool write_devicetree(struct board *board, const struct board_config *config)
{
    struct boot_layout *layout = &board->layout;
    struct fdt_request request = {
        .bootargs = config->bootargs,
        .initrd = layout->initrd,
        .overlay = config->overlay,
        .overlay_workspace = board->overlay_workspace,
        .overlay_space = sizeof(board->overlay_workspace),
        .window = config->window,
        .windows = config->windows,
    };
    bool overlay_failed = false;
    void *fdt = guest_memory_at(&board->vm.memory, layout->devicetree, layout->devicetree_room);
    if (fdt == NULL) {
        return fail(board, "no room for the devicetree");
    }
    int error = fdt_build(&board->vm, &request, fdt, layout->devicetree_room, &overlay_failed);
    if (error != 0) {
        snprintf(layout->error, sizeof(layout->error), "%s: %s",
                 overlay_failed ? "devicetree overlay" : "devicetree", fdt_strerror(error));
        return false;
    }
    return true;
}

bool board_load(struct board *board, const struct board_config *config)
{
    struct boot_layout *layout = &board->layout;
    if (!boot_load_kernel(&board->vm.memory, &config->kernel, board->gunzip_workspace, layout) ||
        !boot_place_rest(&board->vm.memory, &config->initrd, BOARD_DTB_ROOM, layout) ||
        !write_devicetree(board, config)) {
        return false;
    }
    struct boot_range parts[] = {
        layout->kernel, layout->initrd, {layout->devicetree, layout->devicetree_room}};
    for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        void *bytes = guest_memory_at(&board->vm.memory, parts[i].base, parts[i].size);
        if (bytes != NULL) {
            host_publish(bytes, parts[i].size);
        }
    }
    return true;
}
