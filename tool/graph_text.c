/* SPDX-License-Identifier: BSD-2-Clause */
#include <bulkhead/schedule.h>
#include <inttypes.h>

#include "graph.h"
#include "schedule.h"

#define MIB   (UINT64_C(1) << 20)
#define NAMES 22 /* width of the column of names */

/* --- cores ----------------------------------------------------------------------------------- */

static void print_share(FILE *out, uint32_t share)
{
    fprintf(out, "%6" PRIu32 ".%" PRIu32 " %%\n", share / 10000, share % 10000 / 1000);
}

static void print_server(FILE *out, uint32_t core, const char *name, uint32_t priority,
                         uint32_t budget, uint32_t period)
{
    fprintf(out, "%4" PRIu32 "  %-*s %8" PRIu32 " %10" PRIu32 " %10" PRIu32, core, NAMES, name,
            priority, budget, period);
    print_share(out, (uint32_t)((uint64_t)budget * SCHEDULE_WHOLE / period));
}

static void print_servers(FILE *out, uint32_t core, uint32_t vcpus)
{
    if (core == BH_MANAGER_CORE) {
        print_server(out, core, "manager", 255, BH_MANAGER_BUDGET_US, BH_MANAGER_PERIOD_US);
    }
    fprintf(out, "%4" PRIu32 "  %-*s %8u %10s %10s", core, NAMES, "timer", 254, "-", "-");
    print_share(out, schedule_timer(vcpus));
    if (core == BH_CONSOLE_CORE) {
        print_server(out, core, "console", 220, BH_CONSOLE_BUDGET_US, BH_CONSOLE_PERIOD_US);
    }
}

static void print_vcpu(FILE *out, const struct vm *vm, uint32_t vcpu)
{
    char name[NAMES + 8];

    snprintf(name, sizeof(name), "%s, vCPU %" PRIu32, vm->name, vcpu);
    fprintf(out, "%4" PRIu32 "  %-*s %8" PRIu32 " %10" PRIu32 " %10" PRIu32,
            vm->affinity.number[vcpu], NAMES, name, vm->priority.number[vcpu],
            vm->budget_us.number[vcpu], vm->period_us.number[vcpu]);
    if (schedule_reserved(vm, vcpu)) {
        print_share(out, schedule_share(vm, vcpu));
    } else {
        fprintf(out, "  no limit\n");
    }
}

/* The vCPUs of a core, highest priority first; the share of the reservations among them. */
static uint32_t print_vcpus(FILE *out, const struct system *system, uint32_t core)
{
    uint32_t share = 0;

    for (uint32_t priority = BH_MAX_VM_PRIORITY; priority > 0; priority--) {
        for (uint32_t i = 0; i < system->vms; i++) {
            const struct vm *vm = &system->vm[i];

            for (uint32_t n = 0; n < vm->cpus; n++) {
                if (vm->affinity.number[n] != core || vm->priority.number[n] != priority) {
                    continue;
                }
                print_vcpu(out, vm, n);
                share += schedule_reserved(vm, n) ? schedule_share(vm, n) : 0;
            }
        }
    }
    return share;
}

static void print_cores(FILE *out, const struct system *system)
{
    fprintf(out, "core  %-*s priority  budget us  period us     share\n", NAMES, "who");
    for (uint32_t core = 0; core < system->cores; core++) {
        uint32_t vcpus = schedule_vcpus(system, core), share;

        print_servers(out, core, vcpus);
        share = print_vcpus(out, system, core) + schedule_reserve(core, vcpus);
        fprintf(out, "%4" PRIu32 "  %-*s %30s", core, NAMES, "reserved", "");
        print_share(out, share);
    }
}

/* --- memory ---------------------------------------------------------------------------------- */

static void print_size(FILE *out, uint64_t size)
{
    bool whole = size % MIB == 0;

    fprintf(out, "%7" PRIu64 " %s", whole ? size / MIB : size / 1024, whole ? "MiB" : "KiB");
}

static void print_range(FILE *out, const char *name, uint64_t base, uint64_t size)
{
    fprintf(out, "%-17s 0x%010" PRIx64 "  0x%010" PRIx64 " ", name, base, base + size - 1);
    print_size(out, size);
}

static void print_memory(FILE *out, const struct system *system)
{
    fprintf(out, "\n%-17s %-12s  %-12s %11s  what\n", "VM", "from", "to", "size");
    for (uint32_t i = 0; i < system->vms; i++) {
        const struct vm *vm = &system->vm[i];

        for (uint32_t n = 0; n < vm->banks; n++) {
            const struct vm_bank *bank = &vm->bank[n];

            print_range(out, vm->name, bank->base, bank->size);
            fprintf(out, "  RAM%s\n", bank->hidden ? ", hidden" : "");
        }
        for (uint32_t n = 0; n < vm->shares; n++) {
            const struct vm_share *share = &vm->share[n];
            const struct window *window = &system->window[share->window];

            print_range(out, vm->name, share->base, window->size);
            fprintf(out, "  window %s, %s\n", window->name,
                    share->writable ? "writable" : "read-only");
        }
    }
}

/* --- files, connections ---------------------------------------------------------------------- */

static void print_files(FILE *out, const struct system *system)
{
    fprintf(out, "\n%-17s %-8s %11s  name\n", "VM", "file", "size");
    for (uint32_t i = 0; i < system->vms; i++) {
        const struct vm *vm = &system->vm[i];

        for (unsigned which = 0; which < VM_FILES; which++) {
            if (vm->file_names[which] == NULL) {
                continue;
            }
            fprintf(out, "%-17s %-8s", vm->name, vm_file_names[which]);
            print_size(out, align_up(vm->files[which].size, 1024));
            fputs("  ", out);
            print_plain(out, vm->file_names[which]);
            fputc('\n', out);
        }
    }
}

static void print_connections(FILE *out, const struct system *system)
{
    fprintf(out, "\n%-17s with\n", "domain");
    fprintf(out, "%-17s manager: builds and watches all domains\n", "all");
    for (uint32_t i = 0; i < system->vms; i++) {
        const struct vm *vm = &system->vm[i];
        uint32_t cores = 0;

        fprintf(out, "%-17s console: one pipe each way\n%-17s timer: core", vm->name, vm->name);
        for (uint32_t n = 0; n < vm->cpus; n++) {
            uint32_t core = vm->affinity.number[n];

            if ((cores >> core & 1) == 0) {
                fprintf(out, " %" PRIu32, core);
            }
            cores |= 1u << core;
        }
        fprintf(out, "\n");
        for (uint32_t n = 0; n < vm->shares; n++) {
            fprintf(out, "%-17s window %s\n", vm->name, system->window[vm->share[n].window].name);
        }
    }
}

void graph_text(FILE *out, const struct system *system)
{
    print_cores(out, system);
    print_memory(out, system);
    print_files(out, system);
    print_connections(out, system);
}
