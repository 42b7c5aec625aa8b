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
#include <bulkhead/time.h>

#include "deadline.h"

#define ALARM_WORDS 4u /* pc, sp, spsr, x0 */
#define SOON_US     5u /* closer than what setting an alarm costs */

struct core {
    unsigned slots; /* first slot of this core */
    uint64_t tick_hz;
    uint64_t soon;  /* ticks */
    uint64_t armed; /* when the alarm goes off; DEADLINE_NONE = not set */
    struct deadlines deadlines;
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

static void set_alarm(struct core *core, uint64_t at)
{
    seL4_UserContext regs = {.pc = (seL4_Word)alarm_thread,
                             .x0 = core->slots + BH_TIMER_NTFN_ALARM};
    uint64_t delay = deadline_delay_us(bh_ticks(), at, core->tick_hz);

    stop_alarm(core);
    seL4_SchedControl_ConfigureFlags(core->slots + BH_TIMER_SCHEDCONTROL,
                                     core->slots + BH_TIMER_ALARM_SC, deadline_budget_us(delay),
                                     delay, 0, 0, seL4_SchedContext_NoFlag);
    seL4_TCB_WriteRegisters(core->slots + BH_TIMER_ALARM_TCB, true, 0, ALARM_WORDS, &regs);
    core->armed = at;
}

/* An alarm that comes too early is left alone: setting it costs more than one needless wake. */
static void update(struct core *core)
{
    fire(core);

    uint64_t next = deadlines_next(&core->deadlines);

    if (next < core->armed) {
        set_alarm(core, next);
    }
}

static void handle_alarm(struct core *core)
{
    stop_alarm(core);
    update(core);
}

static void handle_call(struct core *core, seL4_Word badge, seL4_MessageInfo_t info)
{
    if (seL4_MessageInfo_get_label(info) != BH_TIMER_SET || seL4_MessageInfo_get_length(info) < 1) {
        return;
    }
    deadlines_set(&core->deadlines, badge & ~BH_TIMER_CLIENT_BADGE, seL4_GetMR(0));
    update(core);
}

void bh_main(const struct bh_start *start, unsigned index)
{
    struct core core = {
        .slots = BH_TIMER_SLOT_CORE_BASE + index * BH_TIMER_CORE_STRIDE,
        .tick_hz = start->tick_hz,
        .soon = start->tick_hz * SOON_US / 1000000,
        .armed = DEADLINE_NONE,
    };
    const seL4_MessageInfo_t empty = seL4_MessageInfo_new(0, 0, 0, 0);
    const seL4_CPtr endpoint = core.slots + BH_TIMER_EP;
    const seL4_CPtr reply = core.slots + BH_TIMER_REPLY;
    seL4_Word badge;

    deadlines_init(&core.deadlines);

    seL4_MessageInfo_t info =
        seL4_NBSendRecv(core.slots + BH_TIMER_READY, empty, endpoint, &badge, reply);

    for (;;) {
        if (badge & BH_TIMER_CLIENT_BADGE) {
            handle_call(&core, badge, info);
            info = seL4_ReplyRecv(endpoint, empty, &badge, reply);
        } else {
            handle_alarm(&core);
            info = seL4_Recv(endpoint, &badge, reply);
        }
    }
}
