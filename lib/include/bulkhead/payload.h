/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the loader finds behind itself in a boot image.
 *
 * A boot image is: loader binary (flat, position independent, begins with the headers of a Linux
 * arm64 Image and of an EFI application), padded to 4 KiB; this header on that boundary; then the
 * kernel's ELF file and the user image, each on a 4 KiB boundary. The tool writes the size of the
 * whole boot image into both headers of the loader; the loader touches nothing beyond it. The user
 * image is the root task's segments flattened (bss included as zeroes) and, on the next 4 KiB
 * boundary, the archive.
 */
#ifndef BULKHEAD_PAYLOAD_H
#define BULKHEAD_PAYLOAD_H

#include <stdint.h>

#define BH_PAYLOAD_MAGIC   UINT64_C(0x444c594150484b42) /* "BKHPAYLD" in memory order */
#define BH_PAYLOAD_VERSION 1u

struct bh_payload {
    uint64_t magic;
    uint32_t version;
    uint32_t cores;         /* enter the kernel on this many; 0 = all of the devicetree, up to 8 */
    uint64_t kernel_offset; /* bytes from this header, multiple of 4096 */
    uint64_t kernel_size;   /* bytes of the ELF file */
    uint64_t user_offset;   /* bytes from this header, multiple of 4096 */
    uint64_t user_size;     /* bytes, multiple of 4096 */
    uint64_t user_vaddr;    /* virtual address of the user image's first byte, multiple of 4096 */
    uint64_t user_entry;    /* virtual address */
};

_Static_assert(sizeof(struct bh_payload) == 64, "payload layout");

#endif
