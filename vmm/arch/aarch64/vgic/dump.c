/* SPDX-License-Identifier: BSD-2-Clause */
/* The controller's state as text, for an operator who wonders where an interrupt is. */
#include "internal.h"

#include <stdio.h>

typedef void print_fn(void *arg, const char *line);

static void dump_bank(const struct vgic_bank *bank, unsigned first, print_fn *print, void *arg)
{
    char line[128];

    if ((bank->enabled | bank->latch | bank->line | bank->active | bank->loaded) == 0) {
        return;
    }
    snprintf(line, sizeof(line),
             "  %3u: enabled %08x latch %08x line %08x active %08x loaded %08x edge %08x", first,
             bank->enabled, bank->latch, bank->line, bank->active, bank->loaded, bank->edge);
    print(arg, line);
}

static void dump_cpu(const struct vgic *vgic, unsigned n, print_fn *print, void *arg)
{
    static const char *const state[] = {"free", "loaded", "stale"};
    const struct vgic_cpu *cpu = &vgic->cpu[n];
    char line[160];

    snprintf(line, sizeof(line),
             " vcpu %u%s%s: injected %llu retired %llu refused %llu overflow %llu spurious %llu "
             "bad accesses %llu",
             n, cpu->online ? "" : " off", cpu->dirty ? " dirty" : "",
             (unsigned long long)cpu->stats.injected, (unsigned long long)cpu->stats.retired,
             (unsigned long long)cpu->stats.refused, (unsigned long long)cpu->stats.overflow,
             (unsigned long long)cpu->stats.spurious, (unsigned long long)cpu->stats.bad_accesses);
    print(arg, line);
    dump_bank(&cpu->bank, 0, print, arg);
    for (unsigned lr = 0; lr < vgic->cfg.nr_lrs; lr++) {
        if (cpu->slot[lr].state != VGIC_SLOT_FREE) {
            snprintf(line, sizeof(line), "  list register %u: %s %u", lr,
                     state[cpu->slot[lr].state], cpu->slot[lr].intid);
            print(arg, line);
        }
    }
}

void vgic_dump(const struct vgic *vgic, void (*print)(void *arg, const char *line), void *arg)
{
    char line[64];

    snprintf(line, sizeof(line), "GICv%u ctlr %x", (unsigned)vgic->cfg.version, vgic->ctlr);
    print(arg, line);
    for (unsigned n = 0; n < vgic->cfg.nr_vcpus; n++) {
        dump_cpu(vgic, n, print, arg);
    }
    for (unsigned n = 0; n < vgic->cfg.nr_spis / 32; n++) {
        dump_bank(&vgic->spi[n], 32 * (n + 1), print, arg);
    }
}
