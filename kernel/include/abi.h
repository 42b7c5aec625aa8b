/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of the seL4 16.0.0 MCS ABI as keel implements it (the Microkit smp-release configuration
 * and labels). The user-level side of the same numbers is in sel4/.
 */
#ifndef KEEL_ABI_H
#define KEEL_ABI_H

/* System calls: the full 64-bit signed value of the number register. */
enum syscall {
    SYS_CALL = -1,
    SYS_REPLY_RECV = -2,
    SYS_NB_SEND_RECV = -3,
    SYS_NB_SEND_WAIT = -4,
    SYS_SEND = -5,
    SYS_NB_SEND = -6,
    SYS_RECV = -7,
    SYS_NB_RECV = -8,
    SYS_WAIT = -9,
    SYS_NB_WAIT = -10,
    SYS_YIELD = -11,
};

/* Message info word: label [63:12], capsUnwrapped [11:9], extraCaps [8:7], length [6:0]. */
#define INFO_LABEL_SHIFT  12
#define INFO_UNWRAP_SHIFT 9
#define INFO_CAPS_SHIFT   7
#define MESSAGE_MAX       120u /* words */
#define EXTRA_CAPS_MAX    3u

/* Words of the IPC buffer. Message register i is word 1 + i. */
#define IPC_BUFFER_BITS   10
#define BUFFER_MR         1
#define BUFFER_CAPS       122 /* send: extra capptrs; receive: badges of unwrapped caps */
#define BUFFER_RECV_CNODE 125
#define BUFFER_RECV_INDEX 126
#define BUFFER_RECV_DEPTH 127

/* Capability rights. */
#define RIGHT_WRITE       1u
#define RIGHT_READ        2u
#define RIGHT_GRANT       4u
#define RIGHT_GRANT_REPLY 8u
#define RIGHTS_ALL        15u

/* Error codes; the label of an error reply. */
enum error {
    NO_ERROR = 0,
    ERR_INVALID_ARGUMENT,   /* MR0 = argument number */
    ERR_INVALID_CAPABILITY, /* MR0 = capability number */
    ERR_ILLEGAL_OPERATION,
    ERR_RANGE, /* MR0 = least, MR1 = greatest legal value */
    ERR_ALIGNMENT,
    ERR_FAILED_LOOKUP, /* MR0 = 1 for the source, MR1.. = struct lookup_failure */
    ERR_TRUNCATED_MESSAGE,
    ERR_DELETE_FIRST,
    ERR_REVOKE_FIRST,
    ERR_NOT_ENOUGH_MEMORY, /* MR0 = bytes left */
};

/* Lookup failure types as in messages. */
enum lookup_failure_type {
    LOOKUP_OK = 0,
    LOOKUP_INVALID_ROOT,
    LOOKUP_MISSING_CAPABILITY,
    LOOKUP_DEPTH_MISMATCH,
    LOOKUP_GUARD_MISMATCH,
};

/* Labels of fault messages. */
enum fault_type {
    FAULT_NULL = 0,
    FAULT_CAP = 1,
    FAULT_UNKNOWN_SYSCALL = 2,
    FAULT_USER_EXCEPTION = 3,
    FAULT_DEBUG_EXCEPTION = 4,
    FAULT_TIMEOUT = 5,
    FAULT_ARCH_FIRST = 6, /* this and higher numbers belong to the architecture */
};

/* Object types of Untyped_Retype; higher numbers belong to the architecture. */
enum object_type {
    OBJECT_UNTYPED = 0,
    OBJECT_TCB,
    OBJECT_ENDPOINT,
    OBJECT_NOTIFICATION,
    OBJECT_CNODE,
    OBJECT_SCHED_CONTEXT,
    OBJECT_REPLY,
    OBJECT_ARCH_FIRST,
};

/* Object sizes, log2 bytes. */
#define SLOT_BITS         5
#define TCB_BITS          11
#define ENDPOINT_BITS     4
#define NOTIFICATION_BITS 6
#define REPLY_BITS        5
#define SC_MIN_BITS       7
#define SC_CORE_BYTES     128u /* with two refills */
#define SC_CORE_REFILLS   2u
#define REFILL_BYTES      16u
#define UNTYPED_MIN_BITS  4
#define UNTYPED_MAX_BITS  47

/* Limits. */
#define RETYPE_FAN_OUT   256u
#define PRIORITY_MAX     255u
#define PRIORITIES       256u
#define WORK_UNITS       100u /* between two preemption checks */
#define RESET_CHUNK_BITS 8
#define DOMAINS          1u
#define DOMAIN_ENTRIES   2u
#define MAX_CPUS         8u
#define MIN_BUDGET_US    20u

/* TCB_SetFlags. */
#define TCB_FLAG_FPU_DISABLED 1u
/* keel extension 1: fault messages carry, and fault replies set, the general registers. */
#define TCB_FLAG_FAULT_REGS 2u
#define TCB_FLAGS           (TCB_FLAG_FPU_DISABLED | TCB_FLAG_FAULT_REGS)

/* Invocation labels, SMP set; the architecture's follow LABEL_ARCH_FIRST - 1. */
enum label {
    LABEL_INVALID = 0,
    LABEL_UNTYPED_RETYPE,
    LABEL_TCB_READ_REGISTERS,
    LABEL_TCB_WRITE_REGISTERS,
    LABEL_TCB_COPY_REGISTERS,
    LABEL_TCB_CONFIGURE,
    LABEL_TCB_SET_PRIORITY,
    LABEL_TCB_SET_MC_PRIORITY,
    LABEL_TCB_SET_SCHED_PARAMS,
    LABEL_TCB_SET_TIMEOUT_ENDPOINT,
    LABEL_TCB_SET_IPC_BUFFER,
    LABEL_TCB_SET_SPACE,
    LABEL_TCB_SUSPEND,
    LABEL_TCB_RESUME,
    LABEL_TCB_BIND_NOTIFICATION,
    LABEL_TCB_UNBIND_NOTIFICATION,
    LABEL_TCB_SET_TLS_BASE,
    LABEL_TCB_SET_FLAGS,
    LABEL_CNODE_REVOKE,
    LABEL_CNODE_DELETE,
    LABEL_CNODE_CANCEL_BADGED_SENDS,
    LABEL_CNODE_COPY,
    LABEL_CNODE_MINT,
    LABEL_CNODE_MOVE,
    LABEL_CNODE_MUTATE,
    LABEL_CNODE_ROTATE,
    LABEL_IRQ_CONTROL_GET,
    LABEL_IRQ_ACK,
    LABEL_IRQ_SET_NOTIFICATION,
    LABEL_IRQ_CLEAR,
    LABEL_DOMAIN_SET,
    LABEL_DOMAIN_SCHEDULE_CONFIGURE,
    LABEL_DOMAIN_SCHEDULE_SET_START,
    LABEL_SCHED_CONTROL_CONFIGURE,
    LABEL_SC_BIND,
    LABEL_SC_UNBIND,
    LABEL_SC_UNBIND_OBJECT,
    LABEL_SC_CONSUMED,
    LABEL_SC_YIELD_TO,
    LABEL_ARCH_FIRST, /* 39 */
};

/* SchedControl_ConfigureFlags. */
#define SC_FLAG_SPORADIC 1u

#endif
