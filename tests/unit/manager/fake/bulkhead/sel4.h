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

void seL4_Signal(seL4_CPtr notification);
void seL4_Yield(void);
seL4_Error seL4_TCB_SetPriority(seL4_CPtr tcb, seL4_CPtr authority, seL4_Word priority);
seL4_Error seL4_TCB_Suspend(seL4_CPtr tcb);
seL4_Error seL4_TCB_BindNotification(seL4_CPtr tcb, seL4_CPtr notification);
seL4_Error seL4_IRQControl_GetTrigger(seL4_CPtr control, seL4_Word irq, seL4_Word trigger,
                                      seL4_CPtr root, seL4_Word index, seL4_Uint8 depth);
seL4_Error seL4_IRQHandler_SetNotification(seL4_CPtr handler, seL4_CPtr notification);

#endif
