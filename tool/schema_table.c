/* SPDX-License-Identifier: BSD-2-Clause */
#include <bulkhead/schedule.h>
#include <bulkhead/start.h>

#include "schema.h"
#include "system.h"

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)

static const char *const system_compatible[] = {"bulkhead,system", NULL};
static const char *const restart_policies[] = {"never", "on-failure", "always", NULL};

static const struct schema_property root_properties[] = {
    {
        .name = "compatible",
        .kind = SCHEMA_CHOICE,
        .offset = offsetof(struct system, compatible),
        .required = true,
        .choices = system_compatible,
        .example = "\"bulkhead,system\"",
        .meaning = "says that this is a system description",
    },
    {
        .name = "board",
        .kind = SCHEMA_CHOICE,
        .offset = offsetof(struct system, board_name),
        .required = true,
        .choices = board_names,
        .example = "\"qemu-virt-aarch64\"",
        .meaning = "the machine that the system is for",
    },
    {
        .name = "dump-capabilities",
        .kind = SCHEMA_FLAG,
        .offset = offsetof(struct system, dump_capabilities),
        .example = "",
        .meaning = "have the manager print, once all VMs run, which domain has which frames",
    },
    {0},
};

static const struct schema_child root_children[] = {
    {.name = "vms", .required = true, .meaning = "the virtual machines"},
    {.name = "windows", .meaning = "memory that VMs share"},
    {.name = "switch", .later = true, .meaning = "a network switch"},
    {.name = "storage", .later = true, .meaning = "a storage server"},
    {.name = "policy", .later = true, .meaning = "a policy of what may happen at run time"},
    {0},
};

static const struct schema_property no_properties[] = {{0}};

static const struct schema_child vms_children[] = {
    {.meaning = "a VM; the node's name is the VM's name: a letter a-z, then up to 15 of a-z, 0-9 "
                "and -"},
    {0},
};

static const struct schema_child windows_children[] = {
    {.meaning = "a window; the node's name is the window's name, formed as that of a VM"},
    {0},
};

static const struct schema_property window_properties[] = {
    {
        .name = "size",
        .kind = SCHEMA_SIZE,
        .offset = offsetof(struct window, size),
        .required = true,
        .min = 4 * KIB,
        .max = 64 * MIB,
        .example = "\"64K\"",
        .meaning = "how much memory is shared; all zero at first, and it stays when VMs restart",
    },
    {0},
};

static const struct schema_child no_children[] = {{0}};

static const struct schema_property bank_properties[] = {
    {
        .name = "size",
        .kind = SCHEMA_SIZE,
        .offset = offsetof(struct vm_bank, size),
        .required = true,
        .min = 2 * MIB,
        .max = 1984 * MIB,
        .example = "\"128M\"",
        .meaning = "size of the bank",
    },
    {
        .name = "hidden",
        .kind = SCHEMA_FLAG,
        .offset = offsetof(struct vm_bank, hidden),
        .example = "",
        .meaning = "the guest has the memory, but its devicetree does not say so",
    },
    {0},
};

static const struct schema_property share_properties[] = {
    {
        .name = "window",
        .kind = SCHEMA_NODE,
        .offset = offsetof(struct vm_share, phandle),
        .required = true,
        .example = "<&LABEL>",
        .meaning = "the window, by the label of its node in /windows",
    },
    {
        .name = "writable",
        .kind = SCHEMA_FLAG,
        .offset = offsetof(struct vm_share, writable),
        .example = "",
        .meaning = "the guest may write there, and not only read",
    },
    {0},
};

static const struct schema_property vm_properties[] = {
    {
        .name = "cpus",
        .kind = SCHEMA_NUMBER,
        .offset = offsetof(struct vm, cpus),
        .min = 1,
        .max = BH_MAX_VCPUS,
        .initial = "<1>",
        .example = "<1>",
        .meaning = "number of vCPUs",
    },
    {
        .name = "affinity",
        .kind = SCHEMA_NUMBERS,
        .offset = offsetof(struct vm, affinity),
        .max = UINT32_MAX,
        .example = "<0>",
        .meaning = "physical core of all vCPUs, or of each one in order; vCPU n is on core n where "
                   "it is left out",
    },
    {
        .name = "priority",
        .kind = SCHEMA_NUMBERS,
        .offset = offsetof(struct vm, priority),
        .min = 1,
        .max = BH_MAX_VM_PRIORITY,
        .example = "<100>",
        .meaning = "scheduling priority of all vCPUs, or of each one; higher runs first; where it "
                   "is left out, 120 with a reservation and 100 without",
    },
    {
        .name = "budget-us",
        .kind = SCHEMA_NUMBERS,
        .offset = offsetof(struct vm, budget_us),
        .min = BH_MIN_BUDGET_US,
        .max = BH_MAX_PERIOD_US,
        .initial = "<10000>",
        .example = "<10000>",
        .meaning =
            "time that each vCPU may run in every period, the VMM's work for it included, in "
            "microseconds; for all vCPUs, or for each one; less than the period is a reservation, "
            "equal to it is no limit",
    },
    {
        .name = "period-us",
        .kind = SCHEMA_NUMBERS,
        .offset = offsetof(struct vm, period_us),
        .min = BH_MIN_PERIOD_US,
        .max = BH_MAX_PERIOD_US,
        .initial = "<10000>",
        .example = "<10000>",
        .meaning = "length of a period in microseconds; for all vCPUs, or for each one",
    },
    {
        .name = "memory",
        .kind = SCHEMA_SIZE,
        .offset = offsetof(struct vm, memory),
        .min = 2 * MIB,
        .max = 1984 * MIB,
        .example = "\"512M\"",
        .meaning = "guest RAM, which the guest sees at 0x40000000; required unless there are nodes "
                   "ram@ADDRESS",
    },
    {
        .name = "kernel",
        .kind = SCHEMA_FILE,
        .offset = offsetof(struct vm, file_names[VM_KERNEL]),
        .required = true,
        .max = 1024,
        .example = "\"FILE\"",
        .meaning = "what the VM boots: a Linux arm64 Image (also gzip'd), an ELF file or a flat "
                   "binary",
    },
    {
        .name = "initrd",
        .kind = SCHEMA_FILE,
        .offset = offsetof(struct vm, file_names[VM_INITRD]),
        .max = 1024,
        .example = "\"FILE\"",
        .meaning = "initial RAM disk",
    },
    {
        .name = "overlay",
        .kind = SCHEMA_FILE,
        .offset = offsetof(struct vm, file_names[VM_OVERLAY]),
        .max = 1024,
        .example = "\"FILE\"",
        .meaning = "devicetree overlay that is merged into the guest's devicetree last: source "
                   "(.dts, .dtso) or compiled (.dtbo)",
    },
    {
        .name = "bootargs",
        .kind = SCHEMA_TEXT,
        .offset = offsetof(struct vm, bootargs),
        .max = BH_BOOTARGS_MAX - 1,
        .initial = "\"\"",
        .example = "\"console=ttyAMA0\"",
        .meaning = "the guest kernel's command line",
    },
    {
        .name = "restart",
        .kind = SCHEMA_CHOICE,
        .offset = offsetof(struct vm, restart),
        .choices = restart_policies,
        .initial = "\"never\"",
        .example = "\"never\"",
        .meaning = "when the VM is started again after it has ended; a reset by the guest "
                   "itself always starts it anew",
    },
    {0},
};

static const struct schema_child vm_children[] = {
    {.name = "ram",
     .addressed = true,
     .meaning = "a bank of RAM at a guest-physical address, instead of \"memory\""},
    {.name = "window", .addressed = true, .meaning = "a window, seen at a guest-physical address"},
    {.name = "net", .later = true, .meaning = "a network device"},
    {.name = "disk", .later = true, .meaning = "a disk"},
    {.name = "console", .later = true, .meaning = "a virtio console"},
    {.name = "channel", .later = true, .meaning = "a connection to another VM"},
    {.name = "vsock", .later = true, .meaning = "a socket device"},
    {.name = "passthrough", .later = true, .meaning = "a device of the board"},
    {0},
};

const struct schema_node schema_root = {
    .path = "/", .what = "a system", .properties = root_properties, .children = root_children};
const struct schema_node schema_vms = {
    .path = "/vms", .what = "vms", .properties = no_properties, .children = vms_children};
const struct schema_node schema_vm = {
    .path = "/vms/NAME", .what = "a VM", .properties = vm_properties, .children = vm_children};
const struct schema_node schema_windows = {.path = "/windows",
                                           .what = "windows",
                                           .properties = no_properties,
                                           .children = windows_children};
const struct schema_node schema_window = {.path = "/windows/NAME",
                                          .what = "a window",
                                          .properties = window_properties,
                                          .children = no_children};
const struct schema_node schema_bank = {.path = "/vms/NAME/ram@ADDRESS",
                                        .what = "a bank of RAM",
                                        .properties = bank_properties,
                                        .children = no_children};
const struct schema_node schema_share = {.path = "/vms/NAME/window@ADDRESS",
                                         .what = "a VM's view of a window",
                                         .properties = share_properties,
                                         .children = no_children};
