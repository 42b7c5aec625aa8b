/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task, and what it is told and given. */
#ifndef KEEL_AARCH64_ROOT_TASK_H
#define KEEL_AARCH64_ROOT_TASK_H

#include "platform.h"
#include "types.h"

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

#endif
