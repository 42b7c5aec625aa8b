/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The timer server: one thread per core takes the deadlines of that core's VMM threads and signals
 * them in time.
 *
 * The alarm is made out of the scheduler, as guests can read and write the physical timer: a thread
 * whose scheduling context has the wanted delay as its period gives up its budget with a yield, and
 * runs again exactly one period later. Then it signals.
 */
#include <bulkhead/crt.h>
#include <bulkhead/keel.h>
#include <bulkhead/time.h>

#include "deadline.h"
#include "limit.h"

#define ALARM_WORDS 4u /* pc, sp, spsr, x0 */
#define SOON_US     5u /* closer than what setting an alarm costs */

struct core {
    unsigned slots; /* first slot of this core */
    uint64_t tick_hz;
    uint64_t soon;  /* ticks */
    uint64_t armed; /* when the alarm goes off; DEADLINE_NONE = not set */
    struct deadlines deadlines;
    struct limit limit;

    /* Calls that are put off, ordered by when they may be served. */
    struct deadlines waiting;
    uint64_t wanted[BH_TIMER_MAX_CLIENTS];   /* what the call asked for */
    uint8_t reply[BH_TIMER_MAX_CLIENTS];     /* the reply object that its caller waits on */
    uint8_t spare[BH_TIMER_MAX_CLIENTS + 1]; /* reply objects that nobody waits on */
    unsigned spares;
};

/* The alarm thread; x0 = what to signal. It has neither stack nor IPC buffer. */
__attribute__((naked)) static void alarm_thread(void)
{
    __asm__("mov x19, x0\n"
            "1: mov x7, %0\n"
            "svc #0\n"
            "mov x0, x19\n"
            "mov x1, #0\n"
            "mov x7, %1\n"
            "svc #0\n"
            "b 1b\n" ::"i"(seL4_SysYield),
            "i"(seL4_SysSend));
}

/* The idle thread; WFI at EL0 is not trapped. */
__attribute__((naked)) static void idle_thread(void)
{
    __asm__("1: wfi\n"
            "b 1b\n");
}

/* keel, which its extension tells, has no time slice for its idle thread and stays in it cheaply.
 */
static void start_idle(const struct core *core)
{
    seL4_CPtr tcb = core->slots + BH_TIMER_IDLE_TCB;
    seL4_UserContext regs = {.pc = (seL4_Word)idle_thread};

    if ((seL4_TCB_SetFlags(tcb, 0, KEEL_TCB_FAULT_REGS).flags & KEEL_TCB_FAULT_REGS) == 0) {
        seL4_TCB_WriteRegisters(tcb, true, 0, 1, &regs);
    }
}

/* Fire all that is due; signal its clients. */
static void fire(struct core *core)
{
    int client;

    while ((client = deadlines_pop(&core->deadlines, bh_ticks() + core->soon)) >= 0) {
        seL4_Signal(core->slots + BH_TIMER_CLIENT_BASE + (unsigned)client);
    }
}

static void stop_alarm(struct core *core)
{
    seL4_TCB_Suspend(core->slots + BH_TIMER_ALARM_TCB);
    core->armed = DEADLINE_NONE;
}

/* The alarm is off. */
static void set_alarm(struct core *core, uint64_t at)
{
    seL4_UserContext regs = {.pc = (seL4_Word)alarm_thread,
                             .x0 = core->slots + BH_TIMER_NTFN_ALARM};
    uint64_t delay = deadline_delay_us(bh_ticks(), at, core->tick_hz);

    seL4_SchedControl_ConfigureFlags(core->slots + BH_TIMER_SCHEDCONTROL,
                                     core->slots + BH_TIMER_ALARM_SC, deadline_budget_us(delay),
                                     delay, 0, 0, seL4_SchedContext_NoFlag);
    seL4_TCB_WriteRegisters(core->slots + BH_TIMER_ALARM_TCB, true, 0, ALARM_WORDS, &regs);
    core->armed = at;
}

/* --- calls ---------------------------------------------------------------------------------- */

static seL4_CPtr reply_slot(const struct core *core, unsigned reply)
{
    return core->slots + BH_TIMER_REPLY_BASE + reply;
}

/*
 * Put a call off; reply is what its caller waits on. A client that calls while it waits is a VMM
 * that has several threads call for one: the earlier caller's reply object is used for another one
 * then, and it is never answered.
 */
static void put_off(struct core *core, unsigned client, unsigned reply, uint64_t wanted,
                    uint64_t until)
{
    if (core->waiting.at[client] != DEADLINE_NONE) {
        core->spare[core->spares++] = core->reply[client];
    }
    core->wanted[client] = wanted;
    core->reply[client] = (uint8_t)reply;
    deadlines_set(&core->waiting, client, until);
}

/* Serve the calls whose time has come. */
static void serve_waiting(struct core *core)
{
    int client;

    while ((client = deadlines_pop(&core->waiting, bh_ticks() + core->soon)) >= 0) {
        deadlines_set(&core->deadlines, (unsigned)client, core->wanted[client]);
        seL4_Send(reply_slot(core, core->reply[client]), seL4_MessageInfo_new(0, 0, 0, 0));
        core->spare[core->spares++] = core->reply[client];
    }
}

/* An alarm that comes too early is left alone: setting it costs more than one needless wake. */
static void update(struct core *core)
{
    serve_waiting(core);
    fire(core);

    uint64_t next = deadlines_next(&core->deadlines);
    uint64_t call = deadlines_next(&core->waiting);

    next = call < next ? call : next;
    if (next >= core->armed) {
        return;
    }
    if (core->armed != DEADLINE_NONE) {
        stop_alarm(core);
    }
    set_alarm(core, next);
}

static void handle_alarm(struct core *core)
{
    stop_alarm(core);
    update(core);
}

/* Returns whether the caller, who waits on reply, is to be answered now. */
static bool handle_call(struct core *core, seL4_Word badge, seL4_MessageInfo_t info, unsigned reply)
{
    uint64_t client = badge & ~BH_TIMER_CLIENT_BADGE, wanted = seL4_GetMR(0), now = bh_ticks();

    if (client >= BH_TIMER_MAX_CLIENTS) {
        return true;
    }
    uint64_t when = limit_call(&core->limit, (unsigned)client, now);

    if (seL4_MessageInfo_get_label(info) != BH_TIMER_SET || seL4_MessageInfo_get_length(info) < 1) {
        wanted = DEADLINE_NONE;
    }
    if (when > now) {
        put_off(core, (unsigned)client, reply, wanted, when);
    } else {
        deadlines_set(&core->deadlines, client, wanted);
    }
    update(core);
    return when == now;
}

static void init(struct core *core, const struct bh_start *start, unsigned index)
{
    *core = (struct core){
        .slots = BH_TIMER_SLOT_CORE_BASE + index * BH_TIMER_CORE_STRIDE,
        .tick_hz = start->tick_hz,
        .soon = start->tick_hz * SOON_US / 1000000,
        .armed = DEADLINE_NONE,
    };
    deadlines_init(&core->deadlines);
    deadlines_init(&core->waiting);
    limit_init(&core->limit, start->tick_hz);
    while (core->spares <= BH_TIMER_MAX_CLIENTS) {
        core->spare[core->spares] = (uint8_t)core->spares;
        core->spares++;
    }
}

void bh_main(const struct bh_start *start, unsigned index)
{
    static struct core cores[BH_MAX_CORES];
    struct core *core = &cores[index];
    const seL4_MessageInfo_t empty = seL4_MessageInfo_new(0, 0, 0, 0);
    seL4_Word badge;

    init(core, start, index);
    start_idle(core);

    const seL4_CPtr endpoint = core->slots + BH_TIMER_EP;
    unsigned reply = core->spare[--core->spares];
    seL4_MessageInfo_t info = seL4_NBSendRecv(core->slots + BH_TIMER_READY, empty, endpoint, &badge,
                                              reply_slot(core, reply));

    for (;;) {
        if (!(badge & BH_TIMER_CLIENT_BADGE)) {
            handle_alarm(core);
            info = seL4_Recv(endpoint, &badge, reply_slot(core, reply));
        } else if (handle_call(core, badge, info, reply)) {
            info = seL4_ReplyRecv(endpoint, empty, &badge, reply_slot(core, reply));
        } else {
            /* As many reply objects as clients and one: there is a spare one. */
            reply = core->spare[--core->spares];
            info = seL4_Recv(endpoint, &badge, reply_slot(core, reply));
        }
    }
}
