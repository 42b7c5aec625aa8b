/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task, what it is told and given, and where its objects lie. */
#ifndef KEEL_AARCH64_ROOT_TASK_H
#define KEEL_AARCH64_ROOT_TASK_H

#include "arch.h"
#include "platform.h"
#include "regions.h"

/* As the loader describes it. */
struct root_image {
    word start; /* physical, page aligned */
    word end;
    word offset; /* physical minus virtual address */
    word entry;  /* virtual */
    word dtb;    /* physical, 0 if none */
    word dtb_size;
};

/* Makes the root task and all that it owns, ready to run on the boot core. */
void root_task_create(const struct platform *platform, const struct root_image *image,
                      word kernel_end);

/* --- root_memory.c --- */

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
