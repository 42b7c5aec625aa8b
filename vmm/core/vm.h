/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual machine: memory, bus, vCPUs, devices. One per VMM.
 */
#ifndef VMM_CORE_VM_H
#define VMM_CORE_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/guest_memory.h"
#include "core/host.h"
#include "core/log.h"
#include "core/region.h"
#include "core/stats.h"
#include "core/vcpu.h"

#define VM_MAX_VCPUS   8u
#define VM_MAX_DEVICES 16u

_Static_assert(VM_MAX_VCPUS <= BH_STATS_VCPUS, "room for all counters");

struct device;

struct vm {
    struct guest_memory memory;
    struct region_bus bus;
    struct vm_arch arch;
    struct log_limit guest_log; /* lines about the guest's mistakes */
    uint64_t tick_hz;           /* of the system counter */
    uint64_t alarm;             /* atomic: when devices want HOST_EVENT_TIMER; UINT64_MAX = never */
    uint32_t put_off;           /* atomic: a device wants DEVICE_EVENT_IDLE */
    unsigned vcpus;
    unsigned devices;
    struct device *device[VM_MAX_DEVICES];
    struct vcpu vcpu[VM_MAX_VCPUS];
};

/* Start with nothing but vCPUs that are off. vcpus is clamped to VM_MAX_VCPUS. stats: all 0, for as
 * long as the VM lives. */
void vm_init(struct vm *vm, unsigned vcpus, uint64_t tick_hz, struct bh_stats *stats);

/* Make a device known (its regions are added apart). Returns false if there are too many. */
bool vm_add_device(struct vm *vm, struct device *device);

/* Have the devices told of HOST_EVENT_TIMER at deadline (system counter), or earlier. Any thread.
 */
void vm_set_alarm(struct vm *vm, uint64_t deadline);

/* Make sure that the vCPU's thread is woken at deadline, or earlier. */
static inline void vcpu_arm(struct vcpu *vcpu, uint64_t deadline)
{
    if (deadline < vcpu->armed) {
        vcpu->armed = deadline;
        host_timer_arm(vcpu, deadline);
    }
}

/* Tell all devices about events (core/device.h). */
void vm_device_events(struct vm *vm, uint64_t events);

#endif
