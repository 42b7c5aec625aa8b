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

uint64_t vtimer_deadline(struct vcpu *vcpu)
{
    uint64_t ctl = host_sysreg_read(vcpu, VCPU_CNTV_CTL);
    if ((ctl & (CTL_ENABLE | CTL_IMASK)) != CTL_ENABLE) {
        return UINT64_MAX;
    }

    /* The condition is CNTVCT - CVAL >= 0, CNTVCT = CNTPCT - CNTVOFF, compared unsigned
     * (Arm ARM D11.2.4). */
    uint64_t offset = vcpu->arch.vtimer.offset;
    uint64_t compare = host_sysreg_read(vcpu, VCPU_CNTV_CVAL);
    if (host_now() - offset >= compare) {
        return 0;
    }
    uint64_t deadline = compare + offset;
    return deadline < compare ? UINT64_MAX : deadline;
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
