/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts, address spaces, domains, SMC. */
#include "probe.h"

#define ROOT    seL4_CapInitThreadCNode
#define VS      seL4_CapInitThreadVSpace
#define CONTROL seL4_CapIRQControl

void probe_irq(struct probe *p)
{
    seL4_CPtr e = p->scratch;

    CALL("kernel timer", CONTROL, IRQIssueIRQHandler, WORDS(26, e + 1, 64), CAPS(ROOT));
    CALL("160", CONTROL, IRQIssueIRQHandler, WORDS(160, e + 1, 64), CAPS(ROOT));
    CALL("159", CONTROL, IRQIssueIRQHandler, WORDS(159, e + 1, 64), CAPS(ROOT));
    CALL("159 again", CONTROL, IRQIssueIRQHandler, WORDS(159, e + 2, 64), CAPS(ROOT));
    CALL("slot in use", CONTROL, IRQIssueIRQHandler, WORDS(158, p->endpoint, 64), CAPS(ROOT));
    CALL("virtual timer", CONTROL, IRQIssueIRQHandler, WORDS(27, e + 2, 64), CAPS(ROOT));
    CALL("maintenance", CONTROL, IRQIssueIRQHandler, WORDS(25, e + 2, 64), CAPS(ROOT));
    CALL("SGI 0", CONTROL, IRQIssueIRQHandler, WORDS(0, e + 2, 64), CAPS(ROOT));
    CALL("SGI 5", CONTROL, IRQIssueIRQHandler, WORDS(5, e + 2, 64), CAPS(ROOT));
    CALL("trigger of PPI 30", CONTROL, ARMIRQIssueIRQHandlerTrigger, WORDS(30, 1, e + 3, 64),
         CAPS(ROOT));
    CALL("trigger of SPI 40", CONTROL, ARMIRQIssueIRQHandlerTrigger, WORDS(40, 1, e + 3, 64),
         CAPS(ROOT));
    CALL("PPI 30 of core 1", CONTROL, ARMIRQIssueIRQHandlerTriggerCore, WORDS(30, 1, e + 4, 64, 1),
         CAPS(ROOT));
    CALL("SPI 41 on core 3", CONTROL, ARMIRQIssueIRQHandlerTriggerCore, WORDS(41, 1, e + 6, 64, 3),
         CAPS(ROOT));
    CALL("ack", e + 1, IRQAckIRQ);
    CALL("signal an endpoint", e + 1, IRQSetIRQHandler, CAPS(p->endpoint));
    CALL("signal a notification", e + 1, IRQSetIRQHandler, CAPS(p->notification));
    CALL("clear", e + 1, IRQClearIRQHandler);
    for (unsigned i = 1; i <= 6; i++) {
        seL4_CNode_Delete(ROOT, e + i, 64);
    }
    CALL("159 once more", CONTROL, IRQIssueIRQHandler, WORDS(159, e + 1, 64), CAPS(ROOT));
    seL4_CNode_Delete(ROOT, e + 1, 64);
}

static void probe_cache(seL4_CPtr frame, seL4_CPtr vspace)
{
    CALL("clean the page", frame, ARMPageClean_Data, WORDS(0, 4096));
    CALL("clean one byte more", frame, ARMPageClean_Data, WORDS(0, 4097));
    CALL("clean nothing", frame, ARMPageClean_Data, WORDS(4, 4));
    CALL("invalidate", frame, ARMPageInvalidate_Data, WORDS(0, 64));
    CALL("clean across pages", vspace, ARMVSpaceClean_Data, WORDS(0x40000ff0, 0x40001010));
    CALL("clean a page", vspace, ARMVSpaceClean_Data, WORDS(0x40000000, 0x40001000));
    CALL("clean nothing", vspace, ARMVSpaceClean_Data, WORDS(0x40000000, 0x40000000));
    CALL("clean unmapped", vspace, ARMVSpaceClean_Data, WORDS(0x80000000, 0x80000040));
    CALL("clean beyond", vspace, ARMVSpaceClean_Data, WORDS(seL4_UserTop, seL4_UserTop + 64));
    CALL("unify", vspace, ARMVSpaceUnify_Instruction, WORDS(0x40000000, 0x40000040));
}

void probe_vspace(struct probe *p)
{
    seL4_CPtr vs = probe_object(p, seL4_ARM_VSpaceObject, 0);
    seL4_CPtr frame = probe_object(p, seL4_ARM_SmallPageObject, 0);
    seL4_CPtr large = probe_object(p, seL4_ARM_LargePageObject, 0);
    seL4_CPtr t1 = probe_object(p, seL4_ARM_PageTableObject, 0);
    seL4_CPtr t2 = probe_object(p, seL4_ARM_PageTableObject, 0);
    seL4_CPtr t3 = probe_object(p, seL4_ARM_PageTableObject, 0);
    seL4_Word at = 0x40000000;

    CALL("table, VSpace unassigned", t1, ARMPageTableMap, WORDS(at, 0), CAPS(vs));
    CALL("assign", seL4_CapInitThreadASIDPool, ARMASIDPoolAssign, CAPS(vs));
    CALL("assign again", seL4_CapInitThreadASIDPool, ARMASIDPoolAssign, CAPS(vs));
    CALL("page, no table", frame, ARMPageMap, WORDS(at, 3, 3), CAPS(vs));
    CALL("page unaligned", frame, ARMPageMap, WORDS(at + 8, 3, 3), CAPS(vs));
    CALL("page beyond the top", frame, ARMPageMap, WORDS(seL4_UserTop + 1, 3, 3), CAPS(vs));
    CALL("last page", frame, ARMPageMap, WORDS(seL4_UserTop & ~4095ul, 3, 3), CAPS(vs));
    CALL("table", t1, ARMPageTableMap, WORDS(at + 0x123, 0), CAPS(vs));
    CALL("page, one table", frame, ARMPageMap, WORDS(at, 3, 3), CAPS(vs));
    CALL("the same table", t1, ARMPageTableMap, WORDS(at, 0), CAPS(vs));
    CALL("large page", large, ARMPageMap, WORDS(at, 3, 3), CAPS(vs));
    CALL("table in its place", t2, ARMPageTableMap, WORDS(at, 0), CAPS(vs));
    CALL("large page away", large, ARMPageUnmap);
    CALL("second table", t2, ARMPageTableMap, WORDS(at, 0), CAPS(vs));
    CALL("third table", t3, ARMPageTableMap, WORDS(at, 0), CAPS(vs));
    CALL("page", frame, ARMPageMap, WORDS(at, 3, 3), CAPS(vs));
    CALL("page elsewhere", frame, ARMPageMap, WORDS(at + 0x1000, 3, 3), CAPS(vs));
    CALL("page in another VSpace", frame, ARMPageMap, WORDS(at, 3, 3), CAPS(VS));
    CALL("page again", frame, ARMPageMap, WORDS(at, 2, 4), CAPS(vs));
    CALL("page in an endpoint", frame, ARMPageMap, WORDS(at, 3, 3), CAPS(p->endpoint));
    probe_cache(frame, vs);
    CALL("page away", frame, ARMPageUnmap);
    CALL("page away again", frame, ARMPageUnmap);
    CALL("clean an unmapped page", frame, ARMPageClean_Data, WORDS(0, 64));
    CALL("table away", t1, ARMPageTableUnmap);

    seL4_CPtr pool = probe_object(p, seL4_UntypedObject, 12);
    CALL("pool from a large untyped", seL4_CapASIDControl, ARMASIDControlMakePool,
         WORDS(p->scratch, 64), CAPS(p->untyped, ROOT));
    CALL("pool", seL4_CapASIDControl, ARMASIDControlMakePool, WORDS(p->scratch, 64),
         CAPS(pool, ROOT));
    CALL("delete the pool", ROOT, CNodeDelete, WORDS(p->scratch, 64));
}

void probe_misc(struct probe *p)
{
    CALL("domain 1", seL4_CapDomain, DomainSetSet, WORDS(1), CAPS(p->tcb));
    CALL("domain 0", seL4_CapDomain, DomainSetSet, WORDS(0), CAPS(p->tcb));
    CALL("domain of an endpoint", seL4_CapDomain, DomainSetSet, WORDS(0), CAPS(p->endpoint));
    CALL("schedule entry 0", seL4_CapDomain, DomainScheduleConfigure, WORDS(0, 0, 0));
    CALL("schedule entry 999", seL4_CapDomain, DomainScheduleConfigure, WORDS(999, 0, 1000));
    CALL("schedule start 999", seL4_CapDomain, DomainScheduleSetStart, WORDS(999));
    CALL("PSCI version", seL4_CapSMC, ARMSMCCall, WORDS(0x84000000, 0, 0, 0, 0, 0, 0, 0));
    CALL("SMC, seven words", seL4_CapSMC, ARMSMCCall, WORDS(0x84000000, 0, 0, 0, 0, 0, 0));
    CALL("reply nobody waits for", p->reply, 0);
}
