/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels and message words of fault messages that all architectures have. */
#ifndef SEL4_ABI_FAULTS_H
#define SEL4_ABI_FAULTS_H

#include <sel4/abi/types.h>

enum seL4_Fault_tag {
    seL4_Fault_NullFault = 0,
    seL4_Fault_CapFault = 1,
    seL4_Fault_UnknownSyscall = 2,
    seL4_Fault_UserException = 3,
    seL4_Fault_DebugException = 4, /* kernels with the hardware-debug API only */
    seL4_Fault_Timeout = 5,
    seL4_Fault_VMFault = 6,
    seL4_Fault_VGICMaintenance = 7, /* 7..9: Arm */
    seL4_Fault_VCPUFault = 8,
    seL4_Fault_VPPIEvent = 9,
};
typedef enum seL4_Fault_tag seL4_Fault_tag_t;

typedef enum {
    seL4_CapFault_IP,
    seL4_CapFault_Addr,
    seL4_CapFault_InRecvPhase,
    seL4_CapFault_LookupFailureType,
    seL4_CapFault_BitsLeft,
    seL4_CapFault_DepthMismatch_BitsFound,
    seL4_CapFault_GuardMismatch_GuardFound = seL4_CapFault_DepthMismatch_BitsFound,
    seL4_CapFault_GuardMismatch_BitsFound,
    SEL4_WORD_ENUM(seL4_CapFault_Msg),
} seL4_CapFault_Msg;

typedef enum {
    seL4_VMFault_IP,
    seL4_VMFault_Addr,
    seL4_VMFault_PrefetchFault,
    seL4_VMFault_FSR,
    seL4_VMFault_Length,
    SEL4_WORD_ENUM(seL4_VMFault_Msg),
} seL4_VMFault_Msg;

typedef enum {
    seL4_Timeout_Data,
    seL4_Timeout_Consumed, /* microseconds */
    seL4_Timeout_Length,
    SEL4_WORD_ENUM(seL4_Timeout_Msg),
} seL4_Timeout_Msg;

#include <sel4/abi/arch.h>

#endif
