/* SPDX-License-Identifier: BSD-2-Clause */
/* The console server, and the pipes between it and its clients. */
#include <stdio.h>

#include <bulkhead/ring.h>
#include <bulkhead/schedule.h>
#include <bulkhead/time.h>

#include "fault.h"
#include "lifecycle.h"
#include "log.h"
#include "servers.h"
#include "servers_private.h"
#include "window.h"

#define PRIORITY    220u
#define DRAIN_MS    50u /* without a byte taken: then the console gets a budget anew, */
#define DRAIN_TRIES 20u /* so many times */
#define NODE_BITS   10u
#define UNCACHED    seL4_ARM_ExecuteNever
#define CACHED      (seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)

/* What outlives the console server if it is started again is the manager's own. */
static struct {
    struct realm realm;
    struct domain domain;
    seL4_CPtr sc; /* the server's */
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

static seL4_CPtr core_control(void)
{
    return console.info->schedcontrol.start + BH_CONSOLE_CORE;
}

static bool build_console(void)
{
    struct realm *realm = &console.realm;
    struct domain *domain = &console.domain;

    if (!realm_create(realm, NODE_BITS) ||
        !domain_create(domain, realm, BH_PROGRAM_CONSOLE, "console", BH_CNODE_BITS)) {
        return false;
    }
    servers_fill_start(&domain->start, console.board, "console");
    domain->start.console = console.start->console;
    domain->start_frame = cspace_copy(&realm->node, console.start_frame, seL4_ReadWrite, 0);

    console.sc = servers_sc(realm, core_control(), BH_CONSOLE_BUDGET_US, BH_CONSOLE_PERIOD_US);

    struct domain_thread thread = {
        .priority = PRIORITY,
        .sc = console.sc,
        .fault_ep = servers_fault_endpoint(realm, EVENT_CONSOLE_SERVER, 0),
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

static void stop_console(void)
{
    if (console.domain.threads > 0) {
        log_ok("stopping the console server", seL4_TCB_Suspend(console.domain.tcb[0]));
    }
}

static void destroy_console(void)
{
    stop_console();
    window_close_all();
    realm_drop_vspace(&console.realm, console.domain.vspace);
    realm_destroy(&console.realm);
    console.domain = (struct domain){.threads = 0};
}

bool servers_note_focus(unsigned client)
{
    if (client >= console.start->console.clients) {
        return false;
    }
    console.start->console.focus = client;
    return true;
}

/* Who has the keyboard by what the old server has written and the manager has not read yet. */
static void follow_keys(void)
{
    const size_t waiting = bh_pipe_available(&console.commands);

    for (size_t i = 0; i < waiting; i++) {
        uint8_t byte =
            console.commands.pipe->data[(console.commands.consumed + i) % BH_PIPE_CAPACITY];

        if (byte >= BH_CONSOLE_COMMAND_FOCUS) {
            servers_note_focus(byte - BH_CONSOLE_COMMAND_FOCUS);
        }
    }
}

/* Its clients keep their pipes and go on with the new one; what the old one had taken and not yet
 * shown is lost. */
void servers_restart_console(const struct event *fault)
{
    stop_console();
    follow_keys();
    log_to_uart(console.registers);
    if (fault) {
        fault_report("console", console.domain.tcb[0], fault);
    }
    life_event(&console.life, LIFE_FAULT, bh_ticks());
    destroy_console();
    if (life_event(&console.life, LIFE_GONE, bh_ticks()) != LIFE_DO_BUILD || !build_console()) {
        destroy_console();
        log_line("the VMs run on without a console");
        return;
    }
    life_event(&console.life, LIFE_READY, bh_ticks());
    open_own_pipe(); /* the UART is the server's from now on: two writers would mix their lines */
    log_line("the console server is started again");
    seL4_Signal(console.signal);
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

/* Input that the VM before has left in its page, if its VMM has left the page in order. */
static uint32_t unread_input(const struct bh_pipe *pipe)
{
    uint32_t bytes = pipe->produced - pipe->consumed;

    return bytes <= BH_PIPE_CAPACITY ? bytes : 0;
}

bool servers_connect_console(unsigned vm, struct domain *vmm, seL4_CPtr notification)
{
    unsigned n = 1 + vm;
    volatile struct bh_start_console_client *client = &console.start->console.client[n];

    vmm->start.vmm.console = (struct bh_start_window){DOMAIN_PIPES, BH_ARCHIVE_ALIGN};
    client->unread = unread_input(&console.pair[n]->to_client);
    bh_pipe_pair_init(console.pair[n]);
    __atomic_store_n(&client->generation, client->generation + 1, __ATOMIC_RELEASE);
    if (!domain_share(vmm, console.pipe[n], DOMAIN_PIPES, seL4_ReadWrite, CACHED) ||
        !domain_give(vmm, BH_VMM_SLOT_CONSOLE_NTFN, console.notification, seL4_CanWrite,
                     UINT64_C(1) << n) ||
        !connect(n, notification)) {
        return false;
    }
    client->running = 1;
    return true;
}

static bool is_serving(void)
{
    return console.domain.threads != 0;
}

/* Time for the console, as if it had used none. An emulated board that is kept from running in the
 * midst of the console's work charges that to its budget: it pays with ten times as long a sleep.
 */
static void give_time(uint64_t budget_us)
{
    const seL4_CPtr tcb = console.domain.tcb[0];

    /* The refills of a thread that could run stay as late as they are. */
    log_ok("stopping the console server", seL4_TCB_Suspend(tcb));
    servers_set_time(core_control(), console.sc, budget_us, BH_CONSOLE_PERIOD_US);
    log_ok("resuming the console server", seL4_TCB_Resume(tcb));
}

void servers_free_console(void)
{
    if (is_serving()) {
        give_time(BH_CONSOLE_PERIOD_US);
    }
}

static uint32_t untaken(unsigned n)
{
    const volatile struct bh_pipe *pipe = &console.pair[n]->to_server;

    return pipe->produced - pipe->consumed;
}

/* Until the console has taken some of what is left, but not for ever; what is left then. */
static uint32_t wait_for_less(unsigned n, uint32_t left)
{
    const uint64_t limit = bh_ticks() + bh_tick_hz() * DRAIN_MS / 1000;

    while (untaken(n) >= left && bh_ticks() < limit) {
        seL4_Yield();
    }
    return untaken(n);
}

/* Let the console take what is in a pipe that nobody writes to meanwhile; true if it has. What a
 * VMM has left in there may be anything: time is what ends this then. */
static bool drain(unsigned n)
{
    uint32_t left = untaken(n);

    if (!is_serving() || left > BH_PIPE_CAPACITY) {
        return false; /* nobody is going to take it */
    }
    seL4_Signal(console.signal);
    seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, PRIORITY - 1);
    for (unsigned tries = 0; left > 0 && tries < DRAIN_TRIES;) {
        uint32_t now = wait_for_less(n, left);

        if (now < left) {
            left = now;
            tries = 0;
        } else {
            give_time(BH_CONSOLE_BUDGET_US);
            tries++;
        }
    }
    seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, seL4_MaxPrio);
    return left == 0;
}

void servers_drain_lines(void)
{
    while (!log_drained() && drain(0)) {
    }
}

void servers_ask_out(void)
{
    if (!is_serving()) {
        return;
    }
    volatile struct bh_start_console *start = &console.start->console;

    __atomic_store_n(&start->out_asked, start->out_asked + 1, __ATOMIC_RELEASE);
    seL4_Signal(console.signal);
}

bool servers_all_out(void)
{
    uint8_t byte;

    /* No more than can be there now: a server gone wrong could write for ever. */
    for (unsigned i = 0; i < BH_PIPE_CAPACITY && is_serving(); i++) {
        if (!servers_console_input(&byte)) {
            return false;
        }
        if (byte == BH_CONSOLE_COMMAND_OUT) {
            return true;
        }
    }
    return !is_serving();
}

void servers_each_page(void (*tell)(const char *what, const char *name, seL4_CPtr frame))
{
    const struct bh_start_console *start = &console.start->console;

    tell("start block", "console", console.start_frame);
    for (unsigned n = 0; n < start->clients; n++) {
        tell("pipe", start->client[n].name, console.pipe[n]);
    }
}

void servers_disconnect_console(unsigned vm)
{
    unsigned n = 1 + vm;

    if (console.start->console.client[n].running) {
        drain(n); /* the VM's last words: the page is going to be used again */
        console.start->console.client[n].running = 0;
    }
}

bool servers_console_is(seL4_CPtr vspace)
{
    return vspace == console.domain.vspace;
}
