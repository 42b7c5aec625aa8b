/* SPDX-License-Identifier: BSD-2-Clause */
/* Boards a description can name, as far as the host tool has to know them. */
#ifndef BULKHEAD_TOOL_BOARD_H
#define BULKHEAD_TOOL_BOARD_H

#include <stdint.h>

struct board {
    const char *name;
    uint32_t cores;         /* most that it has */
    uint32_t cores_sel4;    /* cores of a kernel of the reference configuration */
    uint64_t ram;           /* where its RAM begins */
    uint64_t load_address;  /* of a boot image, 2 MiB aligned */
    uint64_t load_limit;    /* first address that a boot image must not reach: kernel memory */
    uint64_t memory;        /* bytes the kernel manages */
    uint64_t memory_system; /* of it, kept for kernel, manager and servers besides the user image
                               and what the VMs cost (overhead.h) */
    uint32_t image_pages;   /* 4 KiB frames of user image that the root CNode leaves room for */
    const char *machine;    /* QEMU's -M */
    uint32_t qemu_memory;   /* QEMU's -m, MiB: fixed, because seL4's is */
};

/* NULL-terminated names, for the schema. */
extern const char *const board_names[];

/* The board `name`, or NULL. */
const struct board *board_find(const char *name);

#endif
