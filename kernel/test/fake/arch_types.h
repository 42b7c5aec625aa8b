/* SPDX-License-Identifier: BSD-2-Clause */
/* A small architecture for host tests: nine registers, frames and VSpaces. */
#ifndef KEEL_ARCH_TYPES_H
#define KEEL_ARCH_TYPES_H

#include <sel4/abi/objects.h>

#include "types.h"

#define ARCH_MSG_REGS     4u
#define ARCH_CONTEXT_REGS 12u /* pc, sp, flags, x0..x8 */
#define ARCH_FRAME_REGS   6u
#define ARCH_TIMEOUT_REGS 12u
#define ARCH_TLS_REG      1u /* sp */
#define ARCH_OBJECTS      9u
#define ARCH_IRQS         16u
#define ARCH_US_MAX       (UINT64_MAX / 10)

#define FAKE_OBJECT_FRAME  seL4_NonArchObjectTypeCount
#define FAKE_OBJECT_VSPACE (seL4_NonArchObjectTypeCount + 1)
#define FAKE_PAGE_BITS     12

/* Registers of a system call: operands, results. */
enum syscall_reg {
    REG_CAP = 0,
    REG_BADGE = 0,
    REG_INFO = 1,
    REG_MR0 = 2,
    REG_REPLY = 6,
    REG_DEST = 8, /* what NBSendRecv sends to */
};

struct arch_tcb {
    word x[9];
    word sp;
    word flags;
    word pc;
    word trap_back;
};

struct tcb;

struct arch_cpu {
    unsigned switches;
    struct tcb *running; /* switched to last, unless it has been destroyed since */
    ticks deadline;
};

#endif
