/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's devicetree: what the machine is, each device's own node, then the user's overlay. */
#ifndef VMM_ARCH_AARCH64_FDT_H
#define VMM_ARCH_AARCH64_FDT_H

#include <stddef.h>
#include <stdint.h>

#include "core/boot.h"

struct guest_window;
struct vm;

/* What fdt_build() needs beyond the VM itself. */
struct fdt_request {
    const char *bootargs;
    struct boot_range initrd; /* size 0 = none */
    struct boot_blob overlay; /* size 0 = none; not trusted */
    void *overlay_workspace;  /* as large as the overlay: libfdt works on a copy */
    size_t overlay_space;     /* bytes there */
    const struct guest_window *window;
    unsigned windows;
};

/* Write the devicetree to fdt[0..size). Returns 0 or a libfdt error; *overlay_failed (in: false)
 * tells whether it is the overlay's. */
int fdt_build(const struct vm *vm, const struct fdt_request *request, void *fdt, size_t size,
              bool *overlay_failed);

#endif
