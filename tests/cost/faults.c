/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's faults, handled by a thread that does as little as can be done. */
#include "cost.h"

#include <bulkhead/keel.h>
#include <bulkhead/time.h>

static struct cost_span span;

struct handler {
    const char *name;
    void (*guest)(void);
    void (*entry)(void *);
    bool passive;
    bool extension;
};

static seL4_MessageInfo_t info(seL4_Word label, seL4_Word length)
{
    return seL4_MessageInfo_new(label, 0, 0, length);
}

static void first_fault(void)
{
    seL4_Word badge;

    seL4_NBSendRecv(cost.done, info(0, 0), cost.endpoint, &badge, cost.reply);
    span.start = bh_ticks();
}

static _Noreturn void finish(void)
{
    seL4_Word badge;

    span.end = bh_ticks();
    seL4_Signal(cost.done);
    for (;;) {
        seL4_Wait(cost.notification, &badge);
    }
}

/* The guest traps at the same instruction again. */
static void answer(void *arg)
{
    seL4_Word badge, mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;

    first_fault();
    for (unsigned i = 0; i < COST_LOOPS; i++) {
        seL4_ReplyRecvWithMRs(cost.endpoint, info(0, 0), &badge, &mr0, &mr1, &mr2, &mr3,
                              cost.reply);
    }
    finish();
}

/* As answer(), with message length 5. */
static void answer_5(void *arg)
{
    seL4_Word badge, mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;

    first_fault();
    for (unsigned i = 0; i < COST_LOOPS; i++) {
        seL4_ReplyRecvWithMRs(cost.endpoint, info(0, 5), &badge, &mr0, &mr1, &mr2, &mr3,
                              cost.reply);
    }
    finish();
}

/* A load emulated: PC and x1 set by the reply. */
static void answer_registers(void *arg)
{
    seL4_Word badge, pc, mr1 = 0, mr2 = 0, mr3 = 0;

    first_fault();
    pc = (seL4_Word)cost_guest_load;
    for (unsigned i = 0; i < COST_LOOPS; i++) {
        seL4_Word resume = pc;
        mr1 = 1;
        mr2 = i;
        seL4_ReplyRecvWithMRs(cost.endpoint, info(0, 3), &badge, &resume, &mr1, &mr2, &mr3,
                              cost.reply);
    }
    finish();
}

/* The same without the extension: four registers read, PC and x0 written. */
static void emulate_load(void *arg)
{
    seL4_Word badge, mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;
    seL4_UserContext regs = {0};

    first_fault();
    for (unsigned i = 0; i < COST_LOOPS; i++) {
        seL4_TCB_ReadRegisters(cost.guest, 0, 0, 4, &regs);
        seL4_TCB_WriteRegisters(cost.guest, 0, 0, 4, &regs);
        seL4_ReplyRecvWithMRs(cost.endpoint, info(0, 5), &badge, &mr0, &mr1, &mr2, &mr3,
                              cost.reply);
    }
    finish();
}

/* An interrupt set pending (the guest masks it), then the next fault awaited. */
static void inject_and_wait(void *arg)
{
    seL4_Word badge, mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;

    first_fault();
    for (unsigned i = 0; i < COST_LOOPS; i++) {
        seL4_SendWithMRs(cost.reply, info(0, 0), NULL, NULL, NULL, NULL);
        mr0 = bh_inject_word(40, 0, 0, 0);
        seL4_NBSendRecvWithMRs(cost.vcpu, info(ARMVCPUInjectIRQ, 1), cost.endpoint, &badge, &mr0,
                               &mr1, &mr2, &mr3, cost.reply);
    }
    finish();
}

static void set_extension(bool on)
{
    seL4_TCB_SetFlags(cost.guest, on ? 0 : KEEL_TCB_FAULT_REGS, on ? KEEL_TCB_FAULT_REGS : 0);
}

static void run(const struct handler *handler)
{
    struct root_guest guest = {.tcb = cost.guest,
                               .vcpu = cost.vcpu,
                               .sc = cost.guest_sc,
                               .fault_ep = cost.endpoint,
                               .cspace = cost.cspace,
                               .priority = COST_PRIORITY,
                               .entry = handler->guest,
                               .x0 = COST_UNMAPPED};

    cost_start_server(handler->entry, NULL, COST_PRIORITY + 1, handler->passive);
    set_extension(handler->extension);
    root_guest(&guest, true);
    cost_wait();
    cost_print(handler->name, &span);
}

void cost_faults(void)
{
    static const struct handler handlers[] = {
        {"vmfault-reply-passive", cost_guest_load, answer, true, false},
        {"vmfault-reply-5-words-passive", cost_guest_load, answer_5, true, false},
        {"vmfault-reply-active", cost_guest_load, answer, false, false},
        {"vcpufault-smc-reply-passive", cost_guest_smc, answer, true, false},
        {"vcpufault-wfi-reply-passive", cost_guest_wfi, answer, true, false},
        {"hvc-reply-passive", cost_guest_hvc, answer, true, false},
        {"load-emulated-passive", cost_guest_load, emulate_load, true, false},
        {"inject-and-wait", cost_guest_load, inject_and_wait, false, false},
        {"extension-load-emulated-passive", cost_guest_load, answer_registers, true, true},
        {"extension-vmfault-reply-passive", cost_guest_load, answer, true, true},
        {"extension-smc-reply-passive", cost_guest_smc, answer, true, true},
    };
    seL4_TCB_SetFlags_t flags = seL4_TCB_SetFlags(cost.guest, 0, KEEL_TCB_FAULT_REGS);
    bool extension = flags.flags & KEEL_TCB_FAULT_REGS;

    for (unsigned i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
        if (extension || !handlers[i].extension) {
            run(&handlers[i]);
        }
    }
}
