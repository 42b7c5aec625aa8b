/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest memory: the one way from a guest-physical address to bytes.
 *
 * Every address and length that comes from a guest, an image or a description goes through here.
 * Arithmetic cannot wrap; a range that is not wholly inside one bank is refused. The guest may
 * change the bytes at any time: copy first, then check.
 */
#ifndef VMM_CORE_GUEST_MEMORY_H
#define VMM_CORE_GUEST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUEST_MEMORY_BANKS   4u
#define GUEST_MEMORY_WINDOWS 8u

struct guest_bank {
    uint64_t base;  /* guest-physical address */
    uint64_t size;  /* bytes */
    uint8_t *bytes; /* the same memory here */
    bool hidden;    /* the guest is not told of it */
};

/* Memory that the guest shares with other VMs. It is not ours to touch. */
struct guest_window {
    const char *name;
    uint64_t base; /* guest-physical address */
    uint64_t size; /* bytes */
    bool writable;
};

struct guest_memory {
    struct guest_bank bank[GUEST_MEMORY_BANKS];
    unsigned banks;
};

/* Add a bank. Returns false if it is empty, wraps, overlaps another, or there are too many. */
bool guest_memory_add(struct guest_memory *memory, uint64_t base, uint64_t size, void *bytes);

/* The bytes [address, address + size) of the guest, or NULL if they are not all in one bank.
 * size 0 is refused. */
void *guest_memory_at(const struct guest_memory *memory, uint64_t address, uint64_t size);

/* Copy out of or into guest memory; false (and nothing copied) if the range is not RAM. */
bool guest_memory_read(const struct guest_memory *memory, uint64_t address, void *to, size_t size);
bool guest_memory_write(const struct guest_memory *memory, uint64_t address, const void *from,
                        size_t size);

#endif
