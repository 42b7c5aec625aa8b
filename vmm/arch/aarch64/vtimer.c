/* SPDX-License-Identifier: BSD-2-Clause */
#include "arch/aarch64/vtimer.h"

#include "arch/aarch64/vgic/vgic.h"
#include "core/host.h"
#include "core/vm.h"

/* CNTV_CTL_EL0 (Arm ARM D17.11.28). */
#define CTL_ENABLE 1u
#define CTL_IMASK  2u

void vtimer_reset(struct vcpu *vcpu)
{
    vtimer_ack(vcpu); /* the host masks it still if it fired before CPU_OFF */
    vcpu->arch.vtimer.offset = host_sysreg_read(vcpu, VCPU_CNTVOFF);
}

/* The condition is CNTVCT - value >= 0, CNTVCT = CNTPCT - CNTVOFF, compared unsigned (Arm ARM
 * D11.2.4). */
uint64_t vtimer_reaches(struct vcpu *vcpu, uint64_t value)
{
    uint64_t offset = vcpu->arch.vtimer.offset;
    if (value == UINT64_MAX) {
        return UINT64_MAX;
    }
    if (host_now() - offset >= value) {
        return 0;
    }
    uint64_t at = value + offset;
    return at < value ? UINT64_MAX : at;
}

uint64_t vtimer_deadline(struct vcpu *vcpu)
{
    uint64_t ctl = host_sysreg_read(vcpu, VCPU_CNTV_CTL);
    if ((ctl & (CTL_ENABLE | CTL_IMASK)) != CTL_ENABLE) {
        return UINT64_MAX;
    }
    return vtimer_reaches(vcpu, host_sysreg_read(vcpu, VCPU_CNTV_CVAL));
}

bool vtimer_level(struct vcpu *vcpu)
{
    return vtimer_deadline(vcpu) == 0;
}

void vtimer_fired(struct vcpu *vcpu)
{
    vcpu->arch.vtimer.masked = true;
    vgic_set_level(vcpu->vm->arch.vgic, vcpu->index, VGIC_PPI_VTIMER, true);
}

void vtimer_ack(struct vcpu *vcpu)
{
    if (vcpu->arch.vtimer.masked) {
        vcpu->arch.vtimer.masked = false;
        host_ack_vtimer(vcpu);
    }
}

/* CNTVCT = CNTPCT - CNTVOFF (Arm ARM D11.2.2). */
void vtimer_hold_back(struct vcpu *vcpu, uint64_t ticks)
{
    uint64_t offset = host_sysreg_read(vcpu, VCPU_CNTVOFF) + ticks;
    vcpu->arch.vtimer.offset = offset;
    host_sysreg_write(vcpu, VCPU_CNTVOFF, offset);
}
