/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System call numbers (MCS). The numbers are fixed: an option that is off makes its numbers unknown
 * and renumbers nothing. Debug calls exist only in debug kernels, PutChar and DumpScheduler in
 * every kernel that prints; release kernels have neither.
 */
#ifndef SEL4_ABI_SYSCALLS_H
#define SEL4_ABI_SYSCALLS_H

#include <sel4/abi/types.h>

typedef enum {
    seL4_SysCall = -1,
    seL4_SysReplyRecv = -2,
    seL4_SysNBSendRecv = -3,
    seL4_SysNBSendWait = -4,
    seL4_SysSend = -5,
    seL4_SysNBSend = -6,
    seL4_SysRecv = -7,
    seL4_SysNBRecv = -8,
    seL4_SysWait = -9,
    seL4_SysNBWait = -10,
    seL4_SysYield = -11,
    seL4_SysDebugPutChar = -12,
    seL4_SysDebugDumpScheduler = -13,
    seL4_SysDebugHalt = -14,
    seL4_SysDebugCapIdentify = -15,
    seL4_SysDebugSnapshot = -16,
    seL4_SysDebugNameThread = -17,
    seL4_SysDebugSendIPI = -18,
    seL4_SysDebugGetThreadAffinity = -19,
    SEL4_WORD_ENUM(seL4_Syscall_ID),
} seL4_Syscall_ID;

#endif
