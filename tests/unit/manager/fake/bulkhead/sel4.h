/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's types, and the calls that the files under test make, for a test to answer. */
#ifndef BULKHEAD_SEL4_H
#define BULKHEAD_SEL4_H

#include <sel4/abi/bootinfo.h>
#include <sel4/abi/config.h>
#include <sel4/abi/errors.h>
#include <sel4/abi/objects.h>
#include <sel4/abi/types.h>

enum bh_irq_trigger {
    BH_IRQ_LEVEL = 0,
};

seL4_MessageInfo_t seL4_Recv(seL4_CPtr source, seL4_Word *badge, seL4_CPtr reply);
seL4_MessageInfo_t seL4_NBWait(seL4_CPtr notification, seL4_Word *badge);
void seL4_Send(seL4_CPtr to, seL4_MessageInfo_t message);
seL4_Word seL4_GetMR(int n);
void seL4_SetMR(int n, seL4_Word word);
void seL4_Signal(seL4_CPtr notification);
void seL4_Yield(void);
seL4_Error seL4_TCB_SetPriority(seL4_CPtr tcb, seL4_CPtr authority, seL4_Word priority);
seL4_Error seL4_TCB_Configure(seL4_CPtr tcb, seL4_CPtr cspace, seL4_Word guard, seL4_CPtr vspace,
                              seL4_Word data, seL4_Word buffer, seL4_CPtr frame);
seL4_Error seL4_TCB_SetSchedParams(seL4_CPtr tcb, seL4_CPtr authority, seL4_Word mcp,
                                   seL4_Word priority, seL4_CPtr sc, seL4_CPtr fault_ep);
seL4_Error seL4_TCB_Suspend(seL4_CPtr tcb);
seL4_Error seL4_TCB_Resume(seL4_CPtr tcb);
seL4_Error seL4_TCB_BindNotification(seL4_CPtr tcb, seL4_CPtr notification);
seL4_Error seL4_IRQControl_GetTrigger(seL4_CPtr control, seL4_Word irq, seL4_Word trigger,
                                      seL4_CPtr root, seL4_Word index, seL4_Uint8 depth);
seL4_Error seL4_IRQHandler_SetNotification(seL4_CPtr handler, seL4_CPtr notification);

#endif
