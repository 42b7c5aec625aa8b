/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual board: the devices of a VM and the guest in its memory. */
#ifndef VMM_ARCH_AARCH64_BOARD_H
#define VMM_ARCH_AARCH64_BOARD_H

#include <bulkhead/gunzip.h>
#include <bulkhead/overlay.h>
#include <bulkhead/start.h>
#include <stdbool.h>
#include <stdint.h>

#include "arch/aarch64/vgic/vgic.h"
#include "core/boot.h"
#include "core/vm.h"
#include "devices/backend.h"
#include "devices/pl011.h"
#include "devices/pl031.h"

/* Addresses and interrupts are those of QEMU's `virt` board. */
#define BOARD_PL011_BASE    UINT64_C(0x09000000)
#define BOARD_PL011_INTID   33u
#define BOARD_PL031_BASE    UINT64_C(0x09010000)
#define BOARD_PL031_INTID   34u
#define BOARD_DTB_ROOM      0x10000u
#define BOARD_OVERLAY_SPACE BH_OVERLAY_MAX

struct board_config {
    unsigned vcpus;
    unsigned gic_version; /* 2 or 3 */
    uint64_t tick_hz;
    struct bh_start_clock clock;
    struct guest_memory memory;
    struct guest_window window[GUEST_MEMORY_WINDOWS];
    unsigned windows;
    struct boot_blob kernel;
    struct boot_blob initrd;
    struct boot_blob overlay;
    const char *bootargs;
    struct byte_backend console;
};

/* A whole machine, except for the host's part of its vCPUs. */
struct board {
    struct vm vm;
    struct vgic vgic;
    struct pl011 uart;
    struct pl031 rtc;
    struct boot_layout layout;
    /* Needed only while the machine is built. */
    _Alignas(16) uint8_t gunzip_workspace[BH_GUNZIP_WORKSPACE];
    _Alignas(16) uint8_t overlay_workspace[BOARD_OVERLAY_SPACE];
};

/* Set up memory, interrupt controller and devices. False with board->layout.error set if the
 * configuration is impossible. The vCPUs' host part has to be attached before or after. */
bool board_init(struct board *board, const struct board_config *config);

/* Load the guest and write its devicetree; entry and x0 are then in board->layout. False with
 * board->layout.error set if something does not fit or is malformed. */
bool board_load(struct board *board, const struct board_config *config);

#endif
