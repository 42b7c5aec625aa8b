/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiles against either set of headers, ours or an SDK's, what user programs rely on. */
#include <bulkhead/sel4.h>

#define CHECK(what, value) _Static_assert((long)(what) == (value), #what)

CHECK(seL4_SysNBSendWait, -4);
CHECK(TCBSetFlags, 17);
CHECK(SchedContextYieldTo, 38);
CHECK(ARMVCPUAckVPPI, 59);
CHECK(ARMIRQIssueIRQHandlerTrigger, 60);
CHECK(seL4_ARM_VCPUObject, 12);
CHECK(seL4_TCBBits, 11);
CHECK(seL4_VSpaceBits, 13);
CHECK(sizeof(seL4_BootInfo), 3864);
CHECK(sizeof(seL4_IPCBuffer), 1024);
CHECK(sizeof(seL4_UserContext), 288);

typedef __typeof__(seL4_TCB_WriteRegisters(0, 0, 0, 0, NULL)) write_registers_result;
typedef __typeof__(seL4_ARM_VCPU_ReadRegs(0, seL4_VCPUReg_SCTLR).value) read_regs_value;
typedef __typeof__(seL4_NBSendRecvWithMRs(0, seL4_MessageInfo_new(0, 0, 0, 0), 0, NULL, NULL, NULL,
                                          NULL, NULL, 0)) nbsendrecv_result;
