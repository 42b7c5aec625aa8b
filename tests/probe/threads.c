/* SPDX-License-Identifier: BSD-2-Clause */
/* TCBs and scheduling contexts. */
#include "probe.h"

#define ROOT seL4_CapInitThreadCNode
#define SELF seL4_CapInitThreadTCB
#define VS   seL4_CapInitThreadVSpace

static void probe_configure(struct probe *p)
{
    seL4_CPtr vspace = probe_object(p, seL4_ARM_VSpaceObject, 0);
    seL4_Word buffer = PROBE_IPC_BUFFER;

    CALL("buffer unaligned", p->tcb, TCBSetIPCBuffer, WORDS(buffer + 8), CAPS(p->buffer_frame));
    CALL("buffer 0", p->tcb, TCBSetIPCBuffer, WORDS(0), CAPS(p->buffer_frame));
    CALL("buffer without frame", p->tcb, TCBSetIPCBuffer, WORDS(buffer));
    CALL("buffer an endpoint", p->tcb, TCBSetIPCBuffer, WORDS(buffer), CAPS(p->endpoint));
    CALL("VSpace unassigned", p->tcb, TCBConfigure, WORDS(0, 0, buffer),
         CAPS(ROOT, vspace, p->buffer_frame));
    CALL("CSpace an endpoint", p->tcb, TCBConfigure, WORDS(0, 0, buffer),
         CAPS(p->endpoint, VS, p->buffer_frame));
    CALL("two words", p->tcb, TCBConfigure, WORDS(0, 0), CAPS(ROOT, VS, p->buffer_frame));
    CALL("two caps", p->tcb, TCBConfigure, WORDS(0, 0, buffer), CAPS(ROOT, VS));
    CALL("bad guard", p->tcb, TCBConfigure, WORDS(63, 0, buffer), CAPS(ROOT, VS, p->buffer_frame));
    CALL("configure", p->tcb, TCBConfigure, WORDS(0, 77, buffer), CAPS(ROOT, VS, p->buffer_frame));
    CALL("map its buffer", p->buffer_frame, ARMPageMap, WORDS(buffer, 3, 7), CAPS(VS));
}

void probe_tcb(struct probe *p)
{
    CALL("priority without authority", p->tcb, TCBSetPriority, WORDS(10));
    CALL("authority an endpoint", p->tcb, TCBSetPriority, WORDS(10), CAPS(p->endpoint));
    CALL("priority 256", p->tcb, TCBSetPriority, WORDS(256), CAPS(SELF));
    CALL("priority 100", p->tcb, TCBSetPriority, WORDS(100), CAPS(SELF));
    CALL("authority with MCP 0", p->tcb, TCBSetPriority, WORDS(1), CAPS(p->tcb));
    CALL("flags set 1", p->tcb, TCBSetFlags, WORDS(0, 1));
    CALL("flags clear 1", p->tcb, TCBSetFlags, WORDS(1, 0));
    CALL("read own registers", SELF, TCBReadRegisters, WORDS(0, 1));
    CALL("read 0 registers", p->tcb, TCBReadRegisters, WORDS(0, 0));
    CALL("read 37 registers", p->tcb, TCBReadRegisters, WORDS(0, 37));
    CALL("read 36 registers", p->tcb, TCBReadRegisters, WORDS(0, 36));
    CALL("write 5 with 2 words", p->tcb, TCBWriteRegisters, WORDS(0, 5));
    CALL("write with 1 word", p->tcb, TCBWriteRegisters, WORDS(0));
    probe_configure(p);
    CALL("bind an endpoint", p->tcb, TCBBindNotification, CAPS(p->endpoint));
    CALL("bind a notification", p->tcb, TCBBindNotification, CAPS(p->notification));
    CALL("bind it again", p->tcb, TCBBindNotification, CAPS(p->notification));
    CALL("unbind", p->tcb, TCBUnbindNotification);
    CALL("unbind again", p->tcb, TCBUnbindNotification);
}

void probe_sched(struct probe *p)
{
    seL4_CPtr control = p->bootinfo->schedcontrol.start;
    seL4_CPtr own = seL4_CapInitThreadSC;

    CALL("budget 19", control, SchedControlConfigureFlags, WORDS(19, 1000, 0, 0, 0), CAPS(p->sc));
    CALL("period 19", control, SchedControlConfigureFlags, WORDS(20, 19, 0, 0, 0), CAPS(p->sc));
    CALL("budget above period", control, SchedControlConfigureFlags, WORDS(2000, 1000, 0, 0, 0),
         CAPS(p->sc));
    CALL("9 refills", control, SchedControlConfigureFlags, WORDS(1000, 2000, 9, 0, 0), CAPS(p->sc));
    CALL("8 refills", control, SchedControlConfigureFlags, WORDS(1000, 2000, 8, 0, 0), CAPS(p->sc));
    CALL("period huge", control, SchedControlConfigureFlags, WORDS(1000, ~0ul, 0, 0, 0),
         CAPS(p->sc));
    CALL("budget huge", control, SchedControlConfigureFlags, WORDS(~0ul, ~0ul, 0, 0, 0),
         CAPS(p->sc));
    CALL("configure an endpoint", control, SchedControlConfigureFlags, WORDS(1000, 2000, 0, 0, 0),
         CAPS(p->endpoint));
    CALL("configure nothing", control, SchedControlConfigureFlags, WORDS(1000, 2000, 0, 0, 0));
    CALL("unknown flag", control, SchedControlConfigureFlags, WORDS(1000, 2000, 0, 0, 4),
         CAPS(p->sc));
    CALL("consumed, fresh", p->sc, SchedContextConsumed);
    CALL("yield to own", own, SchedContextYieldTo);
    CALL("yield to unbound", p->sc, SchedContextYieldTo);
    CALL("unbind own", own, SchedContextUnbind);
    CALL("bind own to another", own, SchedContextBind, CAPS(p->tcb));
    CALL("bind to an endpoint", p->sc, SchedContextBind, CAPS(p->endpoint));
    CALL("unbind what is not bound", p->sc, SchedContextUnbindObject, CAPS(p->tcb));
    CALL("set all parameters", p->tcb, TCBSetSchedParams, WORDS(200, 100),
         CAPS(SELF, p->sc, p->fault_endpoint));
    CALL("round robin", control, SchedControlConfigureFlags, WORDS(10000, 10000, 0, 0xbad9e, 0),
         CAPS(p->sc));
    CALL("timeout to a notification", p->tcb, TCBSetTimeoutEndpoint, CAPS(p->notification));
    CALL("set space", p->tcb, TCBSetSpace, WORDS(0, 0), CAPS(p->fault_endpoint, ROOT, VS));
}
