/* SPDX-License-Identifier: BSD-2-Clause */
#include "servers.h"

#include <stdio.h>

#include <bulkhead/ring.h>
#include <bulkhead/schedule.h>
#include <bulkhead/time.h>

#include "dump.h"
#include "fault.h"
#include "lifecycle.h"
#include "log.h"
#include "window.h"

#define CONSOLE_PRIORITY 220u
#define DRAIN_MS         50u
#define TIMER_PRIORITY   254u
#define IDLE_PRIORITY    0u
#define IDLE_SLICE_US    UINT64_C(3600000000) /* an hour */
#define TIMER_BUDGET_US  5000u
#define TIMER_PERIOD_US  10000u
#define SERVER_NODE_BITS 10u
#define TIMER_NODE_BITS  11u
#define SC_BITS          8u
#define SC_EXTRA_REFILLS 4u
#define UNCACHED         seL4_ARM_ExecuteNever
#define CACHED           (seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)

/* What outlives the console server if it is started again is the manager's own. */
static struct {
    struct realm realm;
    struct domain domain;
    struct life life;
    const seL4_BootInfo *info;
    const struct board *board;
    seL4_CPtr notification;
    seL4_CPtr signal; /* the same, for the manager's lines */
    seL4_CPtr irq;
    seL4_CPtr uart;
    volatile void *registers; /* while we write to it ourselves */
    seL4_CPtr pipe[BH_MAX_CLIENTS];
    struct bh_pipe_pair *pair[BH_MAX_CLIENTS]; /* the pipes, mapped */
    seL4_CPtr client[BH_MAX_CLIENTS];          /* notifications of those that run */
    seL4_CPtr start_frame;
    struct bh_start *start; /* its start block, which we keep mapped */
    struct bh_pipe_reader commands;
} console;

static struct {
    struct realm realm;
    struct domain domain;
    seL4_CPtr endpoint[BH_MAX_CORES];
} timer;

/* --- common --------------------------------------------------------------------------------- */

void servers_fill_start(struct bh_start *start, const struct board *board, const char *name)
{
    start->tick_hz = bh_tick_hz();
    start->gic_version = board->gic_version;
    snprintf(start->name, sizeof(start->name), "%s", name);
}

static seL4_CPtr make_sc(struct realm *realm, seL4_CPtr control, uint64_t budget, uint64_t period)
{
    seL4_CPtr sc = realm_object(realm, seL4_SchedContextObject, SC_BITS, SC_BITS);

    if (sc == 0 ||
        !log_ok("configuring a scheduling context",
                seL4_SchedControl_ConfigureFlags(control, sc, budget, period, SC_EXTRA_REFILLS, 0,
                                                 seL4_SchedContext_NoFlag))) {
        return 0;
    }
    return sc;
}

static seL4_CPtr fault_endpoint(struct realm *realm, unsigned who, unsigned thread)
{
    return cspace_copy(&realm->node, event_endpoint(), seL4_CapRights_new(1, 0, 0, 1),
                       event_badge(EVENT_FAULT, who, thread));
}

/* --- console -------------------------------------------------------------------------------- */

bool servers_early_console(const struct board *board)
{
    console.uart = memory_device_frame(board->uart);
    if (console.uart == 0) {
        return false;
    }
    console.registers = memory_keep(console.uart, UNCACHED);
    log_to_uart(console.registers);
    return console.registers != NULL;
}

static bool take_irq(unsigned irq)
{
    struct realm *own = memory_own();
    seL4_Word slot = cspace_take(&own->node, 1);
    seL4_CPtr signal =
        cspace_copy(&own->node, console.notification, seL4_CanWrite, BH_CONSOLE_EVENT_IRQ);

    console.irq = cspace_pointer(&own->node, slot);
    return slot != 0 && signal != 0 &&
           log_ok("taking the UART's interrupt",
                  seL4_IRQControl_GetTrigger(seL4_CapIRQControl, irq, BH_IRQ_LEVEL, own->node.cnode,
                                             slot, (seL4_Uint8)own->node.bits)) &&
           log_ok("directing the UART's interrupt",
                  seL4_IRQHandler_SetNotification(console.irq, signal));
}

static bool make_pipe(unsigned n, const char *name)
{
    struct bh_start_console_client *client = &console.start->console.client[n];

    console.pipe[n] = realm_simple(memory_own(), seL4_ARM_SmallPageObject);
    console.pair[n] = console.pipe[n] ? memory_keep(console.pipe[n], CACHED) : NULL;
    if (!console.pair[n]) {
        return false;
    }
    bh_pipe_pair_init(console.pair[n]);
    snprintf(client->name, sizeof(client->name), "%s", name);
    client->pipe =
        (struct bh_start_window){DOMAIN_PIPES + (uint64_t)n * BH_ARCHIVE_ALIGN, BH_ARCHIVE_ALIGN};
    return true;
}

/* All that stays when the server is started again. */
static bool prepare_console(const struct board *board, const struct description *description)
{
    struct realm *own = memory_own();

    console.notification = realm_simple(own, seL4_NotificationObject);
    console.signal =
        console.notification ? cspace_copy(&own->node, console.notification, seL4_CanWrite, 1) : 0;
    console.start_frame = realm_simple(own, seL4_ARM_SmallPageObject);
    console.start = console.start_frame ? memory_keep(console.start_frame, CACHED) : NULL;
    if (console.signal == 0 || !console.start || !take_irq(board->uart_irq)) {
        return false;
    }
    console.start->console = (struct bh_start_console){
        .uart = {DOMAIN_REGISTERS, BH_ARCHIVE_ALIGN},
        .clients = 1 + description->vms,
        .focus = 1,
        .client[0].running = 1,
    };
    console.client[0] = event_notification();
    for (unsigned n = 0; n < console.start->console.clients; n++) {
        if (!make_pipe(n, n == 0 ? "manager" : description->vm[n - 1].name)) {
            return false;
        }
    }
    return true;
}

static bool give_client(unsigned n)
{
    return domain_give(&console.domain, BH_CONSOLE_SLOT_CLIENT_BASE + n, console.client[n],
                       seL4_CanWrite, n == 0 ? EVENT_CONSOLE : BH_VMM_EVENT_CONSOLE);
}

static bool add_clients(void)
{
    const struct bh_start_console *start = &console.start->console;

    for (unsigned n = 0; n < start->clients; n++) {
        if (!domain_share(&console.domain, console.pipe[n], start->client[n].pipe.vaddr,
                          seL4_ReadWrite, CACHED) ||
            (start->client[n].running && !give_client(n))) {
            return false;
        }
    }
    return true;
}

static bool build_console(void)
{
    struct realm *realm = &console.realm;
    struct domain *domain = &console.domain;

    if (!realm_create(realm, SERVER_NODE_BITS) ||
        !domain_create(domain, realm, BH_PROGRAM_CONSOLE, "console", BH_CNODE_BITS)) {
        return false;
    }
    servers_fill_start(&domain->start, console.board, "console");
    domain->start.console = console.start->console;
    domain->start_frame = cspace_copy(&realm->node, console.start_frame, seL4_ReadWrite, 0);

    struct domain_thread thread = {
        .priority = CONSOLE_PRIORITY,
        .sc = make_sc(realm, console.info->schedcontrol.start + BH_CONSOLE_CORE,
                      BH_CONSOLE_BUDGET_US, BH_CONSOLE_PERIOD_US),
        .fault_ep = fault_endpoint(realm, EVENT_CONSOLE_SERVER, 0),
    };

    return domain->start_frame != 0 && thread.sc != 0 && thread.fault_ep != 0 &&
           domain_thread(domain, &thread) &&
           log_ok("binding a notification",
                  seL4_TCB_BindNotification(domain->tcb[0], console.notification)) &&
           domain_share(domain, console.uart, DOMAIN_REGISTERS, seL4_ReadWrite, UNCACHED) &&
           domain_give(domain, BH_CONSOLE_SLOT_NTFN, console.notification, seL4_CanRead, 0) &&
           domain_give(domain, BH_CONSOLE_SLOT_IRQ, console.irq, seL4_AllRights, 0) &&
           add_clients() && domain_seal(domain) && domain_run(domain, 0);
}

/* The manager's own end. */
static void open_own_pipe(void)
{
    struct bh_pipe_pair *pair = console.pair[0];

    bh_pipe_reader_attach(&console.commands, &pair->to_client);
    bh_pipe_reader_arm(&console.commands);
    log_to_pipe(&pair->to_server, console.signal);
}

bool servers_start_console(const seL4_BootInfo *info, const struct board *board,
                           const struct description *description)
{
    console.info = info;
    console.board = board;
    life_init(&console.life, LIFE_RESTART_ON_FAILURE, bh_tick_hz());
    life_event(&console.life, LIFE_START, bh_ticks());
    if (!prepare_console(board, description) || !build_console()) {
        return false;
    }
    life_event(&console.life, LIFE_READY, bh_ticks());
    open_own_pipe();
    return true;
}

static void destroy_console(void)
{
    if (console.domain.threads > 0) {
        log_ok("stopping the console server", seL4_TCB_Suspend(console.domain.tcb[0]));
    }
    window_close_all();
    realm_drop_vspace(&console.realm, console.domain.vspace);
    realm_destroy(&console.realm);
    console.domain = (struct domain){.threads = 0};
}

/* Its clients keep their pipes and go on with the new one; what the old one had taken and not yet
 * shown is lost. */
void servers_restart_console(void)
{
    log_to_uart(console.registers);
    life_event(&console.life, LIFE_FAULT, bh_ticks());
    destroy_console();
    if (life_event(&console.life, LIFE_GONE, bh_ticks()) != LIFE_DO_BUILD || !build_console()) {
        destroy_console();
        log_line("the VMs run on without a console");
        return;
    }
    life_event(&console.life, LIFE_READY, bh_ticks());
    log_line("the console server is started again");
    open_own_pipe();
    seL4_Signal(console.signal);
}

void servers_note_focus(unsigned client)
{
    console.start->console.focus = client;
}

bool servers_console_input(uint8_t *byte)
{
    bool wake = false;

    do {
        if (bh_pipe_read(&console.commands, byte, 1, &wake) > 0) {
            if (wake) {
                seL4_Signal(console.signal);
            }
            return true;
        }
    } while (bh_pipe_reader_arm(&console.commands));
    return false;
}

void servers_focus_console(unsigned vm)
{
    volatile struct bh_start_console *start = &console.start->console;

    start->focus = 1 + vm;
    __atomic_store_n(&start->focus_change, start->focus_change + 1, __ATOMIC_RELEASE);
    seL4_Signal(console.signal);
}

/* Without a server now, the client is known to the next one. */
static bool connect(unsigned n, seL4_CPtr notification)
{
    console.client[n] = notification;
    return console.domain.threads == 0 || give_client(n);
}

bool servers_connect_console(unsigned vm, struct domain *vmm, seL4_CPtr notification)
{
    unsigned n = 1 + vm;
    volatile struct bh_start_console_client *client = &console.start->console.client[n];

    vmm->start.vmm.console = (struct bh_start_window){DOMAIN_PIPES, BH_ARCHIVE_ALIGN};
    bh_pipe_pair_init(console.pair[n]);
    if (!domain_share(vmm, console.pipe[n], DOMAIN_PIPES, seL4_ReadWrite, CACHED) ||
        !domain_give(vmm, BH_VMM_SLOT_CONSOLE_NTFN, console.notification, seL4_CanWrite,
                     UINT64_C(1) << n) ||
        !connect(n, notification)) {
        return false;
    }
    client->generation = client->generation + 1;
    client->running = 1;
    return true;
}

/* The VM's last words: let the console take them, for the page is going to be used again. What the
 * VMM has left in there may be anything, so time is what ends this. */
static void drain(unsigned n)
{
    const volatile struct bh_pipe *pipe = &console.pair[n]->to_server;
    uint64_t limit = bh_ticks() + bh_tick_hz() * DRAIN_MS / 1000;

    seL4_Signal(console.signal);
    seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, CONSOLE_PRIORITY - 1);
    while (pipe->consumed != pipe->produced && bh_ticks() < limit) {
        seL4_Yield();
    }
    seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, seL4_MaxPrio);
}

void servers_drain_lines(void)
{
    log_flush();
    drain(0);
}

const char *servers_name(seL4_CPtr vspace)
{
    return vspace == console.domain.vspace ? "console"
           : vspace == timer.domain.vspace ? "timer"
                                           : NULL;
}

static void dump_page(const char *what, const char *name, seL4_CPtr frame)
{
    uint64_t address = seL4_ARM_Page_GetAddress(frame).paddr;

    dump_range(what, name, address, address + BH_ARCHIVE_ALIGN);
}

void servers_dump(void)
{
    const struct bh_start_console *start = &console.start->console;

    dump_page("start block", "console", console.start_frame);
    for (unsigned n = 0; n < start->clients; n++) {
        dump_page("pipe", start->client[n].name, console.pipe[n]);
    }
}

void servers_disconnect_console(unsigned vm)
{
    unsigned n = 1 + vm;

    if (console.start->console.client[n].running) {
        drain(n);
        console.start->console.client[n].running = 0;
    }
}

/* --- timer ---------------------------------------------------------------------------------- */

static unsigned timer_slot(unsigned core, unsigned slot)
{
    return BH_TIMER_SLOT_CORE_BASE + core * BH_TIMER_CORE_STRIDE + slot;
}

/* A thread without stack and IPC buffer; the server sets its registers. */
static bool add_small_thread(unsigned slot, unsigned priority, seL4_CPtr sc, seL4_CPtr fault_ep)
{
    struct domain *domain = &timer.domain;
    seL4_CPtr tcb = realm_simple(&timer.realm, seL4_TCBObject);
    seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - domain->cnode_bits).words[0];

    return tcb != 0 && sc != 0 &&
           log_ok(
               "configuring a thread of the timer",
               seL4_TCB_Configure(tcb, domain->cnode, guard, domain->vspace, 0, 0, seL4_CapNull)) &&
           log_ok("scheduling a thread of the timer",
                  seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 0, priority, sc, fault_ep)) &&
           domain_give(domain, slot, tcb, seL4_AllRights, 0);
}

static bool add_alarm(unsigned core, seL4_CPtr control, seL4_CPtr fault_ep)
{
    struct domain *domain = &timer.domain;
    seL4_CPtr sc = make_sc(&timer.realm, control, TIMER_BUDGET_US, TIMER_PERIOD_US);

    return add_small_thread(timer_slot(core, BH_TIMER_ALARM_TCB), TIMER_PRIORITY, sc, fault_ep) &&
           domain_give(domain, timer_slot(core, BH_TIMER_ALARM_SC), sc, seL4_AllRights, 0) &&
           domain_give(domain, timer_slot(core, BH_TIMER_SCHEDCONTROL), control, seL4_AllRights, 0);
}

/* For every client whose call is put off, and for the next one. */
static bool give_replies(unsigned core)
{
    for (unsigned i = 0; i <= BH_TIMER_MAX_CLIENTS; i++) {
        seL4_CPtr reply = realm_simple(&timer.realm, seL4_ReplyObject);

        if (reply == 0 || !domain_give(&timer.domain, timer_slot(core, BH_TIMER_REPLY_BASE + i),
                                       reply, seL4_AllRights, 0)) {
            return false;
        }
    }
    return true;
}

/*
 * A thread that waits for interrupts when nothing else wants to run. The kernel's own idle thread
 * has a time slice of some milliseconds, at whose end its core enters the kernel only to begin
 * another one, and takes its turn at the kernel's lock for that.
 */
static bool add_idle(unsigned core, seL4_CPtr control, seL4_CPtr fault_ep)
{
    seL4_CPtr sc = make_sc(&timer.realm, control, IDLE_SLICE_US, IDLE_SLICE_US);

    return add_small_thread(timer_slot(core, BH_TIMER_IDLE_TCB), IDLE_PRIORITY, sc, fault_ep);
}

static bool give_core(unsigned core, seL4_CPtr notification)
{
    struct domain *domain = &timer.domain;

    timer.endpoint[core] = realm_simple(&timer.realm, seL4_EndpointObject);
    return timer.endpoint[core] != 0 && give_replies(core) &&
           domain_give(domain, timer_slot(core, BH_TIMER_EP), timer.endpoint[core], seL4_CanRead,
                       0) &&
           domain_give(domain, timer_slot(core, BH_TIMER_NTFN), notification, seL4_CanRead, 0) &&
           domain_give(domain, timer_slot(core, BH_TIMER_NTFN_ALARM), notification, seL4_CanWrite,
                       BH_TIMER_EVENT_ALARM) &&
           domain_give(domain, timer_slot(core, BH_TIMER_READY), event_notification(),
                       seL4_CanWrite, EVENT_TIMER_READY);
}

static bool wait_for_timer(unsigned core)
{
    struct event event;

    do {
        event_wait(&event);
        if (!event_is_signal(&event)) {
            log_line("the timer server failed on core %u", core);
            return false;
        }
        log_flush();
    } while (!(event.badge & EVENT_TIMER_READY));
    return true;
}

/*
 * Start the thread of a core and wait until it serves. It keeps a scheduling context of its own: on
 * its callers' it would stand still, for all others, while a caller's budget is used up, and for
 * ever once a caller's VM is destroyed.
 */
static bool start_core(unsigned core, seL4_CPtr control)
{
    struct domain *domain = &timer.domain;
    seL4_CPtr notification = realm_simple(&timer.realm, seL4_NotificationObject);
    struct domain_thread thread = {
        .priority = TIMER_PRIORITY,
        .sc = make_sc(&timer.realm, control, TIMER_BUDGET_US, TIMER_PERIOD_US),
        .fault_ep = fault_endpoint(&timer.realm, EVENT_TIMER_SERVER, core),
    };

    return notification != 0 && thread.sc != 0 && thread.fault_ep != 0 &&
           domain_thread(domain, &thread) &&
           log_ok("binding a notification",
                  seL4_TCB_BindNotification(domain->tcb[core], notification)) &&
           give_core(core, notification) && add_alarm(core, control, thread.fault_ep) &&
           add_idle(core, control, thread.fault_ep) && domain_run(domain, core) &&
           wait_for_timer(core);
}

bool servers_start_timer(const seL4_BootInfo *info, const struct board *board)
{
    unsigned cores = (unsigned)(info->schedcontrol.end - info->schedcontrol.start);
    struct domain *domain = &timer.domain;

    if (!realm_create(&timer.realm, TIMER_NODE_BITS) ||
        !domain_create(domain, &timer.realm, BH_PROGRAM_TIMER, "timer", BH_TIMER_CNODE_BITS)) {
        return false;
    }
    servers_fill_start(&domain->start, board, "timer");
    domain->start.timer.cores = cores;
    for (unsigned i = 0; i < BH_MAX_CORES; i++) {
        domain->start.thread[i].ipc_buffer = DOMAIN_IPC_BUFFERS + (uint64_t)i * BH_ARCHIVE_ALIGN;
    }
    domain->start.threads = cores;
    if (!domain_seal(domain)) {
        return false;
    }
    for (unsigned core = 0; core < cores; core++) {
        if (!start_core(core, info->schedcontrol.start + core)) {
            return false;
        }
    }
    return true;
}

bool servers_connect_timer(unsigned core, unsigned client, struct domain *vmm, unsigned slot,
                           seL4_CPtr notification)
{
    return domain_give(vmm, slot, timer.endpoint[core], seL4_CapRights_new(1, 0, 0, 1),
                       BH_TIMER_CLIENT_BADGE | client) &&
           domain_give(&timer.domain, timer_slot(core, BH_TIMER_CLIENT_BASE + client), notification,
                       seL4_CanWrite, BH_VMM_EVENT_TIMER);
}

void servers_report_fault(const struct event *event)
{
    if (event_who(event) == EVENT_CONSOLE_SERVER) {
        log_to_uart(console.registers); /* nobody reads the pipe now */
        fault_report("console", console.domain.tcb[0], event);
    } else {
        fault_report("timer", timer.domain.tcb[event_thread(event) % BH_MAX_CORES], event);
    }
}
