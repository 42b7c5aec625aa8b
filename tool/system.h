/* SPDX-License-Identifier: BSD-2-Clause */
/* A system description after all checks: the host tool's own form of it. */
#ifndef BULKHEAD_TOOL_SYSTEM_H
#define BULKHEAD_TOOL_SYSTEM_H

#include <bulkhead/start.h>

#include "board.h"
#include "dts.h"
#include "schema.h"

#define SYSTEM_MAX_VMS     BH_MAX_VMS
#define SYSTEM_MAX_WINDOWS 16u

enum vm_file {
    VM_KERNEL,
    VM_INITRD,
    VM_OVERLAY,
    VM_FILES,
};

struct vm_contents {
    const char *path;  /* NULL: the description names no such file */
    uint64_t size;     /* bytes, of `path` or of `made` */
    struct bytes made; /* contents that are not those of `path` (a compiled overlay) */
    struct bytes read; /* contents of `path`, once they were read */
    bool again;        /* a VM before this one names the same file: it is packed once */
};

/* Memory that VMs share. */
struct window {
    const struct dts_node *node;
    const char *name;
    uint64_t size; /* bytes */
    uint32_t users;
    bool written; /* by one of them at least */
};

struct vm_bank {
    const struct dts_node *node; /* the VM's, where "memory" says it all */
    uint64_t base;               /* guest-physical */
    uint64_t size;               /* bytes */
    bool hidden;
};

/* A VM's view of a window. */
struct vm_share {
    const struct dts_node *node;
    uint32_t phandle;
    uint32_t window; /* index in struct system */
    uint64_t base;   /* guest-physical */
    bool writable;
};

struct vm {
    const struct dts_node *node;
    const char *name;
    uint32_t cpus;
    /* One number per vCPU. */
    struct schema_numbers affinity;
    struct schema_numbers priority;
    struct schema_numbers budget_us;
    struct schema_numbers period_us;
    uint64_t memory; /* bytes, all banks together */
    uint32_t banks;
    struct vm_bank bank[BH_MAX_RAM_BANKS]; /* the first one is what the VM boots in */
    uint32_t shares;
    struct vm_share share[BH_MAX_WINDOWS];
    const char *file_names[VM_FILES]; /* as written, NULL = left out */
    struct vm_contents files[VM_FILES];
    const char *bootargs;
    const char *restart;
};

struct system {
    const char *source; /* the description's file name */
    const char *folder; /* file names are relative to it */
    const struct dts_node *root;
    const char *compatible;
    const char *board_name;
    bool dump_capabilities;
    const struct board *board;
    uint32_t windows;
    struct window window[SYSTEM_MAX_WINDOWS];
    const struct dts_node *vms_node;
    uint32_t vms;
    struct vm vm[SYSTEM_MAX_VMS];
    uint32_t cores; /* cores that the VMs name: highest number + 1 */
};

/* The property that names a VM's file; also the last part of the file's name in the archive. */
extern const char *const vm_file_names[VM_FILES];

/*
 * Reads and checks the description `file`, guest files included. `cores` limits the cores that may
 * be named, 0 = the board's. Returns false after one line.
 */
bool system_load(struct arena *arena, const char *file, uint32_t cores, struct system *system);

/* Whether `node` may be the name of a VM or window (`what`). Returns false after one line. */
bool system_name(const struct dts_node *node, const char *what);

/* Reads and checks the files that `vm` names (guest.c). Returns false after one line. */
bool guest_files(struct arena *arena, const struct system *system, struct vm *vm);

/*
 * Whether a user image of `size` bytes and the VMs' memory fit the board. Returns false after one
 * line.
 */
bool system_fits(const struct system *system, uint64_t size);

#endif
