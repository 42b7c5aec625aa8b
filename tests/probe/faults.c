/* SPDX-License-Identifier: BSD-2-Clause */
/* What a native thread's instructions and system calls lead to. */
#include "programs.h"

#define RUN(name) probe_run(p, #name, probe_##name)

void probe_native(struct probe *p)
{
    RUN(read_unmapped);
    RUN(write_unmapped);
    RUN(fetch_unmapped);
    RUN(fetch_misaligned);
    RUN(read_high);
    RUN(read_beyond_40_bits);
    RUN(read_beyond_44_bits);
    RUN(undefined);
    RUN(breakpoint);
    RUN(halt);
    RUN(unknown_syscall);
    RUN(svc_immediate);
    RUN(hvc);
    RUN(smc);
    RUN(wfi);
    RUN(wfe);
    RUN(read_cntvct);
    RUN(read_cntpct);
    RUN(write_cntv_ctl);
    RUN(read_cntv_tval);
    RUN(read_cntp_ctl);
    RUN(read_dczid);
    RUN(dc_zva);
    RUN(dc_civac);
    RUN(ic_ivau);
    RUN(read_pmccntr);
    RUN(read_midr);
    RUN(read_id_pfr0);
    RUN(tls);
    RUN(write_daif);
    RUN(read_daif);
    RUN(read_unaligned);
    RUN(exclusive_unaligned);
    RUN(read_mdscr);
    RUN(read_mdccsr);
    CALL("FPU off", p->tcb, TCBSetFlags, WORDS(0, 1));
    RUN(fp);
    CALL("FPU on", p->tcb, TCBSetFlags, WORDS(1, 0));
    RUN(fp);
}

void probe_replies(struct probe *p)
{
    seL4_Word elsewhere = (seL4_Word)probe_svc_immediate;

    RUN(unknown_syscall);
    probe_resume(p, "length 0", probe_unknown_syscall, 0, 0, 0, 0);
    RUN(unknown_syscall);
    probe_resume(p, "length 2", probe_unknown_syscall, 0, 2, 0x777, 0x888);
    RUN(read_unmapped);
    probe_resume(p, "label 5", probe_read_unmapped, 5, 0, 0, 0);
    RUN(undefined);
    probe_resume(p, "length 1", probe_svc_immediate, 0, 1, elsewhere, 0);
}

#define SYS(name, number, cap, info, reply, x8)                                                    \
    probe_syscall(p, name, (seL4_Word)(number), cap, info, reply, x8)

void probe_cap_faults(struct probe *p)
{
    seL4_CPtr none = PROBE_UNMAPPED;
    seL4_CPtr beyond = 1ul << p->bootinfo->initThreadCNodeSizeBits;
    seL4_CPtr ep = p->endpoint;
    seL4_Word one_cap = 1 << 7;

    SYS("call an empty slot", -1, none, 0, 0, 0);
    SYS("send to it", -5, none, 0, 0, 0);
    SYS("send to it, non-blocking", -6, none, 0, 0, 0);
    ((seL4_IPCBuffer *)PROBE_IPC_BUFFER)->caps_or_badges[0] = 0x7700000000000000;
    SYS("call, extra cap nowhere", -1, ep, one_cap, 0, 0);
    SYS("non-blocking, extra cap nowhere", -6, ep, one_cap, 0, 0);
    SYS("call, guard mismatch", -1, 0x8000000000000000, 0, 0, 0);
    SYS("non-blocking, guard mismatch", -6, 0x8000000000000000, 0, 0, 0);
    SYS("send, guard mismatch", -5, beyond, 0, 0, 0);
    SYS("receive, guard mismatch", -7, beyond, 0, p->child_reply, 0);
    SYS("ReplyRecv, reply guard mismatch", -2, ep, 0, beyond, 0);
    SYS("receive, reply guard mismatch", -7, ep, 0, beyond, 0);
    SYS("receive from an empty slot", -7, none, 0, p->child_reply, 0);
    SYS("receive, no reply", -7, ep, 0, none, 0);
    SYS("NBRecv, no reply", -8, ep, 0, none, 0);
    SYS("NBRecv, reply an endpoint", -8, ep, 0, ep, 0);
    SYS("NBRecv", -8, ep, 0, p->child_reply, 0);
    SYS("NBRecv a notification", -8, p->notification, 0, none, 0);
    SYS("NBWait", -10, ep, 0, none, 0);
    SYS("NBWait at an empty slot", -10, none, 0, none, 0);
    SYS("Wait at an empty slot", -9, none, 0, none, 0);
    SYS("receive from a CNode", -7, p->cnode, 0, p->child_reply, 0);
    SYS("ReplyRecv, reply empty", -2, ep, 0, none, 0);
}

static void probe_messages(struct probe *p)
{
    seL4_Word badge;
    seL4_Word info = 0x77 << 12 | 3;

    probe_syscall_start(p, (seL4_Word)-1, p->endpoint, info, 0, 0);
    seL4_MessageInfo_t got = seL4_Wait(p->endpoint, &badge);
    root_print("Wait: info 0x%lx badge 0x%lx mr0 0x%lx\n", (unsigned long)got.words[0],
               (unsigned long)badge, (unsigned long)seL4_GetMR(0));
    seL4_Yield();

    probe_syscall_start(p, (seL4_Word)-1, p->endpoint, info, 0, 0);
    got = seL4_Recv(p->endpoint, &badge, p->child_reply);
    root_print("Recv: info 0x%lx\n", (unsigned long)got.words[0]);
    seL4_SetMR(0, 0x91);
    seL4_SetMR(1, 0x92);
    seL4_Send(p->child_reply, seL4_MessageInfo_new(0x33, 0, 0, 2));
    probe_fault(p, "the answer", probe_syscall_only);
}

static void probe_signals(struct probe *p)
{
    seL4_Word badge;

    SYS("signal", -5, p->notification, 1, 0, 0);
    seL4_Poll(p->notification, &badge);
    root_print("poll: 0x%lx\n", (unsigned long)badge);
    seL4_Poll(p->notification, &badge);
    root_print("poll again: 0x%lx\n", (unsigned long)badge);
    SYS("call a notification", -1, p->notification, 1 | 5 << 12, 0, 0);
}

void probe_ipc(struct probe *p)
{
    probe_messages(p);
    probe_signals(p);
    SYS("call, no words", -1, seL4_CapDomain, DomainSetSet << 12, 0, 0);
    SYS("send an unknown label", -5, p->tcb, 9999 << 12, 0, 0);
    SYS("NBSendRecv", -3, PROBE_UNMAPPED, 0, p->child_reply, p->notification);
    SYS("ReplyRecv, reply unused", -2, PROBE_UNMAPPED, 0, p->child_reply, 0);
    SYS("yield", -11, 0x500, 0x501, 0x502, 0x503);
    SYS("number -32", -32, 1, 1, 2, 3);
    SYS("number -33", -33, 1, 1, 2, 3);
    SYS("number 0", 0, 1, 1, 2, 3);
    SYS("number 5", 5, 1, 1, 2, 3);
    SYS("number 0xfffffff500000000", 0xfffffff500000000, 1, 1, 2, 3);
    SYS("number 0xfffffff5", 0xfffffff5, 1, 1, 2, 3);
}
