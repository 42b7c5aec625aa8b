/* SPDX-License-Identifier: BSD-2-Clause */
/* Trapped system registers. Feature registers do not trap: the guest sees the host's. */
#include "arch/aarch64/esr.h"
#include "arch/aarch64/exit.h"
#include "arch/aarch64/inject.h"
#include "arch/aarch64/vgic/vgic.h"
#include "core/host.h"
#include "core/vm.h"

/* ISS of a trapped MSR, MRS or system instruction (Arm ARM D17.2.37, "EC 0x18"). */
#define ISS_READ       UINT64_C(1)
#define ISS_RT(iss)    ((unsigned)((iss) >> 5) & 31)
#define ISS_ENCODING   UINT64_C(0x3ffc1e)
#define ISS_OP0(iss)   ((unsigned)((iss) >> 20) & 3)
#define ISS_CRN(iss)   ((unsigned)((iss) >> 10) & 15)
#define ISS_CRM(iss)   ((unsigned)((iss) >> 1) & 15)
#define SRE_ALWAYS_SET 7u /* SRE, DFB, DIB: system registers are the only interface */

#define SYSREG(op0, op1, crn, crm, op2)                                                            \
    ((uint64_t)(op0) << 20 | (uint64_t)(op2) << 17 | (uint64_t)(op1) << 14 |                       \
     (uint64_t)(crn) << 10 | (uint64_t)(crm) << 1)

#define ICC_SGI1R_EL1  SYSREG(3, 0, 12, 11, 5)
#define ICC_ASGI1R_EL1 SYSREG(3, 0, 12, 11, 6)
#define ICC_SGI0R_EL1  SYSREG(3, 0, 12, 11, 7)
#define ICC_SRE_EL1    SYSREG(3, 0, 12, 12, 5)
#define CNTPCT_EL0     SYSREG(3, 3, 14, 0, 1)

/* Debug registers and the PMU are not virtualised; where they trap they read as absent. */
static bool reads_as_zero(uint64_t iss)
{
    unsigned op0 = ISS_OP0(iss);
    unsigned crn = ISS_CRN(iss);
    unsigned crm = ISS_CRM(iss);
    bool debug = op0 == 2;
    bool pmu = op0 == 3 && ((crn == 9 && crm >= 12 && crm <= 14) || (crn == 14 && crm >= 8));
    bool set_way = op0 == 1; /* cache maintenance by set and way: stage 2 keeps caches coherent */
    return debug || pmu || set_way;
}

static bool read_register(struct vcpu *vcpu, uint64_t iss, uint64_t *value)
{
    switch (iss & ISS_ENCODING) {
    case ICC_SRE_EL1:
        *value = SRE_ALWAYS_SET;
        return vcpu->vm->arch.gic_version == 3;
    case CNTPCT_EL0:
        *value = host_now();
        return true;
    default:
        *value = 0;
        return reads_as_zero(iss);
    }
}

static bool write_register(struct vcpu *vcpu, uint64_t iss, uint64_t value)
{
    struct vgic *vgic = vcpu->vm->arch.vgic;
    bool gicv3 = vcpu->vm->arch.gic_version == 3;
    switch (iss & ISS_ENCODING) {
    case ICC_SGI1R_EL1:
        vgic_write_sgi(vgic, vcpu->index, VGIC_ICC_SGI1R, value);
        return gicv3;
    case ICC_ASGI1R_EL1:
        vgic_write_sgi(vgic, vcpu->index, VGIC_ICC_ASGI1R, value);
        return gicv3;
    case ICC_SGI0R_EL1:
        vgic_write_sgi(vgic, vcpu->index, VGIC_ICC_SGI0R, value);
        return gicv3;
    case ICC_SRE_EL1:
        return gicv3;
    default:
        return reads_as_zero(iss);
    }
}

void exit_sysreg(struct vcpu *vcpu, uint64_t syndrome)
{
    unsigned rt = ISS_RT(syndrome);
    uint64_t value = 0;
    bool known;
    if (rt != XZR) {
        host_reg_expect(vcpu, rt);
    }
    if ((syndrome & ISS_READ) != 0) {
        known = read_register(vcpu, syndrome, &value);
    } else {
        value = exit_register(vcpu, rt);
        known = write_register(vcpu, syndrome, value);
    }

    if (!known) {
        inject_not_provided(vcpu, syndrome, "system register");
        return;
    }
    vcpu->stats->exits[BH_EXIT_SYSREG]++;
    if ((syndrome & ISS_READ) != 0 && rt != XZR) {
        host_reg_write(vcpu, (enum vcpu_reg)rt, value);
    }
    exit_skip(vcpu, syndrome);
}
