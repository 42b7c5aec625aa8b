/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiled only: the kernel's numbers are those of the headers for user level. */
#include <sel4/sel4.h>

#include "object.h"

#define SAME(ours, theirs) _Static_assert((word)(ours) == (word)(theirs), #ours " is " #theirs)

SAME(SYS_CALL, seL4_SysCall);
SAME(SYS_REPLY_RECV, seL4_SysReplyRecv);
SAME(SYS_NB_SEND_RECV, seL4_SysNBSendRecv);
SAME(SYS_NB_SEND_WAIT, seL4_SysNBSendWait);
SAME(SYS_SEND, seL4_SysSend);
SAME(SYS_NB_SEND, seL4_SysNBSend);
SAME(SYS_RECV, seL4_SysRecv);
SAME(SYS_NB_RECV, seL4_SysNBRecv);
SAME(SYS_WAIT, seL4_SysWait);
SAME(SYS_NB_WAIT, seL4_SysNBWait);
SAME(SYS_YIELD, seL4_SysYield);

SAME(ERR_INVALID_ARGUMENT, seL4_InvalidArgument);
SAME(ERR_INVALID_CAPABILITY, seL4_InvalidCapability);
SAME(ERR_ILLEGAL_OPERATION, seL4_IllegalOperation);
SAME(ERR_RANGE, seL4_RangeError);
SAME(ERR_ALIGNMENT, seL4_AlignmentError);
SAME(ERR_FAILED_LOOKUP, seL4_FailedLookup);
SAME(ERR_TRUNCATED_MESSAGE, seL4_TruncatedMessage);
SAME(ERR_DELETE_FIRST, seL4_DeleteFirst);
SAME(ERR_REVOKE_FIRST, seL4_RevokeFirst);
SAME(ERR_NOT_ENOUGH_MEMORY, seL4_NotEnoughMemory);

SAME(FAULT_CAP, seL4_Fault_CapFault);
SAME(FAULT_UNKNOWN_SYSCALL, seL4_Fault_UnknownSyscall);
SAME(FAULT_USER_EXCEPTION, seL4_Fault_UserException);
SAME(FAULT_TIMEOUT, seL4_Fault_Timeout);
SAME(FAULT_ARCH_FIRST, seL4_Fault_VMFault);

SAME(OBJECT_UNTYPED, seL4_UntypedObject);
SAME(OBJECT_TCB, seL4_TCBObject);
SAME(OBJECT_ENDPOINT, seL4_EndpointObject);
SAME(OBJECT_NOTIFICATION, seL4_NotificationObject);
SAME(OBJECT_CNODE, seL4_CapTableObject);
SAME(OBJECT_SCHED_CONTEXT, seL4_SchedContextObject);
SAME(OBJECT_REPLY, seL4_ReplyObject);

SAME(LABEL_UNTYPED_RETYPE, UntypedRetype);
SAME(LABEL_TCB_READ_REGISTERS, TCBReadRegisters);
SAME(LABEL_TCB_WRITE_REGISTERS, TCBWriteRegisters);
SAME(LABEL_TCB_COPY_REGISTERS, TCBCopyRegisters);
SAME(LABEL_TCB_CONFIGURE, TCBConfigure);
SAME(LABEL_TCB_SET_PRIORITY, TCBSetPriority);
SAME(LABEL_TCB_SET_MC_PRIORITY, TCBSetMCPriority);
SAME(LABEL_TCB_SET_SCHED_PARAMS, TCBSetSchedParams);
SAME(LABEL_TCB_SET_TIMEOUT_ENDPOINT, TCBSetTimeoutEndpoint);
SAME(LABEL_TCB_SET_IPC_BUFFER, TCBSetIPCBuffer);
SAME(LABEL_TCB_SET_SPACE, TCBSetSpace);
SAME(LABEL_TCB_SUSPEND, TCBSuspend);
SAME(LABEL_TCB_RESUME, TCBResume);
SAME(LABEL_TCB_BIND_NOTIFICATION, TCBBindNotification);
SAME(LABEL_TCB_UNBIND_NOTIFICATION, TCBUnbindNotification);
SAME(LABEL_TCB_SET_TLS_BASE, TCBSetTLSBase);
SAME(LABEL_TCB_SET_FLAGS, TCBSetFlags);
SAME(LABEL_CNODE_REVOKE, CNodeRevoke);
SAME(LABEL_CNODE_DELETE, CNodeDelete);
SAME(LABEL_CNODE_CANCEL_BADGED_SENDS, CNodeCancelBadgedSends);
SAME(LABEL_CNODE_COPY, CNodeCopy);
SAME(LABEL_CNODE_MINT, CNodeMint);
SAME(LABEL_CNODE_MOVE, CNodeMove);
SAME(LABEL_CNODE_MUTATE, CNodeMutate);
SAME(LABEL_CNODE_ROTATE, CNodeRotate);
SAME(LABEL_IRQ_CONTROL_GET, IRQIssueIRQHandler);
SAME(LABEL_IRQ_ACK, IRQAckIRQ);
SAME(LABEL_IRQ_SET_NOTIFICATION, IRQSetIRQHandler);
SAME(LABEL_IRQ_CLEAR, IRQClearIRQHandler);
SAME(LABEL_DOMAIN_SET, DomainSetSet);
SAME(LABEL_DOMAIN_SCHEDULE_CONFIGURE, DomainScheduleConfigure);
SAME(LABEL_DOMAIN_SCHEDULE_SET_START, DomainScheduleSetStart);
SAME(LABEL_SCHED_CONTROL_CONFIGURE, SchedControlConfigureFlags);
SAME(LABEL_SC_BIND, SchedContextBind);
SAME(LABEL_SC_UNBIND, SchedContextUnbind);
SAME(LABEL_SC_UNBIND_OBJECT, SchedContextUnbindObject);
SAME(LABEL_SC_CONSUMED, SchedContextConsumed);
SAME(LABEL_SC_YIELD_TO, SchedContextYieldTo);
SAME(LABEL_ARCH_FIRST, ARMVSpaceClean_Data);

SAME(SLOT_BITS, seL4_SlotBits);
SAME(TCB_BITS, seL4_TCBBits);
SAME(ENDPOINT_BITS, seL4_EndpointBits);
SAME(NOTIFICATION_BITS, seL4_NotificationBits);
SAME(REPLY_BITS, seL4_ReplyBits);
SAME(SC_MIN_BITS, seL4_MinSchedContextBits);
SAME(UNTYPED_MIN_BITS, seL4_MinUntypedBits);
SAME(UNTYPED_MAX_BITS, seL4_MaxUntypedBits);
SAME(IPC_BUFFER_BITS, seL4_IPCBufferSizeBits);
SAME(MESSAGE_MAX, seL4_MsgMaxLength);
SAME(EXTRA_CAPS_MAX, seL4_MsgMaxExtraCaps);
SAME(PRIORITY_MAX, seL4_MaxPrio);
SAME(ARCH_CONTEXT_REGS, sizeof(seL4_UserContext) / sizeof(seL4_Word));
SAME(BUFFER_CAPS, __builtin_offsetof(seL4_IPCBuffer, caps_or_badges) / sizeof(seL4_Word));
SAME(BUFFER_RECV_CNODE, __builtin_offsetof(seL4_IPCBuffer, receiveCNode) / sizeof(seL4_Word));
