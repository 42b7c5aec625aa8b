/* SPDX-License-Identifier: BSD-2-Clause */
#include "arch/aarch64/psci.h"

#include <stddef.h>

#include "arch/aarch64/exit.h"
#include "arch/aarch64/vgic/vgic.h"
#include "core/host.h"
#include "core/vm.h"

#define AFFINITY_MASK UINT64_C(0xff00ffffff) /* Aff3, Aff2, Aff1, Aff0 of MPIDR */

/* The call may have come in its 32-bit form: then only the low words of the arguments count. */
static uint64_t argument(struct vcpu *vcpu, unsigned n, bool is64)
{
    uint64_t value = host_reg_read(vcpu, (enum vcpu_reg)n);
    return is64 ? value : value & UINT32_MAX;
}

/* vCPU n has affinity 0.0.0.n. */
static struct vcpu *vcpu_by_affinity(struct vm *vm, uint64_t affinity)
{
    return affinity < vm->vcpus ? &vm->vcpu[affinity] : NULL;
}

/* PSCI 5.6. The compare-and-swap decides between concurrent callers. */
static int64_t cpu_on(struct vcpu *vcpu, bool is64)
{
    host_reg_expect(vcpu, 3);
    struct vcpu *target = vcpu_by_affinity(vcpu->vm, argument(vcpu, 1, is64));
    if (target == NULL) {
        return PSCI_INVALID_PARAMETERS;
    }
    uint64_t entry = argument(vcpu, 2, is64);
    if ((entry & 3) != 0 || guest_memory_at(&vcpu->vm->memory, entry, 4) == NULL) {
        return PSCI_INVALID_ADDRESS;
    }

    uint32_t expected = VCPU_OFF;
    if (!__atomic_compare_exchange_n(&target->power, &expected, VCPU_CLAIMED, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        return expected == VCPU_ON ? PSCI_ALREADY_ON : PSCI_ON_PENDING;
    }
    target->start_entry = entry;
    target->start_argument = argument(vcpu, 3, is64);
    __atomic_store_n(&target->power, VCPU_STARTING, __ATOMIC_RELEASE);
    host_kick(target);
    return PSCI_SUCCESS;
}

/* PSCI 5.7. Affinity level 0 only, as the specification allows from 1.0 on. */
static int64_t affinity_info(struct vcpu *vcpu, bool is64)
{
    host_reg_expect(vcpu, 2);
    struct vcpu *target = vcpu_by_affinity(vcpu->vm, argument(vcpu, 1, is64) & AFFINITY_MASK);
    if (target == NULL || argument(vcpu, 2, is64) != 0) {
        return PSCI_INVALID_PARAMETERS;
    }
    switch (__atomic_load_n(&target->power, __ATOMIC_ACQUIRE)) {
    case VCPU_ON:
        return PSCI_AFFINITY_ON;
    case VCPU_OFF:
        return PSCI_AFFINITY_OFF;
    default:
        return PSCI_AFFINITY_ON_PENDING;
    }
}

/* PSCI 5.4. Suspending to a power-down state may always end as a standby, with SUCCESS. */
static int64_t cpu_suspend(struct vcpu *vcpu)
{
    exit_idle(vcpu, UINT64_MAX);
    return PSCI_SUCCESS;
}

static bool implemented(uint32_t function)
{
    static const uint32_t both[] = {PSCI_CPU_SUSPEND, PSCI_CPU_ON, PSCI_AFFINITY_INFO,
                                    PSCI_SYSTEM_RESET2};
    static const uint32_t only32[] = {PSCI_VERSION,           PSCI_CPU_OFF,  PSCI_SYSTEM_OFF,
                                      PSCI_MIGRATE_INFO_TYPE, PSCI_FEATURES, PSCI_SYSTEM_RESET,
                                      SMCCC_VERSION};
    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
        if ((function & ~SMCCC_64BIT) == both[i]) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(only32) / sizeof(only32[0]); i++) {
        if (function == only32[i]) {
            return true;
        }
    }
    return false;
}

/* PSCI 5.14: 0 or feature flags for what exists. CPU_SUSPEND: original format, platform
 * coordinated. */
static int64_t features(struct vcpu *vcpu)
{
    host_reg_expect(vcpu, 1);
    uint32_t function = (uint32_t)argument(vcpu, 1, false);
    return implemented(function) ? 0 : PSCI_NOT_SUPPORTED;
}

/* SMCCC 7.3: which architecture calls exist. None of the workarounds is offered. */
static int64_t arch_features(struct vcpu *vcpu)
{
    host_reg_expect(vcpu, 1);
    uint32_t function = (uint32_t)argument(vcpu, 1, false);
    return function == SMCCC_VERSION || function == SMCCC_ARCH_FEATURES ? 0 : PSCI_NOT_SUPPORTED;
}

/* PSCI 5.16: only the architectural warm reset (type 0) and vendor resets, which are taken as it.
 */
static int64_t system_reset2(struct vcpu *vcpu, bool is64)
{
    host_reg_expect(vcpu, 1);
    uint32_t type = (uint32_t)argument(vcpu, 1, is64);
    if (type != 0 && (type & UINT32_C(0x80000000)) == 0) {
        return PSCI_INVALID_PARAMETERS;
    }
    host_reset();
    return PSCI_NOT_SUPPORTED;
}

static int64_t call_both_widths(struct vcpu *vcpu, uint32_t function, bool is64)
{
    switch (function) {
    case PSCI_CPU_SUSPEND:
        return cpu_suspend(vcpu);
    case PSCI_CPU_ON:
        return cpu_on(vcpu, is64);
    case PSCI_AFFINITY_INFO:
        return affinity_info(vcpu, is64);
    case PSCI_SYSTEM_RESET2:
        return system_reset2(vcpu, is64);
    default:
        return PSCI_NOT_SUPPORTED;
    }
}

static int64_t call_only32(struct vcpu *vcpu, uint32_t function)
{
    switch (function) {
    case PSCI_VERSION:
        return PSCI_VERSION_1_1;
    case PSCI_MIGRATE_INFO_TYPE:
        return PSCI_MIGRATE_NOT_USED;
    case PSCI_FEATURES:
        return features(vcpu);
    case SMCCC_VERSION:
        return SMCCC_VERSION_1_1;
    case SMCCC_ARCH_FEATURES:
        return arch_features(vcpu);
    case PSCI_SYSTEM_OFF:
        host_power_off();
        return PSCI_NOT_SUPPORTED;
    case PSCI_SYSTEM_RESET:
        host_reset();
        return PSCI_NOT_SUPPORTED;
    default:
        return call_both_widths(vcpu, function, false);
    }
}

/* PSCI 5.5. The last vCPU may go off too: then nothing is left to run, as on hardware. */
static void cpu_off(struct vcpu *vcpu)
{
    vgic_vcpu_online(vcpu->vm->arch.vgic, vcpu->index, false);
    __atomic_store_n(&vcpu->power, VCPU_OFF, __ATOMIC_RELEASE);
    exit_wait_for_start(vcpu);
}

void exit_hypercall(struct vcpu *vcpu)
{
    vcpu->stats->exits[BH_EXIT_HYPERCALL]++;
    uint32_t function = (uint32_t)host_reg_read(vcpu, VCPU_REG_X0);
    if (function == PSCI_CPU_OFF) {
        cpu_off(vcpu);
        return;
    }

    int64_t result = (function & SMCCC_64BIT) != 0
                         ? call_both_widths(vcpu, function & ~SMCCC_64BIT, true)
                         : call_only32(vcpu, function);
    host_reg_write(vcpu, VCPU_REG_X0, (uint64_t)result);
}
