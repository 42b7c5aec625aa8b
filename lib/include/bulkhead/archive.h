/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The archive: files the root task finds behind its own image.
 *
 * Written by the host tool, read by the manager. Every file starts on a 4 KiB boundary so that its
 * frames can be mapped into another domain as they are. Little endian, naturally aligned.
 *
 * Names: "system.dtb" (the compiled description), "prog/<program>" (ELF files of the other
 * programs), "vm/<vm>/kernel", "vm/<vm>/initrd", "vm/<vm>/overlay". Entries may share their bytes.
 */
#ifndef BULKHEAD_ARCHIVE_H
#define BULKHEAD_ARCHIVE_H

#include <stdint.h>

#define BH_ARCHIVE_MAGIC    UINT64_C(0x5648435241484b42) /* "BKHARCHV" in memory order */
#define BH_ARCHIVE_VERSION  1u
#define BH_ARCHIVE_NAME_MAX 112u /* including the terminating NUL */
#define BH_ARCHIVE_ALIGN    4096u

struct bh_archive_entry {
    char name[BH_ARCHIVE_NAME_MAX];
    uint64_t offset; /* bytes from the archive's first byte, multiple of BH_ARCHIVE_ALIGN */
    uint64_t size;   /* bytes */
};

struct bh_archive_header {
    uint64_t magic;
    uint32_t version;
    uint32_t count; /* number of entries that follow this header */
    uint64_t size;  /* bytes, header and padding included; multiple of BH_ARCHIVE_ALIGN */
    uint64_t reserved;
};

_Static_assert(sizeof(struct bh_archive_entry) == 128, "archive entry layout");
_Static_assert(sizeof(struct bh_archive_header) == 32, "archive header layout");

#endif
