/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AArch64 system call stubs.
 *
 * Convention: x7 number, x0 capability in / badge out, x1 message info, x2..x5 message words 0..3,
 * x6 reply object (or the destination of NBSendWait), x8 destination of NBSendRecv; nothing else
 * changes.
 */
#ifndef SEL4_ARCH_AARCH64_SYSCALLS_H
#define SEL4_ARCH_AARCH64_SYSCALLS_H

#include <sel4/abi/syscalls.h>
#include <sel4/abi/types.h>
#include <sel4/functions.h>

/* What goes in and comes out of the trap; lives in registers once inlined. */
struct sel4_trap {
    seL4_Word cap; /* in: capability, out: badge */
    seL4_Word info;
    seL4_Word mr[4];
};

#define SEL4_TRAP_REGISTERS(t, number)                                                             \
    register seL4_Word x0 __asm__("x0") = (t)->cap;                                                \
    register seL4_Word x1 __asm__("x1") = (t)->info;                                               \
    register seL4_Word x2 __asm__("x2") = (t)->mr[0];                                              \
    register seL4_Word x3 __asm__("x3") = (t)->mr[1];                                              \
    register seL4_Word x4 __asm__("x4") = (t)->mr[2];                                              \
    register seL4_Word x5 __asm__("x5") = (t)->mr[3];                                              \
    register seL4_Word x7 __asm__("x7") = (seL4_Word)(number)

#define SEL4_TRAP_RESULTS(t)                                                                       \
    do {                                                                                           \
        (t)->cap = x0;                                                                             \
        (t)->info = x1;                                                                            \
        (t)->mr[0] = x2;                                                                           \
        (t)->mr[1] = x3;                                                                           \
        (t)->mr[2] = x4;                                                                           \
        (t)->mr[3] = x5;                                                                           \
    } while (0)

static inline void sel4_trap(seL4_Syscall_ID number, struct sel4_trap *t)
{
    SEL4_TRAP_REGISTERS(t, number);

    __asm__ volatile("svc #0"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5)
                     : "r"(x7)
                     : "memory");
    SEL4_TRAP_RESULTS(t);
}

static inline void sel4_trap_reply(seL4_Syscall_ID number, struct sel4_trap *t, seL4_Word reply)
{
    SEL4_TRAP_REGISTERS(t, number);
    register seL4_Word x6 __asm__("x6") = reply;

    __asm__ volatile("svc #0"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5)
                     : "r"(x6), "r"(x7)
                     : "memory");
    SEL4_TRAP_RESULTS(t);
}

static inline void sel4_trap_dest(seL4_Syscall_ID number, struct sel4_trap *t, seL4_Word reply,
                                  seL4_Word dest)
{
    SEL4_TRAP_REGISTERS(t, number);
    register seL4_Word x6 __asm__("x6") = reply;
    register seL4_Word x8 __asm__("x8") = dest;

    __asm__ volatile("svc #0"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5)
                     : "r"(x6), "r"(x7), "r"(x8)
                     : "memory");
    SEL4_TRAP_RESULTS(t);
}

/* Calls that use neither message info nor message words. */
static inline seL4_Word sel4_trap_short(seL4_Syscall_ID number, seL4_Word arg0, seL4_Word arg1)
{
    register seL4_Word x0 __asm__("x0") = arg0;
    register seL4_Word x1 __asm__("x1") = arg1;
    register seL4_Word x7 __asm__("x7") = (seL4_Word)number;

    __asm__ volatile("svc #0" : "+r"(x0), "+r"(x1) : "r"(x7) : "memory");
    return x0;
}

/* --- moving message words between registers, the IPC buffer and a caller's variables -----------
 */

static inline void sel4_load_mrs(struct sel4_trap *t)
{
    const seL4_IPCBuffer *buffer = seL4_GetIPCBuffer();

    for (int i = 0; i < 4; i++) {
        t->mr[i] = buffer->msg[i];
    }
}

static inline void sel4_store_mrs(const struct sel4_trap *t)
{
    seL4_IPCBuffer *buffer = seL4_GetIPCBuffer();

    for (int i = 0; i < 4; i++) {
        buffer->msg[i] = t->mr[i];
    }
}

static inline void sel4_gather_mrs(struct sel4_trap *t, seL4_MessageInfo_t info,
                                   const seL4_Word *mr0, const seL4_Word *mr1, const seL4_Word *mr2,
                                   const seL4_Word *mr3)
{
    seL4_Word length = seL4_MessageInfo_get_length(info);

    t->mr[0] = mr0 && length > 0 ? *mr0 : 0;
    t->mr[1] = mr1 && length > 1 ? *mr1 : 0;
    t->mr[2] = mr2 && length > 2 ? *mr2 : 0;
    t->mr[3] = mr3 && length > 3 ? *mr3 : 0;
}

static inline void sel4_scatter_mrs(const struct sel4_trap *t, seL4_Word *mr0, seL4_Word *mr1,
                                    seL4_Word *mr2, seL4_Word *mr3)
{
    if (mr0) {
        *mr0 = t->mr[0];
    }
    if (mr1) {
        *mr1 = t->mr[1];
    }
    if (mr2) {
        *mr2 = t->mr[2];
    }
    if (mr3) {
        *mr3 = t->mr[3];
    }
}

static inline seL4_MessageInfo_t sel4_trap_done(const struct sel4_trap *t, seL4_Word *sender)
{
    seL4_MessageInfo_t info = {{t->info}};

    if (sender) {
        *sender = t->cap;
    }
    return info;
}

/* --- sending ------------------------------------------------------------------------------------
 */

static inline void seL4_Send(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    struct sel4_trap t = {.cap = dest, .info = info.words[0]};

    sel4_load_mrs(&t);
    sel4_trap(seL4_SysSend, &t);
}

static inline void seL4_SendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info, seL4_Word *mr0,
                                    seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    struct sel4_trap t = {.cap = dest, .info = info.words[0]};

    sel4_gather_mrs(&t, info, mr0, mr1, mr2, mr3);
    sel4_trap(seL4_SysSend, &t);
}

static inline void seL4_NBSend(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    struct sel4_trap t = {.cap = dest, .info = info.words[0]};

    sel4_load_mrs(&t);
    sel4_trap(seL4_SysNBSend, &t);
}

static inline void seL4_NBSendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info, seL4_Word *mr0,
                                      seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    struct sel4_trap t = {.cap = dest, .info = info.words[0]};

    sel4_gather_mrs(&t, info, mr0, mr1, mr2, mr3);
    sel4_trap(seL4_SysNBSend, &t);
}

static inline void seL4_Signal(seL4_CPtr dest)
{
    sel4_trap_short(seL4_SysSend, dest, 0);
}

static inline seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    struct sel4_trap t = {.cap = dest, .info = info.words[0]};

    sel4_load_mrs(&t);
    sel4_trap(seL4_SysCall, &t);
    sel4_store_mrs(&t);
    return sel4_trap_done(&t, NULL);
}

static inline seL4_MessageInfo_t seL4_CallWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                  seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                  seL4_Word *mr3)
{
    struct sel4_trap t = {.cap = dest, .info = info.words[0]};

    sel4_gather_mrs(&t, info, mr0, mr1, mr2, mr3);
    sel4_trap(seL4_SysCall, &t);
    sel4_scatter_mrs(&t, mr0, mr1, mr2, mr3);
    return sel4_trap_done(&t, NULL);
}

/* --- receiving ----------------------------------------------------------------------------------
 */

static inline seL4_MessageInfo_t seL4_Recv(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
    struct sel4_trap t = {.cap = src};

    sel4_trap_reply(seL4_SysRecv, &t, reply);
    sel4_store_mrs(&t);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_RecvWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply,
                                                  seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                  seL4_Word *mr3)
{
    struct sel4_trap t = {.cap = src};

    sel4_trap_reply(seL4_SysRecv, &t, reply);
    sel4_scatter_mrs(&t, mr0, mr1, mr2, mr3);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_NBRecv(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
    struct sel4_trap t = {.cap = src};

    sel4_trap_reply(seL4_SysNBRecv, &t, reply);
    sel4_store_mrs(&t);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_Wait(seL4_CPtr src, seL4_Word *sender)
{
    struct sel4_trap t = {.cap = src};

    sel4_trap(seL4_SysWait, &t);
    sel4_store_mrs(&t);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_WaitWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_Word *mr0,
                                                  seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    struct sel4_trap t = {.cap = src};

    sel4_trap(seL4_SysWait, &t);
    sel4_scatter_mrs(&t, mr0, mr1, mr2, mr3);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_NBWait(seL4_CPtr src, seL4_Word *sender)
{
    struct sel4_trap t = {.cap = src};

    sel4_trap(seL4_SysNBWait, &t);
    sel4_store_mrs(&t);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_Poll(seL4_CPtr src, seL4_Word *sender)
{
    return seL4_NBWait(src, sender);
}

/* --- both ---------------------------------------------------------------------------------------
 */

static inline seL4_MessageInfo_t seL4_ReplyRecv(seL4_CPtr src, seL4_MessageInfo_t info,
                                                seL4_Word *sender, seL4_CPtr reply)
{
    struct sel4_trap t = {.cap = src, .info = info.words[0]};

    sel4_load_mrs(&t);
    sel4_trap_reply(seL4_SysReplyRecv, &t, reply);
    sel4_store_mrs(&t);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_ReplyRecvWithMRs(seL4_CPtr src, seL4_MessageInfo_t info,
                                                       seL4_Word *sender, seL4_Word *mr0,
                                                       seL4_Word *mr1, seL4_Word *mr2,
                                                       seL4_Word *mr3, seL4_CPtr reply)
{
    struct sel4_trap t = {.cap = src, .info = info.words[0]};

    sel4_gather_mrs(&t, info, mr0, mr1, mr2, mr3);
    sel4_trap_reply(seL4_SysReplyRecv, &t, reply);
    sel4_scatter_mrs(&t, mr0, mr1, mr2, mr3);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_NBSendRecv(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                 seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
    struct sel4_trap t = {.cap = src, .info = info.words[0]};

    sel4_load_mrs(&t);
    sel4_trap_dest(seL4_SysNBSendRecv, &t, reply, dest);
    sel4_store_mrs(&t);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_NBSendRecvWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                        seL4_CPtr src, seL4_Word *sender,
                                                        seL4_Word *mr0, seL4_Word *mr1,
                                                        seL4_Word *mr2, seL4_Word *mr3,
                                                        seL4_CPtr reply)
{
    struct sel4_trap t = {.cap = src, .info = info.words[0]};

    sel4_gather_mrs(&t, info, mr0, mr1, mr2, mr3);
    sel4_trap_dest(seL4_SysNBSendRecv, &t, reply, dest);
    sel4_scatter_mrs(&t, mr0, mr1, mr2, mr3);
    return sel4_trap_done(&t, sender);
}

static inline seL4_MessageInfo_t seL4_NBSendWait(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                 seL4_CPtr src, seL4_Word *sender)
{
    struct sel4_trap t = {.cap = src, .info = info.words[0]};

    sel4_load_mrs(&t);
    sel4_trap_reply(seL4_SysNBSendWait, &t, dest);
    sel4_store_mrs(&t);
    return sel4_trap_done(&t, sender);
}

static inline void seL4_Yield(void)
{
    sel4_trap_short(seL4_SysYield, 0, 0);
}

/* --- debug kernels only -------------------------------------------------------------------------
 */

static inline void seL4_DebugPutChar(char c)
{
    sel4_trap_short(seL4_SysDebugPutChar, (unsigned char)c, 0);
}

static inline void seL4_DebugPutString(const char *s)
{
    for (; *s; s++) {
        seL4_DebugPutChar(*s);
    }
    seL4_DebugPutChar('\n');
}

static inline void seL4_DebugDumpScheduler(void)
{
    sel4_trap_short(seL4_SysDebugDumpScheduler, 0, 0);
}

static inline void seL4_DebugHalt(void)
{
    sel4_trap_short(seL4_SysDebugHalt, 0, 0);
}

static inline void seL4_DebugSnapshot(void)
{
    sel4_trap_short(seL4_SysDebugSnapshot, 0, 0);
}

static inline seL4_Uint32 seL4_DebugCapIdentify(seL4_CPtr cap)
{
    return (seL4_Uint32)sel4_trap_short(seL4_SysDebugCapIdentify, cap, 0);
}

/* The name must fit in the message words. */
static inline void seL4_DebugNameThread(seL4_CPtr tcb, const char *name)
{
    char *to = (char *)seL4_GetIPCBuffer()->msg;
    const char *end = to + sizeof(seL4_Word) * seL4_MsgMaxLength - 1;

    while (*name && to < end) {
        *to++ = *name++;
    }
    *to = '\0';
    sel4_trap_short(seL4_SysDebugNameThread, tcb, 0);
}

static inline void seL4_DebugSendIPI(seL4_Uint8 core, unsigned sgi)
{
    sel4_trap_short(seL4_SysDebugSendIPI, core, sgi);
}

static inline seL4_Word seL4_DebugGetThreadAffinity(seL4_CPtr tcb)
{
    return sel4_trap_short(seL4_SysDebugGetThreadAffinity, tcb, 0);
}

#endif
