/* SPDX-License-Identifier: BSD-2-Clause */
/* The IPC buffer: 1 KiB, aligned to its size, inside one frame. */
#ifndef SEL4_ABI_IPCBUFFER_H
#define SEL4_ABI_IPCBUFFER_H

#include <sel4/abi/types.h>
#include <stddef.h>

enum seL4_MsgLimits {
    seL4_MsgLengthBits = 7,
    seL4_MsgExtraCapBits = 2,
    seL4_MsgMaxLength = 120,
};
#define seL4_MsgMaxExtraCaps      3
#define seL4_FastMessageRegisters 4 /* message words carried in registers */
#define seL4_IPCBufferSizeBits    10

typedef struct seL4_IPCBuffer_ {
    seL4_MessageInfo_t tag; /* the kernel neither reads nor writes it */
    seL4_Word msg[seL4_MsgMaxLength];
    seL4_Word userData;
    seL4_Word caps_or_badges[seL4_MsgMaxExtraCaps];
    seL4_CPtr receiveCNode;
    seL4_CPtr receiveIndex;
    seL4_Word receiveDepth;
} seL4_IPCBuffer __attribute__((aligned(1 << seL4_IPCBufferSizeBits)));

_Static_assert(sizeof(seL4_IPCBuffer) == 1024, "IPC buffer size");
_Static_assert(offsetof(seL4_IPCBuffer, userData) == 968, "IPC buffer layout");
_Static_assert(offsetof(seL4_IPCBuffer, receiveDepth) == 1016, "IPC buffer layout");

#endif
