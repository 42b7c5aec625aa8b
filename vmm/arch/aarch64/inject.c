/* SPDX-License-Identifier: BSD-2-Clause */
#include "arch/aarch64/inject.h"

#include "arch/aarch64/esr.h"
#include "arch/aarch64/pstate.h"
#include "core/host.h"
#include "core/vm.h"

/* Vector offsets from VBAR_EL1 (Arm ARM D1.3.1.3); the synchronous entry is the first of a group.
 */
#define VECTOR_SAME_SP0     0x000u
#define VECTOR_SAME_SPX     0x200u
#define VECTOR_LOWER_A64    0x400u
#define VECTOR_LOWER_A32    0x600u
#define SCTLR_SPAN          (UINT64_C(1) << 23)
#define SCTLR_DSSBS         (UINT64_C(1) << 44)
#define PSTATE_KEPT_ON_TAKE (PSTATE_NZCV | PSTATE_DIT | PSTATE_PAN)

static uint64_t vector_offset(uint64_t spsr)
{
    if ((spsr & PSTATE_AARCH32) != 0) {
        return VECTOR_LOWER_A32;
    }
    if (pstate_el(spsr) == 0) {
        return VECTOR_LOWER_A64;
    }
    return (spsr & PSTATE_SP) != 0 ? VECTOR_SAME_SPX : VECTOR_SAME_SP0;
}

/* Enter the guest's EL1 as Arm ARM D1.3.1 (AArch64.TakeException) says. */
static void take_exception(struct vcpu *vcpu, uint64_t spsr, uint64_t syndrome)
{
    uint64_t sctlr = host_sysreg_read(vcpu, VCPU_SCTLR_EL1);
    uint64_t vbar = host_sysreg_read(vcpu, VCPU_VBAR_EL1) & ~UINT64_C(0x7ff);
    uint64_t now = (spsr & PSTATE_KEPT_ON_TAKE) | PSTATE_DAIF | PSTATE_EL1H;
    if ((sctlr & SCTLR_SPAN) == 0) {
        now |= PSTATE_PAN;
    }
    if ((sctlr & SCTLR_DSSBS) != 0) {
        now |= PSTATE_SSBS;
    }

    host_sysreg_write(vcpu, VCPU_ELR_EL1, host_reg_read(vcpu, VCPU_REG_PC));
    host_sysreg_write(vcpu, VCPU_SPSR_EL1, spsr);
    host_sysreg_write(vcpu, VCPU_ESR_EL1, syndrome);
    host_reg_write(vcpu, VCPU_REG_PC, vbar + vector_offset(spsr));
    host_reg_write(vcpu, VCPU_REG_SPSR, now);
}

static uint64_t abort_class(uint64_t spsr, enum esr_class lower)
{
    return (uint64_t)lower + (pstate_el(spsr) == 0 ? 0 : 1);
}

void inject_data_abort(struct vcpu *vcpu, const struct inject_data *data)
{
    uint64_t spsr = host_reg_read(vcpu, VCPU_REG_SPSR);
    uint64_t syndrome = abort_class(spsr, ESR_EC_DABORT_LOWER) << ESR_EC_SHIFT | ESR_IL;
    syndrome |= data->on_walk ? ESR_FSC_EXTERNAL_PTW : ESR_FSC_EXTERNAL;
    syndrome |= data->write ? ESR_WNR : 0;
    syndrome |= data->cache_operation ? ESR_CM : 0;
    syndrome |= data->address_valid || data->on_walk ? 0 : ESR_FNV;

    host_sysreg_write(vcpu, VCPU_FAR_EL1, data->address_valid ? data->address : 0);
    take_exception(vcpu, spsr, syndrome);
}

void inject_instruction_abort(struct vcpu *vcpu, bool on_walk)
{
    uint64_t spsr = host_reg_read(vcpu, VCPU_REG_SPSR);
    uint64_t syndrome = abort_class(spsr, ESR_EC_IABORT_LOWER) << ESR_EC_SHIFT | ESR_IL;
    syndrome |= on_walk ? ESR_FSC_EXTERNAL_PTW : ESR_FSC_EXTERNAL;

    host_sysreg_write(vcpu, VCPU_FAR_EL1, host_reg_read(vcpu, VCPU_REG_PC));
    take_exception(vcpu, spsr, syndrome);
}

void inject_undefined(struct vcpu *vcpu)
{
    uint64_t spsr = host_reg_read(vcpu, VCPU_REG_SPSR);
    take_exception(vcpu, spsr, (uint64_t)ESR_EC_UNKNOWN << ESR_EC_SHIFT | ESR_IL);
}

void inject_not_provided(struct vcpu *vcpu, uint64_t syndrome, const char *what)
{
    vcpu->stats->exits[BH_EXIT_UNDEFINED]++;
    log_limited(&vcpu->vm->guest_log, host_now(), vcpu->vm->tick_hz,
                "vcpu %u: %s not provided (syndrome 0x%llx, pc 0x%llx)", vcpu->index, what,
                (unsigned long long)syndrome, (unsigned long long)host_reg_read(vcpu, VCPU_REG_PC));
    inject_undefined(vcpu);
}
