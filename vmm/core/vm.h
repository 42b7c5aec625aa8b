/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual machine: memory, bus, vCPUs, devices. One per VMM.
 */
#ifndef VMM_CORE_VM_H
#define VMM_CORE_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/guest_memory.h"
#include "core/log.h"
#include "core/region.h"
#include "core/vcpu.h"

#define VM_MAX_VCPUS   8u
#define VM_MAX_DEVICES 16u

struct device;

struct vm {
    struct guest_memory memory;
    struct region_bus bus;
    struct vm_arch arch;
    struct log_limit guest_log; /* lines about the guest's mistakes */
    uint64_t tick_hz;           /* of the system counter */
    unsigned vcpus;
    unsigned devices;
    struct device *device[VM_MAX_DEVICES];
    struct vcpu vcpu[VM_MAX_VCPUS];
};

#endif
