/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt handlers come and go; the serial port's interrupt must arrive as often as it fires. */
#include "stress.h"

#define UART_VADDR 0x5d0000ul
#define UART_DR    (0x00 / 4)
#define UART_IMSC  (0x38 / 4)
#define UART_ICR   (0x44 / 4)
#define UART_TX    (1u << 5)
#define UART_INTID 33
#define FREE_FIRST 90 /* lines without a device behind them */
#define FREE_COUNT 60
#define ROUNDS     100

static void churn(seL4_CPtr notification, seL4_CPtr first)
{
    unsigned irq = stress_below(FREE_COUNT);
    seL4_CPtr handler = first + irq;
    seL4_Error error =
        seL4_IRQControl_Get(seL4_CapIRQControl, FREE_FIRST + irq, ROOT_CNODE, handler, 64);

    if (error == seL4_RevokeFirst) {
        switch (stress_below(4)) {
        case 0:
            root_check(seL4_IRQHandler_SetNotification(handler, notification), "set notification");
            break;
        case 1:
            root_check(seL4_IRQHandler_Ack(handler), "acknowledge");
            break;
        case 2:
            root_check(seL4_IRQHandler_Clear(handler), "clear");
            break;
        default:
            root_check(seL4_CNode_Delete(ROOT_CNODE, handler, 64), "delete a handler");
            break;
        }
        return;
    }
    root_check(error, "claim an interrupt");
}

static void fire(seL4_CPtr notification, seL4_CPtr handler)
{
    volatile uint32_t *uart = (volatile uint32_t *)UART_VADDR;
    seL4_Word badge = 0;

    uart[UART_IMSC] = UART_TX;
    uart[UART_DR] = '.';
    while (badge != 1) {
        seL4_Poll(notification, &badge);
        stress_watch("interrupts");
    }
    uart[UART_ICR] = UART_TX;
    uart[UART_IMSC] = 0;
    root_check(seL4_IRQHandler_Ack(handler), "acknowledge the serial port");
    seL4_Poll(notification, &badge);
    if (badge != 0) {
        root_fail("an interrupt came twice");
    }
}

void stress_interrupts(void)
{
    seL4_CPtr notification = stress_object(seL4_NotificationObject, 0);
    seL4_CPtr badged = root_slots(1);
    seL4_CPtr handler = root_slots(1);
    seL4_CPtr first = root_slots(FREE_COUNT);

    root_check(
        seL4_CNode_Mint(ROOT_CNODE, badged, 64, ROOT_CNODE, notification, 64, seL4_AllRights, 1),
        "mint");
    for (unsigned round = 0; round < ROUNDS * stress.scale && !stress_over(); round++) {
        root_check(seL4_IRQControl_GetTrigger(seL4_CapIRQControl, UART_INTID, BH_IRQ_LEVEL,
                                              ROOT_CNODE, handler, 64),
                   "claim the serial port");
        root_check(seL4_IRQHandler_SetNotification(handler, badged), "set notification");
        fire(notification, handler);
        root_check(seL4_CNode_Delete(ROOT_CNODE, handler, 64), "delete the handler");
        for (unsigned i = 0; i < 20; i++) {
            churn(notification, first);
        }
    }
    for (unsigned i = 0; i < FREE_COUNT; i++) {
        root_check(seL4_CNode_Delete(ROOT_CNODE, first + i, 64), "delete a handler");
    }
    root_print("\n");
}
