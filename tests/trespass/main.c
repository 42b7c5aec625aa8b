/* SPDX-License-Identifier: BSD-2-Clause */
#include "trespass.h"

static seL4_CPtr tick;

static void ticker_main(void *arg)
{
    for (;;) {
        seL4_Yield();
        seL4_Signal(tick);
    }
}

seL4_CPtr trespass_ticker(uint64_t us)
{
    static struct root_stack stack;
    struct root_thread ticker = {.tcb = root_object(seL4_TCBObject, 0),
                                 .sc = root_object(seL4_SchedContextObject, 8),
                                 .priority = 254,
                                 .entry = ticker_main,
                                 .stack = &stack};

    tick = root_object(seL4_NotificationObject, 0);
    root_check(seL4_SchedControl_ConfigureFlags(root.bootinfo->schedcontrol.start, ticker.sc, 100,
                                                us, 0, 0, 0),
               "configure the ticker");
    root_thread(&ticker, true);
    return tick;
}

struct trespass_guest trespass_guest(void)
{
    struct trespass_guest guest = {.endpoint = root_object(seL4_EndpointObject, 0),
                                   .reply = root_object(seL4_ReplyObject, 0)};

    guest.config = (struct root_guest){.tcb = root_object(seL4_TCBObject, 0),
                                       .vcpu = root_object(seL4_ARM_VCPUObject, 0),
                                       .sc = root_object(seL4_SchedContextObject, 8),
                                       .fault_ep = guest.endpoint,
                                       .cspace = root_object(seL4_CapTableObject, 1),
                                       .priority = TRESPASS_PRIORITY};
    return guest;
}

seL4_CPtr trespass_device(uint64_t paddr)
{
    const seL4_BootInfo *bi = root.bootinfo;

    for (seL4_CPtr cap = bi->untyped.start; cap < bi->untyped.end; cap++) {
        const seL4_UntypedDesc *desc = &bi->untypedList[cap - bi->untyped.start];
        if (desc->isDevice && desc->paddr == paddr) {
            return cap;
        }
    }
    root_fail("no device memory at 0x%lx", (unsigned long)paddr);
}

void bh_root_main(seL4_BootInfo *bootinfo)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } parts[] = {
        {"address", trespass_address},
        {"walk", trespass_walk},
        {"idle", trespass_idle}, /* while nothing else is going on */
        {"latency", trespass_latency},
    };

    root_init(bootinfo, "trespass");
    root_check(seL4_TCB_SetPriority(ROOT_TCB, ROOT_TCB, 200), "set the priority");
    for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        parts[i].run();
        root_print("trespass: %s ok\n", parts[i].name);
    }
    root_print("trespass: PASS\n");
    root_power_off();
}
