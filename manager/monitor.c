/* SPDX-License-Identifier: BSD-2-Clause */
#include "monitor.h"

#include <stdio.h>
#include <string.h>

#include <bulkhead/time.h>

#include "command.h"
#include "log.h"
#include "servers.h"

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
    uint64_t since;                                      /* when stats was asked for last */
    uint64_t used_us[DESCRIPTION_MAX_VMS][BH_MAX_VCPUS]; /* in all */
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

static void stats_of(const struct vm *vm, uint64_t elapsed_us)
{
    for (unsigned n = 0; n < vm->config->cpus; n++) {
        const struct vm_vcpu *vcpu = &vm->vcpu[n];
        uint64_t used = consumed(vcpu->sc) + consumed(vcpu->event_sc);
        uint64_t permille = elapsed_us ? used * 1000 / elapsed_us : 0;

        state.used_us[vm->index][n] += used;
        log_text("%-16s %4u %4u %12llu %5llu.%llu %%", vm->config->name, n, vcpu->core,
                 (ull)state.used_us[vm->index][n], (ull)(permille / 10), (ull)(permille % 10));
    }
}

static void stats(const struct monitor *monitor)
{
    uint64_t now = bh_ticks();
    uint64_t elapsed_us = (now - state.since) / (bh_tick_hz() / 1000000);

    state.since = now;
    log_text("%-16s %4s %4s %12s %9s", "VM", "vCPU", "core", "used us", "lately");
    for (unsigned i = 0; i < monitor->vms; i++) {
        enum life_state life = monitor->vm[i].life.state;

        if (life == LIFE_RUNNING || life == LIFE_PAUSED) {
            stats_of(&monitor->vm[i], elapsed_us);
        }
    }
}

static void change(const struct monitor *monitor, struct vm *vm, enum command_kind kind)
{
    switch (kind) {
    case COMMAND_START:
        vm_event(vm, monitor->host, LIFE_START);
        break;
    case COMMAND_STOP:
        vm_event(vm, monitor->host, LIFE_STOP);
        break;
    case COMMAND_RESTART:
        vm_event(vm, monitor->host, LIFE_STOP);
        vm_event(vm, monitor->host, LIFE_START);
        break;
    case COMMAND_KILL:
        log_line("vm %s: killed", vm->config->name);
        vm_event(vm, monitor->host, LIFE_FAULT);
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
        log_line("console: killed");
        servers_restart_console();
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
    servers_note_focus(client);
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
