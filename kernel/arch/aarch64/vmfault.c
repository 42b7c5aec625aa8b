/* SPDX-License-Identifier: BSD-2-Clause */
/* Aborts taken to EL2. */
#include "arch.h"
#include "arch_fault.h"

#define FSC_MASK       0x3fu
#define FSC_PERMISSION 0x0cu /* 0b0011LL */
#define PAR_F          1u
#define PAR_PA_MASK    0xfffffffff000ull

/* HPFAR_EL2.FIPA [43:4] holds bits [51:12] of the IPA. */
static uint64_t ipa_from_hpfar(uint64_t far)
{
    return (READ_SYSREG(hpfar_el2) & 0xffffffffff0ull) << 8 | (far & 0xfff);
}

/*
 * HPFAR_EL2 is not written for permission faults (Arm ARM D13.2.55): the guest's own stage 1 says
 * where its address leads. The guest's PAR_EL1 is left as it was.
 */
static __attribute__((noinline)) uint64_t ipa_from_stage1(uint64_t far)
{
    uint64_t saved = READ_SYSREG(par_el1);
    __asm__ volatile("at s1e1r, %0" : : "r"(far));
    isb();
    uint64_t par = READ_SYSREG(par_el1);
    WRITE_SYSREG(par_el1, saved);
    if ((par & PAR_F) != 0)
        return ipa_from_hpfar(far);
    return (par & PAR_PA_MASK) | (far & 0xfff);
}

bool vmfault_is_plain(const struct cpu *cpu, uint64_t esr)
{
    return cpu->arch.vcpu_active && (esr & FSC_MASK & ~3u) != FSC_PERMISSION;
}

word vmfault_plain_address(void)
{
    return ipa_from_hpfar(READ_SYSREG(far_el2));
}

void vmfault_raise(struct cpu *cpu, uint64_t esr)
{
    bool instruction = esr >> ESR_EC_SHIFT == ESR_EC_IABT_LOWER;
    word address = READ_SYSREG(far_el2);

    if (vmfault_is_plain(cpu, esr))
        address = vmfault_plain_address();
    else if (cpu->arch.vcpu_active)
        address = ipa_from_stage1(address);
    kernel_fault(cpu, seL4_Fault_VMFault, address, instruction, esr);
}
