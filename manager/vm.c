/* SPDX-License-Identifier: BSD-2-Clause */
#include "vm.h"

#include <stdio.h>
#include <string.h>

#include <bulkhead/time.h>

#include "fault.h"
#include "log.h"
#include "pause.h"
#include "servers.h"

void vm_init(struct vm *vm, unsigned index, const struct vm_config *config, uint64_t tick_hz)
{
    vm->config = config;
    vm->index = index;
    for (unsigned n = 0; n < config->cpus; n++) {
        vm->vcpu[n].core = config->affinity[n];
    }
    life_init(&vm->life, config->restart, tick_hz);
}

/* "1 vCPU on core 0", "2 vCPUs on cores 1 2" */
static void describe_cpus(const struct vm_config *config, char *text, size_t room)
{
    const char *plural = config->cpus == 1 ? "" : "s";
    int length = snprintf(text, room, "%u vCPU%s on core%s", config->cpus, plural, plural);

    for (unsigned n = 0; n < config->cpus && length > 0 && (size_t)length < room; n++) {
        length += snprintf(text + length, room - (size_t)length, " %u", config->affinity[n]);
    }
}

static void run(struct vm *vm)
{
    char cpus[64];

    describe_cpus(vm->config, cpus, sizeof(cpus));
    log_line("vm %s: %llu MiB RAM, %s, started", vm->config->name,
             (unsigned long long)(vm->config->memory >> 20), cpus);
    servers_drain_lines(); /* before the guest's first ones */
    log_ok("starting the guest", seL4_TCB_Resume(vm->vcpu[0].tcb));
}

/* What the VM costs: its RAM, and what the manager took for it besides. */
static void tear_down(struct vm *vm)
{
    const struct budget *budget = &vm->realm.budget;
    uint64_t ram = vm->config->memory;
    uint64_t taken = budget->taken;
    uint64_t tables = vm->realm.tables;

    vm_destroy(vm);
    if (taken > ram) {
        log_line("vm %s: memory besides guest RAM: %llu bytes, of which page tables %llu bytes",
                 vm->config->name, (unsigned long long)(taken - ram), (unsigned long long)tables);
    }
    log_line("vm %s: %llu bytes given back, %llu MiB free", vm->config->name,
             (unsigned long long)taken, (unsigned long long)(memory_free_bytes() >> 20));
}

static void report_end(const struct vm *vm)
{
    if (vm->life.limited) {
        log_line("vm %s: %u restarts within %u s, not started again", vm->config->name, LIFE_BURST,
                 LIFE_WINDOW_S);
    }
    if (life_over(&vm->life)) {
        log_line("vm %s: %s", vm->config->name, life_state_name(vm->life.state));
    }
}

void vm_event(struct vm *vm, const struct vm_host *host, enum life_event event)
{
    enum life_action action = life_event(&vm->life, event, bh_ticks());

    while (action != LIFE_DO_NOTHING) {
        enum life_action now = action;

        action = LIFE_DO_NOTHING;
        switch (now) {
        case LIFE_DO_BUILD:
            log_line("vm %s: starting", vm->config->name);
            if (!vm_build(vm, host)) {
                action = life_event(&vm->life, LIFE_FAULT, bh_ticks());
            }
            break;
        case LIFE_DO_RUN:
            run(vm);
            break;
        case LIFE_DO_TEAR_DOWN:
            tear_down(vm);
            action = life_event(&vm->life, LIFE_GONE, bh_ticks());
            report_end(vm);
            break;
        case LIFE_DO_PAUSE:
            pause_begin(vm);
            break;
        case LIFE_DO_RESUME:
            pause_end(vm);
            break;
        case LIFE_DO_NOTHING:
            break;
        }
    }
}

void vm_ready(struct vm *vm, const struct vm_host *host)
{
    if (vm->life.state != LIFE_STARTING || vm->ready == vm->config->cpus) {
        return; /* a VMM that says it twice */
    }
    if (!vm_thread_ready(vm, host)) {
        vm_event(vm, host, LIFE_FAULT);
    } else if (vm->ready == vm->config->cpus) {
        vm_event(vm, host, LIFE_READY);
    }
}

/* Text of a BH_MSG_FAILED message: words, NUL padded; whatever else is in there is not printed. */
static void failed(const struct vm *vm, const struct event *event)
{
    char text[EVENT_WORDS * sizeof(uint64_t) + 1] = "";

    memcpy(text, event->word, sizeof(event->word));
    for (char *c = text; *c; c++) {
        if (*c < ' ' || *c > '~') {
            *c = '?';
        }
    }
    log_line("vm %s: failed: %s", vm->config->name, text);
}

void vm_message(struct vm *vm, const struct vm_host *host, const struct event *event)
{
    const char *name = vm->config->name;
    char who[48];

    if ((event->badge & EVENT_KIND) == EVENT_FAULT) {
        snprintf(who, sizeof(who), "vm %s: VMM thread %u", name, event_thread(event));
        fault_report(who, vm->vmm.tcb[event_thread(event) % BH_MAX_CORES], event);
        vm_event(vm, host, LIFE_FAULT);
        return;
    }
    switch (event->label) {
    case BH_MSG_POWER_OFF:
        log_line("vm %s: powered off", name);
        vm_event(vm, host, LIFE_POWER_OFF);
        return;
    case BH_MSG_RESET:
        log_line("vm %s: reset", name);
        vm_event(vm, host, LIFE_RESET);
        return;
    case BH_MSG_FAILED:
        failed(vm, event);
        vm_event(vm, host, LIFE_FAULT);
        return;
    case BH_MSG_CONTROL:
        if (pause_asked(vm, host, event->word[0])) {
            return;
        }
        break;
    default:
        break;
    }
    log_line("vm %s: unexpected message %llu from its VMM", name, (unsigned long long)event->label);
    vm_event(vm, host, LIFE_FAULT);
}
