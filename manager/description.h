/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The compiled system description as the manager sees it. The host tool has checked it and filled
 * in defaults; it is checked again here, because what is packed may come from elsewhere.
 */
#ifndef MANAGER_DESCRIPTION_H
#define MANAGER_DESCRIPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bulkhead/archive.h>
#include <bulkhead/start.h>

#include "lifecycle.h"

#define DESCRIPTION_MAX_VMS BH_MAX_VMS
#define VM_NAME_MAX         17u                 /* [a-z][a-z0-9-]{0,15} and NUL */
#define VM_MEMORY_UNIT      (UINT64_C(2) << 20) /* guest RAM is a multiple of this */

#define DESCRIPTION_MAX_WINDOWS 16u
#define WINDOW_UNIT             UINT64_C(4096) /* sizes and addresses of windows are multiples */
#define WINDOW_MAX              (UINT64_C(64) << 20)

/* Memory that VMs share. */
struct window_config {
    char name[VM_NAME_MAX];
    uint64_t size; /* bytes */
};

struct vm_bank {
    uint64_t ipa;
    uint64_t size; /* bytes */
    bool hidden;   /* not in the guest's devicetree */
};

/* A VM's view of a window. */
struct vm_share {
    unsigned window;
    uint64_t ipa;
    bool writable;
};

struct vm_config {
    char name[VM_NAME_MAX];
    unsigned cpus;
    unsigned affinity[BH_MAX_VCPUS]; /* vCPU n -> core */
    unsigned priority[BH_MAX_VCPUS];
    uint32_t budget_us[BH_MAX_VCPUS];
    uint32_t period_us[BH_MAX_VCPUS];
    uint64_t memory; /* bytes, all banks together */
    unsigned banks;
    struct vm_bank bank[BH_MAX_RAM_BANKS]; /* the guest boots in the first one */
    unsigned shares;
    struct vm_share share[BH_MAX_WINDOWS];
    char kernel[BH_ARCHIVE_NAME_MAX]; /* names in the archive; "" = absent */
    char initrd[BH_ARCHIVE_NAME_MAX];
    char overlay[BH_ARCHIVE_NAME_MAX];
    char bootargs[BH_BOOTARGS_MAX];
    enum life_policy restart;
};

struct description {
    bool dump_capabilities; /* say what every domain has, once all VMs run */
    unsigned windows;
    struct window_config window[DESCRIPTION_MAX_WINDOWS];
    unsigned vms;
    struct vm_config vm[DESCRIPTION_MAX_VMS];
};

/* Where and why a description was refused. text is "" if it was not. */
struct description_error {
    char node[32];
    const char *text;
};

/* Read the devicetree blob of size bytes; cores = cores that the kernel runs. */
bool description_read(const void *blob, size_t size, unsigned cores,
                      struct description *description, struct description_error *error);

/* True if vCPU n has a reservation; if not, it has no limit. */
bool description_limited(const struct vm_config *vm, unsigned n);

/*
 * Priority of the thread that serves vCPU n: one above it, and not below the threads of the VM's
 * other vCPUs without limit on that core. They share spin locks: one that waited for a lock would
 * keep a thread of lower priority, whose lock it is, from ever running. Among vCPUs with
 * reservations a budget's end ends such a wait.
 */
unsigned description_vmm_priority(const struct vm_config *vm, unsigned n);

#endif
