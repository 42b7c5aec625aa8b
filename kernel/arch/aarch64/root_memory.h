/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KEEL_AARCH64_ROOT_MEMORY_H
#define KEEL_AARCH64_ROOT_MEMORY_H

#include <sel4/abi/config.h>

#include "arch.h"
#include "regions.h"
#include "root_task.h"

struct root_memory {
    struct region_list ram;    /* free */
    struct region_list device; /* everything that is neither RAM nor the kernel's */
};

/* Physical addresses of the root task's objects. */
struct root_objects {
    word image_vaddr, end_vaddr; /* in: of everything that is mapped */
    word extra_pages;            /* in */
    word num_tables;
    word cnode, vspace, extra, asid_pool, ipc_buffer, bootinfo, tables, tcb, sc;
};

/* Finds out what is free; the boot fails if the loader's images are not in free memory. */
void root_memory_find(struct root_memory *memory, const struct platform *platform,
                      const struct root_image *image, word kernel_end);

/* Takes zeroed room for the objects from the top of memory. */
void root_memory_carve(struct root_memory *memory, struct root_objects *objects);

#endif
