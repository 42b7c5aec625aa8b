/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many more VCPUs than cores. Each guest watches over its registers; meanwhile all are preempted,
 * moved among cores, stopped, read from afar, interrupted by their timers and faulting. Their
 * faults are handled by passive threads.
 */
#include "stress.h"

#include "guest.h"
#include <bulkhead/keel.h>
#include <stddef.h>

#define GUESTS     24
#define HANDLERS   4
#define MIGRATIONS 10000 /* of a long run, at least */
#define PASSES     2     /* of each guest, at least */

struct state {
    volatile uint64_t seed, passes, error, mode, spin, ticks, fired, found;
};

_Static_assert(offsetof(struct state, found) == GUEST_FOUND, "guest.h");

struct guest {
    struct state state;
    struct root_guest config;
    volatile unsigned faults;
};

struct handler {
    struct stress_thread thread;
    seL4_CPtr reply;
};

void stress_guest(void);

static struct {
    struct guest guest[GUESTS];
    struct handler handler[HANDLERS];
    seL4_CPtr endpoint;
    seL4_CPtr cspace;
    seL4_CPtr ready;
    const char *volatile error;
    volatile unsigned unexpected;
} g;

/* --- handlers --- */

/* The store is skipped. */
static void skip(const struct guest *guest, seL4_Word pc)
{
    seL4_UserContext regs = {.pc = pc + 4};

    if (seL4_TCB_WriteRegisters(guest->config.tcb, 0, 0, 1, &regs) != seL4_NoError) {
        g.error = "write the PC";
    }
}

/* Extension 1: registers in the message, PC and x30, which the guest does not mind, by the reply.
 */
static seL4_MessageInfo_t skip_by_reply(const struct guest *guest, seL4_Word pc)
{
    if (seL4_GetMR(KEEL_FAULT_X0) != (seL4_Word)&guest->state ||
        seL4_GetMR(KEEL_FAULT_X0 + 27) != seL4_GetMR(KEEL_FAULT_X0 + 28) + 27) {
        g.error = "registers in a fault";
    }
    seL4_SetMR(KEEL_REPLY_PC, pc + 4);
    seL4_SetMR(KEEL_REPLY_FIRST, 30);
    seL4_SetMR(KEEL_REPLY_VALUES, pc);
    return seL4_MessageInfo_new(0, 0, 0, 3);
}

static void timer_fired(struct guest *guest)
{
    if (seL4_ARM_VCPU_WriteRegs(guest->config.vcpu, seL4_VCPUReg_CNTV_CTL, 0) != seL4_NoError ||
        seL4_ARM_VCPU_AckVPPI(guest->config.vcpu, 27) != seL4_NoError) {
        g.error = "acknowledge the timer";
    }
    guest->state.fired++;
}

static seL4_MessageInfo_t handle(seL4_MessageInfo_t info, seL4_Word badge)
{
    struct guest *guest = &g.guest[badge - 1];

    guest->faults++;
    switch (seL4_MessageInfo_get_label(info)) {
    case seL4_Fault_VMFault:
        if (seL4_GetMR(seL4_VMFault_Addr) != GUEST_UNMAPPED) {
            g.error = "address of a fault";
        }
        if (seL4_MessageInfo_get_length(info) == KEEL_FAULT_LENGTH) {
            return skip_by_reply(guest, seL4_GetMR(seL4_VMFault_IP));
        }
        skip(guest, seL4_GetMR(seL4_VMFault_IP));
        break;
    case seL4_Fault_VPPIEvent:
        timer_fired(guest);
        break;
    default:
        g.unexpected = (unsigned)seL4_MessageInfo_get_label(info);
        g.error = "an unexpected fault";
        break;
    }
    return seL4_MessageInfo_new(0, 0, 0, 0);
}

static void handler_main(void *arg)
{
    struct handler *h = arg;
    seL4_Word badge;
    seL4_MessageInfo_t info =
        seL4_NBSendRecv(g.ready, seL4_MessageInfo_new(0, 0, 0, 0), g.endpoint, &badge, h->reply);
    for (;;) {
        info = seL4_ReplyRecv(g.endpoint, handle(info, badge), &badge, h->reply);
    }
}

/* --- the root task --- */

static void start_handler(struct handler *h)
{
    seL4_Word badge;

    h->reply = stress_object(seL4_ReplyObject, 0);
    stress_make_thread(&h->thread, 0, 150, handler_main, h);
    root_thread(&h->thread.config, true);
    seL4_Wait(g.ready, &badge);
    root_check(seL4_SchedContext_UnbindObject(h->thread.config.sc, h->thread.config.tcb),
               "make a handler passive");
}

static void slice(const struct guest *guest, unsigned core)
{
    root_round_robin(guest->config.sc, core, 100 + stress_below(1000));
}

static void start_guest(unsigned i)
{
    struct guest *guest = &g.guest[i];
    seL4_CPtr endpoint = root_slots(1);

    root_check(seL4_CNode_Mint(ROOT_CNODE, endpoint, 64, ROOT_CNODE, g.endpoint, 64, seL4_AllRights,
                               i + 1),
               "mint a fault endpoint");
    guest->state.seed = stress_random();
    guest->state.mode = i % 4;
    guest->state.spin = 10 + stress_below(3000);
    guest->state.ticks = 100 + stress_below(20000);
    guest->config = (struct root_guest){.tcb = stress_object(seL4_TCBObject, 0),
                                        .vcpu = stress_object(seL4_ARM_VCPUObject, 0),
                                        .sc = stress_object(seL4_SchedContextObject, 8),
                                        .fault_ep = endpoint,
                                        .cspace = g.cspace,
                                        .priority = 50,
                                        .entry = stress_guest,
                                        .x0 = (seL4_Word)&guest->state};
    if (i / 4 % 2 == 0) {
        seL4_TCB_SetFlags(guest->config.tcb, 0, KEEL_TCB_FAULT_REGS); /* nothing on seL4 */
    }
    slice(guest, i % stress.cores);
    root_guest(&guest->config, true);
}

/* Reads what the guest does not change. */
static void look(const struct guest *guest)
{
    seL4_UserContext regs = {0};

    root_check(seL4_TCB_ReadRegisters(guest->config.tcb, 0, 0, 36, &regs), "read registers");
    if (regs.x0 != (seL4_Word)&guest->state) {
        root_fail("x0 read as 0x%lx", (unsigned long)regs.x0);
    }
    seL4_ARM_VCPU_ReadRegs_t sctlr = seL4_ARM_VCPU_ReadRegs(guest->config.vcpu, seL4_VCPUReg_SCTLR);
    if (sctlr.error != seL4_NoError || sctlr.value != 0x34d58820) {
        root_fail("SCTLR_EL1 read as 0x%lx", (unsigned long)sctlr.value);
    }
}

/* Only guests that never fault: one stopped while its fault is handled leaves its context there. */
static void stop_and_go(const struct guest *guest)
{
    if (guest->state.mode != 0) {
        return;
    }
    root_check(seL4_TCB_Suspend(guest->config.tcb), "suspend");
    root_check(seL4_TCB_Resume(guest->config.tcb), "resume");
}

/*
 * On seL4 the registers of a VCPU that is moved stay on its old core, so that only keel's are
 * moved.
 */
static void disturb(struct guest *guest, unsigned *migrations)
{
    switch (stress_below(8)) {
    case 0:
        look(guest);
        break;
    case 1:
        stop_and_go(guest);
        break;
    case 2:
        root_check(seL4_ARM_VCPU_InjectIRQ(guest->config.vcpu, 40 + stress_below(4), 0, 0,
                                           stress_below(4)),
                   "inject");
        break;
    default:
        ++*migrations;
        if (stress.keel) {
            slice(guest, stress_below(stress.cores));
        } else {
            slice(guest, (unsigned)(guest - g.guest) % stress.cores);
        }
        break;
    }
}

static bool finished(void)
{
    bool all = true;

    if (g.error) {
        root_fail("%s (%u)", g.error, g.unexpected);
    }
    for (unsigned i = 0; i < GUESTS; i++) {
        const struct state *state = &g.guest[i].state;
        if (state->error) {
            root_fail("guest %u: check %lu found 0x%lx, seed 0x%lx", i, (unsigned long)state->error,
                      (unsigned long)state->found, (unsigned long)state->seed);
        }
        all &= state->passes >= PASSES;
    }
    return all;
}

void stress_guests(void)
{
    unsigned wanted = stress.scale > 1 ? MIGRATIONS : 0;
    unsigned migrations = 0;
    unsigned long passes = 0, faults = 0;

    g.endpoint = stress_object(seL4_EndpointObject, 0);
    g.cspace = stress_object(seL4_CapTableObject, 1);
    g.ready = stress_object(seL4_NotificationObject, 0);
    for (unsigned i = 0; i < HANDLERS; i++) {
        start_handler(&g.handler[i]);
    }
    for (unsigned i = 0; i < GUESTS; i++) {
        start_guest(i);
    }
    while (!finished() || migrations < wanted || !stress_over()) {
        disturb(&g.guest[stress_below(GUESTS)], &migrations);
        if (stress_one_in(8)) {
            stress_pause();
        }
        stress_watch("guests");
    }
    for (unsigned i = 0; i < GUESTS; i++) {
        passes += g.guest[i].state.passes;
        faults += g.guest[i].faults;
    }
    root_print("stress: %u migrations, %lu passes, %lu faults\n", migrations, passes, faults);
}
