/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads without a scheduling context of their own, lost replies, timeout faults. */
#include "programs.h"

#define ROOT seL4_CapInitThreadCNode
#define SELF seL4_CapInitThreadTCB

/* The child blocks in a receive on the endpoint, then loses its scheduling context. */
static void make_passive(struct probe *p)
{
    probe_syscall_start(p, (seL4_Word)-7, p->endpoint, 0, p->child_reply, 0);
    seL4_Yield();
    CALL("take the scheduling context", p->sc, SchedContextUnbindObject, CAPS(p->tcb));
}

static void probe_lost_reply(struct probe *p)
{
    seL4_CPtr reply = probe_object(p, seL4_ReplyObject, 0);
    seL4_Word badge;

    probe_syscall_start(p, (seL4_Word)-1, p->endpoint, 0x9 << 12, 0, 0);
    seL4_Recv(p->endpoint, &badge, reply);
    CALL("delete the reply in use", ROOT, CNodeDelete, WORDS(reply, 64));
    seL4_Yield();
    CALL("resume the caller", p->tcb, TCBResume);
    seL4_Recv(p->endpoint, &badge, p->child_reply);
    root_print("it called again\n");
    seL4_Send(p->child_reply, seL4_MessageInfo_new(0, 0, 0, 0));
    probe_fault(p, "answered", probe_syscall_only);
}

void probe_donation(struct probe *p)
{
    seL4_Word badge;

    CALL("priority 255", p->tcb, TCBSetPriority, WORDS(255), CAPS(SELF));
    make_passive(p);
    seL4_SetMR(0, 0xabc);
    seL4_NBSend(p->endpoint, seL4_MessageInfo_new(7, 0, 0, 1));
    seL4_Yield();
    CALL("give it back", p->sc, SchedContextBind, CAPS(p->tcb));
    probe_fault(p, "message to a passive thread", probe_syscall_only);

    make_passive(p);
    seL4_Poll(p->notification, &badge);
    CALL("to the notification", p->sc, SchedContextBind, CAPS(p->notification));
    CALL("bind the notification", p->tcb, TCBBindNotification, CAPS(p->notification));
    seL4_Signal(p->notification);
    seL4_Yield();
    probe_fault(p, "signal to a passive thread", probe_syscall_only);
    CALL("unbind the notification", p->tcb, TCBUnbindNotification);
    CALL("unbind all", p->sc, SchedContextUnbind);
    CALL("bind the thread", p->sc, SchedContextBind, CAPS(p->tcb));
    probe_lost_reply(p);
    CALL("priority 100", p->tcb, TCBSetPriority, WORDS(100), CAPS(SELF));
}

void probe_timeout(struct probe *p)
{
    seL4_CPtr control = p->bootinfo->schedcontrol.start;
    seL4_Word mr[2];
    seL4_Word badge;

    CALL("timeout handler", p->tcb, TCBSetTimeoutEndpoint, CAPS(p->fault_endpoint));
    CALL("20 ms of 100 ms", control, SchedControlConfigureFlags,
         WORDS(20000, 100000, 0, 0xbad9e, 0), CAPS(p->sc));
    probe_start(p, probe_loop);
    seL4_MessageInfo_t info =
        seL4_RecvWithMRs(p->fault_endpoint, &badge, p->reply, &mr[0], &mr[1], NULL, NULL);
    root_print("loop: info 0x%lx badge 0x%lx, consumed something: %d\n",
               (unsigned long)info.words[0], (unsigned long)mr[0], mr[1] > 0);
    probe_resume(p, "new PC and SP", probe_svc_immediate, 0, 2, (seL4_Word)probe_svc_immediate,
                 0x600000);
    CALL("no timeout handler", p->tcb, TCBSetTimeoutEndpoint, CAPS(0));
    CALL("round robin", control, SchedControlConfigureFlags, WORDS(10000, 10000, 0, 0xbad9e, 0),
         CAPS(p->sc));
}
