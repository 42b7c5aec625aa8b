/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm.h"

#include <string.h>

#include "core/device.h"
#include "core/host.h"

void vm_init(struct vm *vm, unsigned vcpus, uint64_t tick_hz, struct bh_stats *stats)
{
    memset(vm, 0, sizeof(*vm));
    vm->tick_hz = tick_hz;
    vm->alarm = UINT64_MAX;
    vm->vcpus = vcpus < VM_MAX_VCPUS ? vcpus : VM_MAX_VCPUS;
    for (unsigned i = 0; i < vm->vcpus; i++) {
        vm->vcpu[i].vm = vm;
        vm->vcpu[i].index = i;
        vm->vcpu[i].power = VCPU_OFF;
        vm->vcpu[i].armed = UINT64_MAX;
        vm->vcpu[i].turn_end = UINT64_MAX;
        vm->vcpu[i].busy = 1;
        vm->vcpu[i].stats = &stats->vcpu[i];
    }
    __atomic_store_n(&stats->magic, BH_STATS_MAGIC, __ATOMIC_RELEASE);
}

bool vm_add_device(struct vm *vm, struct device *device)
{
    if (vm->devices == VM_MAX_DEVICES) {
        return false;
    }
    vm->device[vm->devices++] = device;
    return true;
}

/* Thread 0 waits for the devices' alarm; it looks at it before it lets its vCPU go on. */
void vm_set_alarm(struct vm *vm, uint64_t deadline)
{
    uint64_t old = __atomic_load_n(&vm->alarm, __ATOMIC_RELAXED);
    while (deadline < old && !__atomic_compare_exchange_n(&vm->alarm, &old, deadline, false,
                                                          __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
    }
    if (deadline >= old) {
        return;
    }
    __atomic_store_n(&vm->vcpu[0].alarm_set, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&vm->vcpu[0].busy, __ATOMIC_SEQ_CST) == 0) {
        host_kick(&vm->vcpu[0]);
    }
}

void vm_device_events(struct vm *vm, uint64_t events)
{
    for (unsigned i = 0; i < vm->devices; i++) {
        struct device *device = vm->device[i];
        if (device->ops->event != NULL) {
            device->ops->event(device, events);
        }
    }
}
