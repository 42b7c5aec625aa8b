/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel API for Bulkhead's own programs: libsel4's names, with an IPC buffer pointer per
 * thread. libsel4 keeps that pointer in a variable, which in an SDK's headers is one per process;
 * here the name stands for the first word of the thread's block, which TPIDR_EL0 points to (lib
 * crt0 sets it).
 */
#ifndef BULKHEAD_SEL4_H
#define BULKHEAD_SEL4_H

#include <bulkhead/thread.h>
#include <sel4/types.h>
#include <stddef.h>

static inline seL4_IPCBuffer **bh_ipc_buffer_slot(void)
{
    return (seL4_IPCBuffer **)&bh_thread_self()->ipc_buffer;
}

/* An SDK's declaration of the variable turns into one more declaration of this function. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wstrict-prototypes"
#define __sel4_ipc_buffer (*bh_ipc_buffer_slot())
#include <sel4/sel4.h>
#pragma clang diagnostic pop

/* Trigger argument of seL4_IRQControl_GetTrigger. */
enum bh_irq_trigger {
    BH_IRQ_LEVEL = 0,
    BH_IRQ_EDGE = 1,
};

/* The only message word of ARMVCPUInjectIRQ, for those who send it together with a receive.
 * priority 0..31, group 0..1, index = list register. */
static inline seL4_Word bh_inject_word(uint16_t virq, uint8_t priority, uint8_t group,
                                       uint8_t index)
{
    return (seL4_Word)virq | (seL4_Word)priority << 16 | (seL4_Word)group << 24 |
           (seL4_Word)index << 32;
}

#endif
