/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files behind the manager's image, and the frames they lie in.
 */
#ifndef MANAGER_ARCHIVE_H
#define MANAGER_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bulkhead/sel4.h>

struct archive_file {
    const void *bytes; /* on a 4 KiB boundary */
    uint64_t size;
};

/* False if there is no valid archive. */
bool archive_init(const seL4_BootInfo *info);

/* Find a file by name; false if there is none. */
bool archive_find(const char *name, struct archive_file *file);

/* Capability of the frame that holds an address of our image; 0 = none. */
seL4_CPtr archive_frame(const void *address);

#endif
