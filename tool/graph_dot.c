/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>

#include "graph.h"
#include "schedule.h"

#define MIB (UINT64_C(1) << 20)

/* Names of VMs and windows have nothing in them that the language would need quoted otherwise. */
static void print_vm(FILE *out, const struct vm *vm)
{
    fprintf(out,
            "    \"vm %s\" [shape=box, style=rounded, label=\"%s\\n%" PRIu32 " vCPU%s, %" PRIu64
            " MiB\"];\n",
            vm->name, vm->name, vm->cpus, vm->cpus == 1 ? "" : "s", vm->memory / MIB);
    fprintf(out, "    \"vmm %s\" [shape=box];\n", vm->name);
    fprintf(out, "    \"vm %s\" -- \"vmm %s\" [label=\"exits\"];\n", vm->name, vm->name);
    fprintf(out, "    \"vmm %s\" -- \"console\" [label=\"pipes\"];\n", vm->name);
    for (uint32_t n = 0; n < vm->cpus; n++) {
        fprintf(out, "    \"vm %s\" -- \"core %" PRIu32 "\" [style=dotted, label=\"vCPU %" PRIu32,
                vm->name, vm->affinity.number[n], n);
        if (schedule_reserved(vm, n)) {
            fprintf(out, ": %" PRIu32 "/%" PRIu32 " us", vm->budget_us.number[n],
                    vm->period_us.number[n]);
        }
        fprintf(out, "\"];\n");
    }
}

static void print_windows(FILE *out, const struct system *system)
{
    for (uint32_t i = 0; i < system->windows; i++) {
        fprintf(out, "    \"window %s\" [shape=note, label=\"%s\\n%" PRIu64 " KiB\"];\n",
                system->window[i].name, system->window[i].name, system->window[i].size / 1024);
    }
    for (uint32_t i = 0; i < system->vms; i++) {
        const struct vm *vm = &system->vm[i];

        for (uint32_t n = 0; n < vm->shares; n++) {
            fprintf(out, "    \"vm %s\" -- \"window %s\" [label=\"%s\"];\n", vm->name,
                    system->window[vm->share[n].window].name, vm->share[n].writable ? "rw" : "ro");
        }
    }
}

void graph_dot(FILE *out, const struct system *system)
{
    fprintf(out, "graph system {\n    node [fontname=\"sans-serif\"];\n"
                 "    \"manager\" [shape=box];\n    \"console\" [shape=box];\n"
                 "    \"timer\" [shape=box];\n    \"manager\" -- \"console\" [label=\"pipes\"];\n");
    for (uint32_t core = 0; core < system->cores; core++) {
        fprintf(out, "    \"core %" PRIu32 "\" [shape=ellipse];\n", core);
        fprintf(out, "    \"timer\" -- \"core %" PRIu32 "\" [style=dotted];\n", core);
    }
    for (uint32_t i = 0; i < system->vms; i++) {
        print_vm(out, &system->vm[i]);
    }
    print_windows(out, system);
    fprintf(out, "}\n");
}
