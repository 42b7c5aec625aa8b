/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where everything goes: kernel at the physical addresses of its segments, the devicetree behind
 * it, the user image behind that, each on a 4 KiB boundary.
 */
#ifndef LOADER_PLAN_H
#define LOADER_PLAN_H

#include "facts.h"

#include <bulkhead/elf.h>
#include <bulkhead/payload.h>

#define PLAN_FDT_MAX 0x20000u /* bytes of a devicetree, packed */

struct plan_input {
    struct range loader; /* this program; the payload header follows */
    const struct bh_payload *payload;
    const struct bh_elf *kernel;
    uint64_t fdt_size; /* bytes, PLAN_FDT_MAX at most; its copy is inside the loader */
    const struct range *bank;
    unsigned banks;
};

struct plan {
    struct range kernel; /* destination */
    uint64_t offset;     /* kernel's virtual address minus physical address */
    uint64_t fdt;        /* destination */
    struct range user;   /* destination */
};

/* Check the header against the `space` bytes from it to the end of the boot image. Returns NULL or
 * a sentence. */
const char *plan_check_payload(const struct bh_payload *payload, uint64_t space);

/*
 * Lay out. The payload must have passed plan_check_payload. Guarantees for the copying order user
 * image (memmove), kernel segments, devicetree: nothing is overwritten before it has been read.
 * Returns NULL or a sentence.
 */
const char *plan_layout(const struct plan_input *in, struct plan *plan);

#endif
