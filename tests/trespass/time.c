/* SPDX-License-Identifier: BSD-2-Clause */
/* Whoever uses the processor does not keep others from it, and an idle core does nothing. */
#include "trespass.h"

#include <bulkhead/time.h>

#define PERIOD_US  1000
#define MOST_US    1200          /* from one time that it runs to the next */
#define HUGE_PADDR 0x200000000ul /* nobody is there, but a frame can be made of it */
#define HUGE_VADDR 0x40000000ul
#define HUGE_SIZE  (1ul << 30)
#define GUEST_US   1000
#define SILENCE_US 100000

/* --- a long operation of the kernel, and a thread that is to run every millisecond --- */

static seL4_CPtr ran;
static volatile uint64_t longest;

static void watch(void *arg)
{
    uint64_t last = bh_ticks();

    for (;;) {
        seL4_Yield();
        uint64_t now = bh_ticks();
        if (now - last > longest) {
            longest = now - last;
        }
        last = now;
        seL4_Signal(ran);
    }
}

static void start_watch(void)
{
    static struct root_stack stack;
    struct root_thread thread = {.tcb = root_object(seL4_TCBObject, 0),
                                 .sc = root_object(seL4_SchedContextObject, 8),
                                 .priority = 255,
                                 .entry = watch,
                                 .stack = &stack};

    ran = root_object(seL4_NotificationObject, 0);
    root_check(seL4_SchedControl_ConfigureFlags(root.bootinfo->schedcontrol.start, thread.sc, 100,
                                                PERIOD_US, 0, 0, 0),
               "configure the watch");
    root_thread(&thread, true);
}

/* From here on the watch counts. */
static void begin(void)
{
    seL4_Word badge;

    seL4_Wait(ran, &badge);
    longest = 0;
}

static void end(const char *what)
{
    seL4_Word badge;

    seL4_Poll(ran, &badge);
    seL4_Wait(ran, &badge);
    uint64_t us = longest / (bh_tick_hz() / 1000000);
    if (us > MOST_US) {
        root_fail("%s: nobody else for %lu us", what, (unsigned long)us);
    }
}

static seL4_CPtr huge_frame(void)
{
    seL4_CPtr frame = root_slots(1);

    root_check(seL4_Untyped_Retype(trespass_device(HUGE_PADDR), seL4_ARM_HugePageObject, 0,
                                   ROOT_CNODE, 0, 0, frame, 1),
               "retype a huge frame");
    root_check(seL4_ARM_Page_Map(frame, ROOT_VSPACE, HUGE_VADDR, seL4_ReadWrite, 0),
               "map a huge frame");
    return frame;
}

void trespass_latency(void)
{
    if (root.bootinfo->numNodes > 1) {
        return; /* there time is the host's, which does other things as well */
    }
    seL4_CPtr frame = huge_frame();
    start_watch();
    begin();
    root_check(seL4_ARM_Page_CleanInvalidate_Data(frame, 0, HUGE_SIZE), "maintain a frame");
    end("a frame");
    begin();
    root_check(seL4_ARM_VSpace_Unify_Instruction(ROOT_VSPACE, HUGE_VADDR, HUGE_VADDR + HUGE_SIZE),
               "maintain an address space");
    end("an address space");
}

/* --- a guest without budget, whose timer fires --- */

void trespass_idle(void)
{
    struct trespass_guest guest = trespass_guest();
    seL4_CPtr tick = trespass_ticker(SILENCE_US);
    seL4_Word badge;

    root_check(seL4_SchedControl_ConfigureFlags(root.bootinfo->schedcontrol.start, guest.config.sc,
                                                GUEST_US, 4 * SILENCE_US, 0, 0, 0),
               "configure a guest");
    seL4_Wait(tick, &badge);
    guest.config.entry = trespass_guest_timer;
    root_guest(&guest.config, true);
    seL4_Wait(tick, &badge);
}
