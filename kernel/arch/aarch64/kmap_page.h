/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptors of EL2's translation tables (Arm ARM D5.3, VMSAv8-64, 4 KiB granule), and what each
 * page of the kernel's image may be used for. Pure.
 */
#ifndef KEEL_AARCH64_KMAP_PAGE_H
#define KEEL_AARCH64_KMAP_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#define DESC_BLOCK 1ull
#define DESC_TABLE 3ull
#define DESC_PAGE  3ull
#define DESC_AP1   (1ull << 6) /* RES1 where there is one privilege level */
#define DESC_RO    (1ull << 7)
#define DESC_SH_IS (3ull << 8)
#define DESC_AF    (1ull << 10)
#define DESC_XN    (1ull << 54)
/* Attribute indices fixed by the boot protocol: 0 is device nGnRnE, 4 is normal write-back. */
#define DESC_DEVICE (DESC_AF | DESC_AP1 | DESC_XN | 0ull << 2)
#define DESC_NORMAL (DESC_AF | DESC_AP1 | DESC_SH_IS | 4ull << 2)

/* What memory of the kernel may be used for: no more than two of read, write, execute. */
#define DESC_CODE     (DESC_NORMAL | DESC_RO)
#define DESC_CONSTANT (DESC_NORMAL | DESC_RO | DESC_XN)
#define DESC_DATA     (DESC_NORMAL | DESC_XN)

/* Where the parts of the image begin; each ends where the next begins. Page aligned. */
struct kmap_image {
    uint64_t boot; /* code that is gone after booting */
    uint64_t code;
    uint64_t constants;
    uint64_t data; /* and whatever memory is behind */
};

/* DESC_CODE, DESC_CONSTANT or DESC_DATA for the page at an address. */
static inline uint64_t kmap_page_use(const struct kmap_image *image, uint64_t address, bool booting)
{
    if (address < image->boot || address >= image->data)
        return DESC_DATA;
    if (address >= image->constants)
        return DESC_CONSTANT;
    return address >= image->code || booting ? DESC_CODE : DESC_DATA;
}

#endif
