/* SPDX-License-Identifier: BSD-2-Clause */
/* Every number that is implied rather than written is checked against the value measured on seL4
 * 16.0.0 in the reference configuration. Nothing here is linked. */
#include <sel4/abi/bootinfo.h>
#include <sel4/abi/errors.h>
#include <sel4/abi/faults.h>
#include <sel4/abi/ipcbuffer.h>
#include <sel4/abi/labels.h>
#include <sel4/abi/objects.h>
#include <sel4/abi/syscalls.h>

#define CHECK(what, value)          _Static_assert((long)(what) == (value), #what)
#define OFFSET(type, member, value) _Static_assert(offsetof(type, member) == (value), #member)
#define SIZE(type, value)           _Static_assert(sizeof(type) == (value), #type)

CHECK(nInvocationLabels, ARMVSpaceClean_Data);
CHECK(nSeL4ArchInvocationLabels, ARMPageTableMap);
CHECK(nArchInvocationLabels, ARMIRQIssueIRQHandlerTriggerCore + 1);
CHECK((int)seL4_NonArchObjectTypeCount, (int)seL4_ARM_HugePageObject);
CHECK((int)seL4_ModeObjectTypeCount, (int)seL4_ARM_SmallPageObject);

CHECK(seL4_UnknownSyscall_FaultIP, 8);
CHECK(seL4_UnknownSyscall_Length, 13);
CHECK(seL4_UserException_Length, 5);
CHECK(seL4_VMFault_Length, 4);
CHECK(seL4_VGICMaintenance_Length, 1);
CHECK(seL4_VPPIEvent_Length, 1);
CHECK(seL4_VCPUFault_Length, 1);
CHECK(seL4_Timeout_Length, 2);
CHECK(seL4_TimeoutReply_X16, 12);
CHECK(seL4_TimeoutReply_X9, 17);
CHECK(seL4_TimeoutReply_Length, 34);
CHECK(seL4_CapFault_BitsLeft, 4);
CHECK(seL4_CapFault_GuardMismatch_GuardFound, 5);
CHECK(seL4_CapFault_GuardMismatch_BitsFound, 6);

SIZE(seL4_Word, 8);
SIZE(seL4_Bool, 1);
SIZE(seL4_Error, 4);
SIZE(seL4_LookupFailureType, 8);
SIZE(seL4_Syscall_ID, 8);
SIZE(seL4_VMFault_Msg, 8);
SIZE(seL4_BootInfoID, 8);
SIZE(seL4_TCBFlag, 8);
SIZE(seL4_SlotRegion, 16);
SIZE(seL4_BootInfoHeader, 16);

OFFSET(seL4_IPCBuffer, msg, 8);
OFFSET(seL4_IPCBuffer, caps_or_badges, 976);
OFFSET(seL4_IPCBuffer, receiveCNode, 1000);
OFFSET(seL4_IPCBuffer, receiveIndex, 1008);

OFFSET(seL4_UserContext, x0, 24);
OFFSET(seL4_UserContext, x8, 88);
OFFSET(seL4_UserContext, x18, 112);
OFFSET(seL4_UserContext, x29, 120);
OFFSET(seL4_UserContext, x30, 128);
OFFSET(seL4_UserContext, x15, 184);
OFFSET(seL4_UserContext, x28, 264);
OFFSET(seL4_UserContext, tpidrro_el0, 280);

OFFSET(seL4_BootInfo, numNodes, 16);
OFFSET(seL4_BootInfo, empty, 40);
OFFSET(seL4_BootInfo, userImageFrames, 72);
OFFSET(seL4_BootInfo, userImagePaging, 88);
OFFSET(seL4_BootInfo, extraBIPages, 120);
OFFSET(seL4_BootInfo, initThreadCNodeSizeBits, 136);
OFFSET(seL4_BootInfo, initThreadDomain, 144);
OFFSET(seL4_BootInfo, untyped, 168);
OFFSET(seL4_UntypedDesc, sizeBits, 8);
OFFSET(seL4_UntypedDesc, isDevice, 9);
