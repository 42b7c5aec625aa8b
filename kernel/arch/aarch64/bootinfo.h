/* SPDX-License-Identifier: BSD-2-Clause */
/* seL4_BootInfo, as the root task reads it. */
#ifndef KEEL_AARCH64_BOOTINFO_H
#define KEEL_AARCH64_BOOTINFO_H

#include "types.h"

#define BOOTINFO_MAX_UNTYPED 230
#define BOOTINFO_ID_FDT      6

/* Slots of the initial capabilities. */
enum initial_slot {
    SLOT_TCB = 1,
    SLOT_CNODE,
    SLOT_VSPACE,
    SLOT_IRQ_CONTROL,
    SLOT_ASID_CONTROL,
    SLOT_ASID_POOL,
    SLOT_BOOTINFO = 9,
    SLOT_IPC_BUFFER,
    SLOT_DOMAIN,
    SLOT_SC = 14,
    SLOT_SMC,
    SLOT_FIRST_FREE,
};

struct slot_region {
    word start;
    word end; /* exclusive */
};

struct untyped_desc {
    uint64_t paddr;
    uint8_t bits;
    uint8_t device;
    uint8_t padding[6];
};

struct bootinfo {
    word extra_len; /* bytes of extra info */
    word node_id;
    word num_nodes;
    word num_io_pt_levels;
    word ipc_buffer;
    struct slot_region empty;
    struct slot_region shared_frames;
    struct slot_region image_frames;
    struct slot_region image_paging;
    struct slot_region io_space_caps;
    struct slot_region extra_pages;
    word cnode_bits;
    word domain;
    struct slot_region sched_control;
    struct slot_region untyped;
    struct untyped_desc untyped_list[BOOTINFO_MAX_UNTYPED];
};

_Static_assert(offsetof(struct bootinfo, cnode_bits) == 136, "the ABI fixes the layout");
_Static_assert(sizeof(struct bootinfo) == 3864, "the ABI fixes the layout");

/* Extra info at bootinfo + one page. */
struct bootinfo_header {
    word id;
    word len; /* with this header */
};

#endif
