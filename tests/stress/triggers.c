/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How interrupts are triggered, and where. A level comes again after every acknowledgement until it
 * is down; an edge comes once, and again only with the next edge. The serial port's line serves for
 * both, and comes to each core. The EL1 physical timer's is each core's own: a guest on a core sets
 * it, and the handler for that core must be told, no other.
 */
#include "stress.h"

#define UART_VADDR 0x5d0000ul
#define UART_DR    (0x00 / 4)
#define UART_IMSC  (0x38 / 4)
#define UART_ICR   (0x44 / 4)
#define UART_TX    (1u << 5)
#define UART_INTID 33
#define TIMER_PPI  30
#define ROUNDS     20
#define QUIET_MS   2
#define UART_BADGE (1ul << STRESS_MAX_CORES) /* core n's timer: 1 << n */

void stress_alarm(void);

static struct {
    seL4_CPtr notification;
    seL4_CPtr uart;
    seL4_CPtr timer[STRESS_MAX_CORES];
    volatile uint64_t alarm[2]; /* to the guest: stop; from it: stopped */
} t;

static volatile uint32_t *const uart = (volatile uint32_t *)UART_VADDR;

static void expect(seL4_Word badge, const char *what)
{
    seL4_Word got = 0;

    for (seL4_Poll(t.notification, &got); got == 0; seL4_Poll(t.notification, &got)) {
        stress_pause();
        stress_watch(what);
    }
    if (got != badge) {
        root_fail("%s: badge 0x%lx", what, (unsigned long)got);
    }
}

static void expect_nothing(const char *what)
{
    seL4_Word got = 0;

    for (unsigned ms = 0; ms < QUIET_MS; ms++) {
        stress_pause();
    }
    seL4_Poll(t.notification, &got);
    if (got != 0) {
        root_fail("%s: badge 0x%lx", what, (unsigned long)got);
    }
}

static void raise(void)
{
    uart[UART_IMSC] = UART_TX;
    uart[UART_DR] = '.';
}

static void lower(void)
{
    uart[UART_ICR] = UART_TX;
    uart[UART_IMSC] = 0;
}

/* Directs a handler's interrupt to the notification. */
static void direct(seL4_CPtr handler, seL4_Word badge)
{
    seL4_CPtr badged = root_slots(1);

    root_check(seL4_CNode_Mint(ROOT_CNODE, badged, 64, ROOT_CNODE, t.notification, 64,
                               seL4_AllRights, badge),
               "mint");
    root_check(seL4_IRQHandler_SetNotification(handler, badged), "set notification");
}

static void release(seL4_CPtr handler)
{
    root_check(seL4_CNode_Delete(ROOT_CNODE, handler, 64), "delete a handler");
}

static void levels(void)
{
    root_check(seL4_IRQControl_GetTrigger(seL4_CapIRQControl, UART_INTID, BH_IRQ_LEVEL, ROOT_CNODE,
                                          t.uart, 64),
               "claim a level");
    direct(t.uart, UART_BADGE);
    for (unsigned round = 0; round < ROUNDS; round++) {
        raise();
        expect(UART_BADGE, "a level");
        expect_nothing("a level that is not acknowledged");
        root_check(seL4_IRQHandler_Ack(t.uart), "acknowledge");
        expect(UART_BADGE, "a level that is still up");
        lower();
        root_check(seL4_IRQHandler_Ack(t.uart), "acknowledge");
        expect_nothing("a level that is down");
    }
    release(t.uart);
}

static void edges(void)
{
    root_check(seL4_IRQControl_GetTrigger(seL4_CapIRQControl, UART_INTID, BH_IRQ_EDGE, ROOT_CNODE,
                                          t.uart, 64),
               "claim an edge");
    direct(t.uart, UART_BADGE);
    for (unsigned round = 0; round < ROUNDS; round++) {
        raise();
        expect(UART_BADGE, "an edge");
        root_check(seL4_IRQHandler_Ack(t.uart), "acknowledge");
        expect_nothing("a line that stays up after its edge");
        lower();
        expect_nothing("a line that falls");
    }
    release(t.uart);
}

/* An interrupt of a core's own, or directed to it. Kernels for one core have the one below. */
static void claim(unsigned irq, unsigned core, seL4_CPtr handler)
{
    bool several = stress.keel || stress.cores > 1;

    root_check(several ? seL4_IRQControl_GetTriggerCore(seL4_CapIRQControl, irq, BH_IRQ_LEVEL,
                                                        ROOT_CNODE, handler, 64, core)
                       : seL4_IRQControl_GetTrigger(seL4_CapIRQControl, irq, BH_IRQ_LEVEL,
                                                    ROOT_CNODE, handler, 64),
               "claim an interrupt of a core");
}

static void uart_on_core(unsigned core)
{
    claim(UART_INTID, core, t.uart);
    direct(t.uart, UART_BADGE);
    for (unsigned round = 0; round < ROUNDS; round++) {
        raise();
        expect(UART_BADGE, "an interrupt directed to a core");
        lower();
        root_check(seL4_IRQHandler_Ack(t.uart), "acknowledge");
    }
    release(t.uart);
}

static void timer_of_core(unsigned core)
{
    struct root_guest guest = {.tcb = stress_object(seL4_TCBObject, 0),
                               .vcpu = stress_object(seL4_ARM_VCPUObject, 0),
                               .sc = stress_object(seL4_SchedContextObject, 8),
                               .cspace = stress_object(seL4_CapTableObject, 1),
                               .priority = 100,
                               .entry = stress_alarm,
                               .x0 = (seL4_Word)t.alarm};

    t.alarm[0] = t.alarm[1] = 0;
    root_round_robin(guest.sc, core, 1000);
    root_guest(&guest, true);
    expect(1ul << core, "a core's timer");
    t.alarm[0] = 1;
    while (t.alarm[1] == 0) {
        stress_pause();
        stress_watch("a core's timer");
    }
    root_check(seL4_IRQHandler_Ack(t.timer[core]), "acknowledge");
    expect_nothing("a timer that is off");
    root_check(seL4_TCB_Suspend(guest.tcb), "suspend a guest");
}

void stress_triggers(void)
{
    t.notification = stress_object(seL4_NotificationObject, 0);
    t.uart = root_slots(1);
    levels();
    edges();
    for (unsigned core = 0; core < stress.cores; core++) {
        uart_on_core(core);
        t.timer[core] = root_slots(1);
        claim(TIMER_PPI, core, t.timer[core]);
        direct(t.timer[core], 1ul << core);
    }
    for (unsigned core = 0; core < stress.cores; core++) {
        timer_of_core(core);
    }
    for (unsigned core = 0; core < stress.cores; core++) {
        release(t.timer[core]);
    }
    root_print("\n");
}
