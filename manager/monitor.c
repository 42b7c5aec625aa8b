/* SPDX-License-Identifier: BSD-2-Clause */
#include "monitor.h"

#include <stdio.h>
#include <string.h>

#include <bulkhead/time.h>

#include "command.h"
#include "log.h"
#include "servers.h"
#include "stats.h"

#define PROMPT "monitor> "

typedef unsigned long long ull;

struct monitor {
    struct vm *vm;
    unsigned vms;
    const struct vm_host *host;
};

static struct {
    struct command_line line;
    char prompt[sizeof(PROMPT) + COMMAND_LINE_BYTES];
    bool open;
} state;

/* --- what stands on the terminal ---------------------------------------------------------------
 */

static void show_prompt(void)
{
    snprintf(state.prompt, sizeof(state.prompt), PROMPT "%s", state.line.text);
    log_prompt(state.open ? state.prompt : NULL);
}

static void empty_line(void)
{
    state.line = (struct command_line){.length = 0};
}

static void open_monitor(void)
{
    state.open = true;
    empty_line();
    log_text("help says what there is; Ctrl-] 1 goes back to the first VM");
    show_prompt();
}

static void close_monitor(void)
{
    state.open = false;
    empty_line();
    log_prompt(NULL);
}

/* --- commands -----------------------------------------------------------------------------------
 */

static void help(void)
{
    const char *line;

    for (unsigned n = 0; (line = command_help(n)) != NULL; n++) {
        log_text("%s", line);
    }
}

static void list(const struct monitor *monitor)
{
    log_text("%-16s %-9s %5s %10s %8s", "VM", "state", "vCPUs", "memory MiB", "restarts");
    for (unsigned i = 0; i < monitor->vms; i++) {
        const struct vm *vm = &monitor->vm[i];

        log_text("%-16s %-9s %5u %10llu %8llu", vm->config->name, life_state_name(vm->life.state),
                 vm->config->cpus, (ull)(vm->realm.budget.taken >> 20), (ull)vm->life.restarts);
    }
    log_text("%llu MiB free", (ull)(memory_free_bytes() >> 20));
}

/* Microseconds that a scheduling context was used since this was asked last. */
static uint64_t consumed(seL4_CPtr sc)
{
    seL4_SchedContext_Consumed_t result = seL4_SchedContext_Consumed(sc);

    return result.error == seL4_NoError ? result.consumed : 0;
}

/* Bring used_us up to date; *permille: the share of the core since `elapsed_us` ago. */
static void ask_for_time(struct vm_vcpu *vcpu, uint64_t elapsed_us, uint64_t *permille)
{
    uint64_t used = consumed(vcpu->sc) + consumed(vcpu->event_sc);

    vcpu->used_us += used;
    *permille = elapsed_us ? used * 1000 / elapsed_us : 0;
}

static uint64_t since_asked_us(struct vm *vm)
{
    uint64_t now = bh_ticks();
    uint64_t ticks = now - vm->asked_at;

    vm->asked_at = now;
    return ticks / (bh_tick_hz() / 1000000);
}

static void stats(const struct monitor *monitor)
{
    log_text("%-16s %4s %4s %12s %9s", "VM", "vCPU", "core", "used us", "lately");
    for (unsigned i = 0; i < monitor->vms; i++) {
        struct vm *vm = &monitor->vm[i];
        uint64_t elapsed_us = since_asked_us(vm);

        for (unsigned n = 0; n < vm->config->cpus && vm->stats; n++) {
            struct vm_vcpu *vcpu = &vm->vcpu[n];
            uint64_t permille;

            ask_for_time(vcpu, elapsed_us, &permille);
            log_text("%-16s %4u %4u %12llu %5llu.%llu %%", vm->config->name, n, vcpu->core,
                     (ull)vcpu->used_us, (ull)(permille / 10), (ull)(permille % 10));
        }
    }
}

static void text_line(void *context, const char *line)
{
    log_text("%s", line);
}

static void stats_of(struct vm *vm)
{
    uint64_t elapsed_us = since_asked_us(vm);

    if (!vm->stats) {
        log_text("VM %s is %s", vm->config->name, life_state_name(vm->life.state));
        return;
    }
    for (unsigned n = 0; n < vm->config->cpus; n++) {
        struct vm_vcpu *vcpu = &vm->vcpu[n];
        struct bh_stats_vcpu counts;
        uint64_t permille;

        ask_for_time(vcpu, elapsed_us, &permille);
        log_text("%s vCPU %u on core %u: %u us in %u us, used %llu us, lately %llu.%llu %%",
                 vm->config->name, n, vcpu->core, vm->config->budget_us[n],
                 vm->config->period_us[n], (ull)vcpu->used_us, (ull)(permille / 10),
                 (ull)(permille % 10));
        if (stats_read(vm->stats, n, &counts)) {
            stats_print(&counts, bh_tick_hz(), text_line, NULL);
        }
    }
}

/* What makes no sense in the VM's state is refused with a line that says so. */
static void change_if(const struct monitor *monitor, struct vm *vm, enum life_event event,
                      bool possible, const char *wanted)
{
    if (possible) {
        vm_event(vm, monitor->host, event);
    } else {
        log_text("VM %s is %s, not %s", vm->config->name, life_state_name(vm->life.state), wanted);
    }
}

static void change(const struct monitor *monitor, struct vm *vm, enum command_kind kind)
{
    const bool over = life_over(&vm->life);

    switch (kind) {
    case COMMAND_START:
        change_if(monitor, vm, LIFE_START, over, "stopped");
        break;
    case COMMAND_STOP:
        change_if(monitor, vm, LIFE_STOP, !over, "running");
        break;
    case COMMAND_RESTART:
        vm_event(vm, monitor->host, LIFE_STOP);
        vm_event(vm, monitor->host, LIFE_START);
        break;
    case COMMAND_STATS_OF:
        stats_of(vm);
        break;
    case COMMAND_PAUSE:
        change_if(monitor, vm, LIFE_PAUSE, vm->life.state == LIFE_RUNNING, "running");
        break;
    case COMMAND_RESUME:
        change_if(monitor, vm, LIFE_RESUME,
                  vm->life.state == LIFE_PAUSED || vm->life.state == LIFE_PAUSING, "paused");
        break;
    case COMMAND_KILL:
        if (!over) {
            log_line("vm %s: killed", vm->config->name);
        }
        change_if(monitor, vm, LIFE_FAULT, !over, "running");
        break;
    default:
        servers_focus_console(vm->index);
    }
}

static void run(const struct monitor *monitor, const struct command *command)
{
    switch (command->kind) {
    case COMMAND_EMPTY:
        return;
    case COMMAND_UNKNOWN:
        log_text("no such command; help says what there is");
        return;
    case COMMAND_WANTS_NAME:
        log_text("wrong number of words; help says what there is");
        return;
    case COMMAND_HELP:
        help();
        return;
    case COMMAND_LIST:
        list(monitor);
        return;
    case COMMAND_STATS:
        stats(monitor);
        return;
    default:
        break;
    }
    for (unsigned i = 0; i < monitor->vms; i++) {
        if (!strcmp(monitor->vm[i].config->name, command->name)) {
            change(monitor, &monitor->vm[i], command->kind);
            return;
        }
    }
    if (command->kind == COMMAND_KILL && !strcmp(command->name, "console")) {
        servers_restart_console(NULL);
        return;
    }
    log_text("no VM %s", command->name);
}

static void stop_all(const struct monitor *monitor)
{
    log_line("switching off");
    for (unsigned i = 0; i < monitor->vms; i++) {
        vm_event(&monitor->vm[i], monitor->host, LIFE_STOP);
    }
}

static void type(const struct monitor *monitor, uint8_t byte)
{
    char echo[COMMAND_ECHO_BYTES];

    if (!state.open) {
        return;
    }
    if (!command_type(&state.line, byte, echo)) {
        log_echo(echo);
        snprintf(state.prompt, sizeof(state.prompt), PROMPT "%s", state.line.text);
        return;
    }
    struct command command = command_parse(state.line.text);

    log_prompt(NULL);
    empty_line();
    run(monitor, &command);
    show_prompt();
}

static void focus(unsigned client)
{
    if (!servers_note_focus(client)) {
        return; /* a server gone wrong */
    }
    if (client == 0) {
        open_monitor();
    } else if (state.open) {
        close_monitor();
    }
}

void monitor_input(struct vm *vm, unsigned vms, const struct vm_host *host)
{
    const struct monitor monitor = {vm, vms, host};
    uint8_t byte;

    while (servers_console_input(&byte)) {
        switch (byte) {
        case BH_CONSOLE_COMMAND_QUIT:
            stop_all(&monitor);
            break;
        default:
            if (byte < BH_CONSOLE_COMMAND_FOCUS) {
                type(&monitor, byte);
            } else {
                focus(byte - BH_CONSOLE_COMMAND_FOCUS);
            }
        }
    }
}
