/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading a guest: kernel, initrd and devicetree into guest RAM. Everything given is hostile; all
 * that is wrong with it is said in one line.
 */
#ifndef VMM_CORE_BOOT_H
#define VMM_CORE_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guest_memory;

#define BOOT_ERROR_MAX 64

struct boot_blob {
    const uint8_t *bytes;
    uint64_t size; /* 0 = absent */
};

/* A range of guest-physical addresses. */
struct boot_range {
    uint64_t base;
    uint64_t size;
};

/* What was loaded where. */
struct boot_layout {
    uint64_t entry;
    struct boot_range kernel; /* with its bss */
    struct boot_range initrd; /* size 0 = none */
    uint64_t devicetree;
    uint64_t devicetree_room; /* bytes reserved for it */
    char error[BOOT_ERROR_MAX];
};

/*
 * Put the kernel into guest memory: arm64 Image, gzip'd Image, ELF or flat binary. Fills entry and
 * kernel. workspace: BH_GUNZIP_WORKSPACE bytes, for packed kernels. False with layout->error set if
 * it cannot be loaded.
 */
bool boot_load_kernel(const struct guest_memory *memory, const struct boot_blob *kernel,
                      void *workspace, struct boot_layout *layout);

/*
 * Choose a place for the devicetree (room bytes) and the initrd: below the end of the kernel's
 * bank, the devicetree uppermost, so that a kernel's bss and stack have room. Copies the initrd.
 */
bool boot_place_rest(const struct guest_memory *memory, const struct boot_blob *initrd,
                     uint64_t room, struct boot_layout *layout);

#endif
