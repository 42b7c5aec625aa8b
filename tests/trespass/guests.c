/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests, and whoever handles their faults. */
#include "trespass.h"

#include <bulkhead/keel.h>

#define DEVICE_NOBODY 0xc000000ul /* the board has nothing there: an external abort */
#define READ_ONLY     0x5b0000ul  /* addresses below what the image's page table covers */
#define NOBODY        0x5c0000ul
#define WALKS         3000

/* --- the address of a fault is told to who handles it, and to nobody else --- */

static void touch(void *arg)
{
    *(volatile uint64_t *)TRESPASS_UNMAPPED = 0;
}

/* A native thread faults; nobody answers. */
static void fault_elsewhere(void)
{
    static struct root_stack stack;
    seL4_CPtr endpoint = root_object(seL4_EndpointObject, 0);
    seL4_Word badge;
    struct root_thread thread = {.tcb = root_object(seL4_TCBObject, 0),
                                 .sc = root_object(seL4_SchedContextObject, 8),
                                 .fault_ep = endpoint,
                                 .priority = TRESPASS_PRIORITY,
                                 .entry = touch,
                                 .stack = &stack};

    root_round_robin(thread.sc, 0, 5000);
    root_thread(&thread, true);
    seL4_Recv(endpoint, &badge, root_object(seL4_ReplyObject, 0));
    if (seL4_GetMR(seL4_VMFault_Addr) != TRESPASS_UNMAPPED) {
        root_fail("a fault at 0x%lx", (unsigned long)seL4_GetMR(seL4_VMFault_Addr));
    }
}

/* A guest's trap that has no address. */
static void trap(struct trespass_guest *guest, void (*entry)(void))
{
    seL4_Word badge;

    guest->config.entry = entry;
    root_guest(&guest->config, true);
    seL4_MessageInfo_t info = seL4_Recv(guest->endpoint, &badge, guest->reply);
    if (seL4_MessageInfo_get_label(info) != seL4_Fault_VCPUFault ||
        seL4_MessageInfo_get_length(info) != KEEL_FAULT_LENGTH) {
        root_fail("trap with label %lu, length %lu",
                  (unsigned long)seL4_MessageInfo_get_label(info),
                  (unsigned long)seL4_MessageInfo_get_length(info));
    }
    if (seL4_GetMR(2) != 0 || seL4_GetMR(3) != 0) {
        root_fail("trap 0x%lx with address 0x%lx", (unsigned long)seL4_GetMR(KEEL_VCPU_FAULT_ESR),
                  (unsigned long)seL4_GetMR(2));
    }
    root_check(seL4_TCB_Suspend(guest->config.tcb), "suspend");
    root_check(seL4_SchedContext_Unbind(guest->config.sc), "unbind");
}

void trespass_address(void)
{
    struct trespass_guest guest = trespass_guest();

    root_round_robin(guest.config.sc, 0, 5000);
    seL4_TCB_SetFlags(guest.config.tcb, 0, KEEL_TCB_FAULT_REGS);
    fault_elsewhere();
    trap(&guest, trespass_guest_smc);
    trap(&guest, trespass_guest_wfi);
}

/* --- the kernel walks a guest's tables, which become bad at that moment --- */

static uint64_t table[512] __attribute__((aligned(4096)));
static struct trespass_walk walk = {.table = (uint64_t)table, .read_only = READ_ONLY};
static volatile unsigned long faults;

static void answer(void *arg)
{
    const struct trespass_guest *guest = arg;
    seL4_Word badge;

    seL4_Recv(guest->endpoint, &badge, guest->reply);
    for (;;) {
        faults++;
        seL4_ReplyRecv(guest->endpoint, seL4_MessageInfo_new(0, 0, 0, 0), &badge, guest->reply);
    }
}

static void start_handler(struct trespass_guest *guest, unsigned core)
{
    static struct root_stack stack;
    struct root_thread handler = {.tcb = root_object(seL4_TCBObject, 0),
                                  .sc = root_object(seL4_SchedContextObject, 8),
                                  .priority = TRESPASS_PRIORITY + 1,
                                  .entry = answer,
                                  .arg = guest,
                                  .stack = &stack};

    root_round_robin(handler.sc, core, 5000);
    root_thread(&handler, true);
}

static void map(seL4_CPtr untyped, seL4_Word vaddr, seL4_CapRights_t rights)
{
    seL4_CPtr frame = root_slots(1);

    root_check(
        seL4_Untyped_Retype(untyped, seL4_ARM_SmallPageObject, 0, ROOT_CNODE, 0, 0, frame, 1),
        "retype a frame");
    root_check(seL4_ARM_Page_Map(frame, ROOT_VSPACE, vaddr, rights, seL4_ARM_Default_VMAttributes),
               "map a frame");
}

void trespass_walk(void)
{
    static struct trespass_guest guest;
    unsigned core = (unsigned)root.bootinfo->numNodes - 1;

    if (core == 0) {
        return; /* nobody to change the tables meanwhile */
    }
    map(root.untyped, READ_ONLY, seL4_CanRead);
    map(trespass_device(DEVICE_NOBODY), NOBODY, seL4_ReadWrite);
    table[0] = 0x701; /* block at 0: AF, inner shareable */
    guest = trespass_guest();
    start_handler(&guest, core);
    root_round_robin(guest.config.sc, core, 5000);
    guest.config.entry = trespass_guest_walk;
    guest.config.x0 = (seL4_Word)&walk;
    root_guest(&guest.config, true);
    while (faults == 0) {
    }
    for (unsigned i = 0; i < WALKS; i++) {
        seL4_ARM_VCPU_WriteRegs(guest.config.vcpu, seL4_VCPUReg_TTBR0, NOBODY);
        seL4_ARM_VCPU_WriteRegs(guest.config.vcpu, seL4_VCPUReg_TTBR0, (seL4_Word)table);
    }
    root_check(seL4_TCB_Suspend(guest.config.tcb), "suspend");
    if (faults < 10) {
        root_fail("%lu faults only", faults);
    }
}
