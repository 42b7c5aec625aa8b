/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations of the AArch64 objects. */
#ifndef SEL4_ARCH_AARCH64_INVOCATIONS_H
#define SEL4_ARCH_AARCH64_INVOCATIONS_H

#include <sel4/invocations.h>

/* --- address spaces -----------------------------------------------------------------------------
 */

static inline seL4_Error seL4_ARM_VSpace_Clean_Data(seL4_ARM_VSpace service, seL4_Word start,
                                                    seL4_Word end)
{
    return sel4_invoke(service, ARMVSpaceClean_Data, 0, 2, start, end, 0, 0);
}

static inline seL4_Error seL4_ARM_VSpace_Invalidate_Data(seL4_ARM_VSpace service, seL4_Word start,
                                                         seL4_Word end)
{
    return sel4_invoke(service, ARMVSpaceInvalidate_Data, 0, 2, start, end, 0, 0);
}

static inline seL4_Error seL4_ARM_VSpace_CleanInvalidate_Data(seL4_ARM_VSpace service,
                                                              seL4_Word start, seL4_Word end)
{
    return sel4_invoke(service, ARMVSpaceCleanInvalidate_Data, 0, 2, start, end, 0, 0);
}

static inline seL4_Error seL4_ARM_VSpace_Unify_Instruction(seL4_ARM_VSpace service, seL4_Word start,
                                                           seL4_Word end)
{
    return sel4_invoke(service, ARMVSpaceUnify_Instruction, 0, 2, start, end, 0, 0);
}

static inline seL4_Error seL4_ARM_PageTable_Map(seL4_ARM_PageTable service, seL4_CPtr vspace,
                                                seL4_Word vaddr, seL4_ARM_VMAttributes attr)
{
    seL4_SetCap(0, vspace);
    return sel4_invoke(service, ARMPageTableMap, 1, 2, vaddr, (seL4_Word)attr, 0, 0);
}

static inline seL4_Error seL4_ARM_PageTable_Unmap(seL4_ARM_PageTable service)
{
    return sel4_invoke(service, ARMPageTableUnmap, 0, 0, 0, 0, 0, 0);
}

static inline seL4_Error seL4_ARM_Page_Map(seL4_ARM_Page service, seL4_CPtr vspace, seL4_Word vaddr,
                                           seL4_CapRights_t rights, seL4_ARM_VMAttributes attr)
{
    seL4_SetCap(0, vspace);
    return sel4_invoke(service, ARMPageMap, 1, 3, vaddr, rights.words[0], (seL4_Word)attr, 0);
}

static inline seL4_Error seL4_ARM_Page_Unmap(seL4_ARM_Page service)
{
    return sel4_invoke(service, ARMPageUnmap, 0, 0, 0, 0, 0, 0);
}

static inline seL4_Error seL4_ARM_Page_Clean_Data(seL4_ARM_Page service, seL4_Word start_offset,
                                                  seL4_Word end_offset)
{
    return sel4_invoke(service, ARMPageClean_Data, 0, 2, start_offset, end_offset, 0, 0);
}

static inline seL4_Error seL4_ARM_Page_Invalidate_Data(seL4_ARM_Page service,
                                                       seL4_Word start_offset, seL4_Word end_offset)
{
    return sel4_invoke(service, ARMPageInvalidate_Data, 0, 2, start_offset, end_offset, 0, 0);
}

static inline seL4_Error seL4_ARM_Page_CleanInvalidate_Data(seL4_ARM_Page service,
                                                            seL4_Word start_offset,
                                                            seL4_Word end_offset)
{
    return sel4_invoke(service, ARMPageCleanInvalidate_Data, 0, 2, start_offset, end_offset, 0, 0);
}

static inline seL4_Error
seL4_ARM_Page_Unify_Instruction(seL4_ARM_Page service, seL4_Word start_offset, seL4_Word end_offset)
{
    return sel4_invoke(service, ARMPageUnify_Instruction, 0, 2, start_offset, end_offset, 0, 0);
}

typedef struct seL4_ARM_Page_GetAddress {
    int error;
    seL4_Word paddr;
} seL4_ARM_Page_GetAddress_t;

static inline seL4_ARM_Page_GetAddress_t seL4_ARM_Page_GetAddress(seL4_ARM_Page service)
{
    struct sel4_trap t = {0};
    seL4_ARM_Page_GetAddress_t result;

    result.error = (int)sel4_invoke_trap(service, ARMPageGetAddress, 0, 0, &t);
    result.paddr = t.mr[0];
    return result;
}

static inline seL4_Error seL4_ARM_ASIDControl_MakePool(seL4_ARM_ASIDControl service,
                                                       seL4_Untyped untyped, seL4_CNode root,
                                                       seL4_Word index, seL4_Uint8 depth)
{
    seL4_SetCap(0, untyped);
    seL4_SetCap(1, root);
    return sel4_invoke(service, ARMASIDControlMakePool, 2, 2, index, depth, 0, 0);
}

static inline seL4_Error seL4_ARM_ASIDPool_Assign(seL4_ARM_ASIDPool service, seL4_CPtr vspace)
{
    seL4_SetCap(0, vspace);
    return sel4_invoke(service, ARMASIDPoolAssign, 1, 0, 0, 0, 0, 0);
}

/* --- virtual CPUs -------------------------------------------------------------------------------
 */

static inline seL4_Error seL4_ARM_VCPU_SetTCB(seL4_ARM_VCPU service, seL4_TCB tcb)
{
    seL4_SetCap(0, tcb);
    return sel4_invoke(service, ARMVCPUSetTCB, 1, 0, 0, 0, 0, 0);
}

static inline seL4_Error seL4_ARM_VCPU_InjectIRQ(seL4_ARM_VCPU service, seL4_Uint16 virq,
                                                 seL4_Uint8 priority, seL4_Uint8 group,
                                                 seL4_Uint8 index)
{
    seL4_Word word = (seL4_Word)virq | (seL4_Word)priority << 16 | (seL4_Word)group << 24 |
                     (seL4_Word)index << 32;

    return sel4_invoke(service, ARMVCPUInjectIRQ, 0, 1, word, 0, 0, 0);
}

typedef struct seL4_ARM_VCPU_ReadRegs {
    int error;
    seL4_Word value;
} seL4_ARM_VCPU_ReadRegs_t;

static inline seL4_ARM_VCPU_ReadRegs_t seL4_ARM_VCPU_ReadRegs(seL4_ARM_VCPU service,
                                                              seL4_VCPUReg field)
{
    struct sel4_trap t = {.mr = {(seL4_Word)field, 0, 0, 0}};
    seL4_ARM_VCPU_ReadRegs_t result;

    result.error = (int)sel4_invoke_trap(service, ARMVCPUReadReg, 0, 1, &t);
    result.value = t.mr[0];
    return result;
}

static inline seL4_Error seL4_ARM_VCPU_WriteRegs(seL4_ARM_VCPU service, seL4_VCPUReg field,
                                                 seL4_Word value)
{
    return sel4_invoke(service, ARMVCPUWriteReg, 0, 2, (seL4_Word)field, value, 0, 0);
}

static inline seL4_Error seL4_ARM_VCPU_AckVPPI(seL4_ARM_VCPU service, seL4_Word irq)
{
    return sel4_invoke(service, ARMVCPUAckVPPI, 0, 1, irq, 0, 0, 0);
}

/* --- SMC and interrupts -------------------------------------------------------------------------
 */

static inline seL4_Error seL4_ARM_SMC_Call(seL4_ARM_SMC service, seL4_ARM_SMCContext *smc_args,
                                           seL4_ARM_SMCContext *smc_response)
{
    struct sel4_trap t = {.mr = {smc_args->x0, smc_args->x1, smc_args->x2, smc_args->x3}};

    seL4_SetMR(4, smc_args->x4);
    seL4_SetMR(5, smc_args->x5);
    seL4_SetMR(6, smc_args->x6);
    seL4_SetMR(7, smc_args->x7);
    seL4_Error error = sel4_invoke_trap(service, ARMSMCCall, 0, 8, &t);
    if (error != seL4_NoError) {
        return error;
    }
    smc_response->x0 = t.mr[0];
    smc_response->x1 = t.mr[1];
    smc_response->x2 = t.mr[2];
    smc_response->x3 = t.mr[3];
    smc_response->x4 = seL4_GetMR(4);
    smc_response->x5 = seL4_GetMR(5);
    smc_response->x6 = seL4_GetMR(6);
    smc_response->x7 = seL4_GetMR(7);
    return seL4_NoError;
}

/* trigger: 0 level, 1 edge. */
static inline seL4_Error seL4_IRQControl_GetTrigger(seL4_IRQControl service, seL4_Word irq,
                                                    seL4_Word trigger, seL4_CNode root,
                                                    seL4_Word index, seL4_Uint8 depth)
{
    seL4_SetCap(0, root);
    return sel4_invoke(service, ARMIRQIssueIRQHandlerTrigger, 1, 4, irq, trigger, index, depth);
}

/* SMP kernels only. */
static inline seL4_Error seL4_IRQControl_GetTriggerCore(seL4_IRQControl service, seL4_Word irq,
                                                        seL4_Word trigger, seL4_CNode root,
                                                        seL4_Word index, seL4_Uint8 depth,
                                                        seL4_Word target)
{
    seL4_SetCap(0, root);
    seL4_SetMR(4, target);
    return sel4_invoke(service, ARMIRQIssueIRQHandlerTriggerCore, 1, 5, irq, trigger, index, depth);
}

#endif
