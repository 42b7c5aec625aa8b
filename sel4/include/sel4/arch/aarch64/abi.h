/* SPDX-License-Identifier: BSD-2-Clause */
/* AArch64 with hypervisor support, 40-bit physical addresses: numbers and layouts. */
#ifndef SEL4_ARCH_AARCH64_ABI_H
#define SEL4_ARCH_AARCH64_ABI_H

#include <sel4/abi/types.h>
#include <stddef.h>

#define CONFIG_ARCH_ARM               1
#define CONFIG_ARCH_AARCH64           1
#define CONFIG_ARM_HYPERVISOR_SUPPORT 1
#define CONFIG_ARM_PA_SIZE_BITS_40    1
#define CONFIG_ALLOW_SMC_CALLS        1
#define CONFIG_EXPORT_PCNT_USER       1
#define CONFIG_EXPORT_PTMR_USER       1
#define CONFIG_PADDR_USER_DEVICE_TOP  0x10000000000

typedef seL4_CPtr seL4_ARM_ASIDControl;
typedef seL4_CPtr seL4_ARM_ASIDPool;
typedef seL4_CPtr seL4_ARM_Page;
typedef seL4_CPtr seL4_ARM_PageTable;
typedef seL4_CPtr seL4_ARM_SMC;
typedef seL4_CPtr seL4_ARM_VCPU;
typedef seL4_CPtr seL4_ARM_VSpace;

/* Labels; SMP kernels have GetTriggerCore where one-core kernels have IssueSGISignal. */
enum sel4_arch_invocation_label {
    ARMVSpaceClean_Data = 39,
    ARMVSpaceInvalidate_Data = 40,
    ARMVSpaceCleanInvalidate_Data = 41,
    ARMVSpaceUnify_Instruction = 42,
    ARMSMCCall = 43,
    nSeL4ArchInvocationLabels = 44,
};

enum arch_invocation_label {
    ARMPageTableMap = 44,
    ARMPageTableUnmap = 45,
    ARMPageMap = 46,
    ARMPageUnmap = 47,
    ARMPageClean_Data = 48,
    ARMPageInvalidate_Data = 49,
    ARMPageCleanInvalidate_Data = 50,
    ARMPageUnify_Instruction = 51,
    ARMPageGetAddress = 52,
    ARMASIDControlMakePool = 53,
    ARMASIDPoolAssign = 54,
    ARMVCPUSetTCB = 55,
    ARMVCPUInjectIRQ = 56,
    ARMVCPUReadReg = 57,
    ARMVCPUWriteReg = 58,
    ARMVCPUAckVPPI = 59,
    ARMIRQIssueIRQHandlerTrigger = 60,
    ARMIRQIssueIRQHandlerTriggerCore = 61,
    nArchInvocationLabels = 62,
};

typedef enum _mode_object {
    seL4_ARM_HugePageObject = 7,
    seL4_ARM_VSpaceObject = 8,
    seL4_ModeObjectTypeCount = 9,
} seL4_seL4ArchObjectType;

typedef enum _object {
    seL4_ARM_SmallPageObject = 9,
    seL4_ARM_LargePageObject = 10,
    seL4_ARM_PageTableObject = 11,
    seL4_ARM_VCPUObject = 12,
    seL4_ObjectTypeCount = 13,
} seL4_ArchObjectType;

#define seL4_PageBits           12
#define seL4_LargePageBits      21
#define seL4_HugePageBits       30
#define seL4_PageTableBits      12
#define seL4_PageTableEntryBits 3
#define seL4_PageTableIndexBits 9
#define seL4_VSpaceBits         13
#define seL4_VSpaceEntryBits    3
#define seL4_VSpaceIndexBits    10
#define seL4_ASIDPoolBits       12
#define seL4_ASIDPoolIndexBits  9
#define seL4_NumASIDPoolsBits   7
#define seL4_VCPUBits           12
#define seL4_ARM_VCPUBits       12
#define seL4_UserTop            0xffffffffff /* last byte */
#define seL4_UserVSpaceTop      0xffffffffff

typedef enum {
    seL4_ARM_PageCacheable = 1,
    seL4_ARM_ParityEnabled = 2,
    seL4_ARM_Default_VMAttributes = 3,
    seL4_ARM_ExecuteNever = 4,
    SEL4_WORD_ENUM(seL4_ARM_VMAttributes),
} seL4_ARM_VMAttributes;

/* Registers in the order of ReadRegisters and WriteRegisters. */
typedef struct seL4_UserContext_ {
    seL4_Word pc, sp, spsr;
    seL4_Word x0, x1, x2, x3, x4, x5, x6, x7, x8, x16, x17, x18, x29, x30;
    seL4_Word x9, x10, x11, x12, x13, x14, x15;
    seL4_Word x19, x20, x21, x22, x23, x24, x25, x26, x27, x28;
    seL4_Word tpidr_el0, tpidrro_el0;
} seL4_UserContext;

typedef struct seL4_ARM_SMCContext_ {
    seL4_Word x0, x1, x2, x3, x4, x5, x6, x7;
} seL4_ARM_SMCContext;

/* Registers kept in a VCPU object. */
typedef enum {
    seL4_VCPUReg_SCTLR = 0,
    seL4_VCPUReg_CPACR = 1,
    seL4_VCPURegSaveRange_start = 2,
    seL4_VCPUReg_TTBR0 = 2,
    seL4_VCPUReg_TTBR1 = 3,
    seL4_VCPUReg_TCR = 4,
    seL4_VCPUReg_MAIR = 5,
    seL4_VCPUReg_AMAIR = 6,
    seL4_VCPUReg_CIDR = 7,
    seL4_VCPUReg_ACTLR = 8,
    seL4_VCPUReg_AFSR0 = 9,
    seL4_VCPUReg_AFSR1 = 10,
    seL4_VCPUReg_ESR = 11,
    seL4_VCPUReg_FAR = 12,
    seL4_VCPUReg_PAR = 13,
    seL4_VCPUReg_VBAR = 14,
    seL4_VCPUReg_TPIDR_EL1 = 15,
    seL4_VCPUReg_VMPIDR_EL2 = 16,
    seL4_VCPUReg_SP_EL1 = 17,
    seL4_VCPUReg_ELR_EL1 = 18,
    seL4_VCPUReg_SPSR_EL1 = 19,
    seL4_VCPURegSaveRange_end = 19,
    seL4_VCPUReg_CNTV_CTL = 20,
    seL4_VCPUReg_CNTV_CVAL = 21,
    seL4_VCPUReg_CNTVOFF = 22,
    seL4_VCPUReg_CNTKCTL_EL1 = 23,
    seL4_VCPUReg_Num = 24,
    SEL4_WORD_ENUM(seL4_VCPUReg),
} seL4_VCPUReg;

typedef enum {
    seL4_UnknownSyscall_X0,
    seL4_UnknownSyscall_X1,
    seL4_UnknownSyscall_X2,
    seL4_UnknownSyscall_X3,
    seL4_UnknownSyscall_X4,
    seL4_UnknownSyscall_X5,
    seL4_UnknownSyscall_X6,
    seL4_UnknownSyscall_X7,
    seL4_UnknownSyscall_FaultIP,
    seL4_UnknownSyscall_SP,
    seL4_UnknownSyscall_LR, /* the PC after the trap, not x30 */
    seL4_UnknownSyscall_SPSR,
    seL4_UnknownSyscall_Syscall,
    seL4_UnknownSyscall_Length,
    SEL4_WORD_ENUM(seL4_UnknownSyscall_Msg),
} seL4_UnknownSyscall_Msg;

typedef enum {
    seL4_UserException_FaultIP,
    seL4_UserException_SP,
    seL4_UserException_SPSR,
    seL4_UserException_Number,
    seL4_UserException_Code,
    seL4_UserException_Length,
    SEL4_WORD_ENUM(seL4_UserException_Msg),
} seL4_UserException_Msg;

typedef enum {
    seL4_VGICMaintenance_IDX, /* list register, or all ones */
    seL4_VGICMaintenance_Length,
    SEL4_WORD_ENUM(seL4_VGICMaintenance_Msg),
} seL4_VGICMaintenance_Msg;

typedef enum {
    seL4_VPPIEvent_IRQ,
    seL4_VPPIEvent_Length,
    SEL4_WORD_ENUM(seL4_VPPIEvent_Msg),
} seL4_VPPIEvent_Msg;

typedef enum {
    seL4_VCPUFault_HSR, /* ESR_EL2 */
    seL4_VCPUFault_Length,
    SEL4_WORD_ENUM(seL4_VCPUFault_Msg),
} seL4_VCPUFault_Msg;

/* Words a reply to a Timeout fault may write: UserContext without the thread registers. */
typedef enum {
    seL4_TimeoutReply_FaultIP,
    seL4_TimeoutReply_SP,
    seL4_TimeoutReply_SPSR_EL1,
    seL4_TimeoutReply_X0,
    seL4_TimeoutReply_X1,
    seL4_TimeoutReply_X2,
    seL4_TimeoutReply_X3,
    seL4_TimeoutReply_X4,
    seL4_TimeoutReply_X5,
    seL4_TimeoutReply_X6,
    seL4_TimeoutReply_X7,
    seL4_TimeoutReply_X8,
    seL4_TimeoutReply_X16,
    seL4_TimeoutReply_X17,
    seL4_TimeoutReply_X18,
    seL4_TimeoutReply_X29,
    seL4_TimeoutReply_X30,
    seL4_TimeoutReply_X9,
    seL4_TimeoutReply_X10,
    seL4_TimeoutReply_X11,
    seL4_TimeoutReply_X12,
    seL4_TimeoutReply_X13,
    seL4_TimeoutReply_X14,
    seL4_TimeoutReply_X15,
    seL4_TimeoutReply_X19,
    seL4_TimeoutReply_X20,
    seL4_TimeoutReply_X21,
    seL4_TimeoutReply_X22,
    seL4_TimeoutReply_X23,
    seL4_TimeoutReply_X24,
    seL4_TimeoutReply_X25,
    seL4_TimeoutReply_X26,
    seL4_TimeoutReply_X27,
    seL4_TimeoutReply_X28,
    seL4_TimeoutReply_Length,
    SEL4_WORD_ENUM(seL4_TimeoutReply_Msg),
} seL4_TimeoutReply_Msg;

_Static_assert(sizeof(seL4_UserContext) == 288, "register context layout");
_Static_assert(offsetof(seL4_UserContext, x16) == 96, "register context layout");
_Static_assert(offsetof(seL4_UserContext, x9) == 136, "register context layout");
_Static_assert(offsetof(seL4_UserContext, x19) == 192, "register context layout");
_Static_assert(offsetof(seL4_UserContext, tpidr_el0) == 272, "register context layout");
_Static_assert(sizeof(seL4_ARM_SMCContext) == 64, "SMC context layout");
_Static_assert(sizeof(seL4_VCPUReg) == 8 && sizeof(seL4_ARM_VMAttributes) == 8, "word enums");

#endif
