/* SPDX-License-Identifier: BSD-2-Clause */
#include "board.h"

#include <stddef.h>
#include <string.h>

#define MIB (UINT64_C(1) << 20)

const char *const board_names[] = {"qemu-virt-aarch64", NULL};

static const struct board boards[] = {
    {
        .name = "qemu-virt-aarch64",
        .cores = 8,
        .cores_sel4 = 4,
        /* QEMU puts its devicetree at the start of RAM, and the kernel begins at 0x60000000. */
        .ram = 0x40000000,
        .load_address = 0x40200000,
        .load_limit = 0x60000000,
        .memory = 2048 * MIB,
        .memory_system = 32 * MIB,
        /* 2^17 slots, of which the manager keeps an eighth for all other objects. */
        .image_pages = (1u << 17) - (1u << 14),
        .machine = "virt,virtualization=on",
        .qemu_memory = 2048,
    },
};

const struct board *board_find(const char *name)
{
    for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
        if (strcmp(boards[i].name, name) == 0) {
            return &boards[i];
        }
    }
    return NULL;
}
