/* SPDX-License-Identifier: BSD-2-Clause */
#include "schedule.h"

#include <bulkhead/schedule.h>
#include <bulkhead/start.h>
#include <stdio.h>

#include "report.h"

#define PRIORITY_RESERVED 120u
#define PRIORITY_OTHERS   100u
#define PRIORITY_DISTANCE 2u

bool schedule_reserved(const struct vm *vm, uint32_t vcpu)
{
    return vm->budget_us.number[vcpu] < vm->period_us.number[vcpu];
}

static uint32_t share_of(uint64_t budget, uint64_t period)
{
    return (uint32_t)((budget * SCHEDULE_WHOLE + period - 1) / period);
}

uint32_t schedule_share(const struct vm *vm, uint32_t vcpu)
{
    uint32_t budget = vm->budget_us.number[vcpu], period = vm->period_us.number[vcpu];

    return share_of((uint64_t)budget + bh_event_budget_us(budget, period), period);
}

uint32_t schedule_timer(uint32_t vcpus)
{
    return BH_TIMER_PPM * vcpus;
}

uint32_t schedule_reserve(uint32_t core, uint32_t vcpus)
{
    uint32_t reserve = schedule_timer(vcpus);

    if (core == BH_CONSOLE_CORE) {
        reserve += share_of(BH_CONSOLE_BUDGET_US, BH_CONSOLE_PERIOD_US);
    }
    if (core == BH_MANAGER_CORE) {
        reserve += share_of(BH_MANAGER_BUDGET_US, BH_MANAGER_PERIOD_US);
    }
    return reserve;
}

/* --- one VM ---------------------------------------------------------------------------------- */

static bool spread(const struct vm *vm, const char *name, struct schema_numbers *numbers)
{
    if (numbers->count == vm->cpus) {
        return true;
    }
    if (numbers->count != 1) {
        return report_property(vm->node, name,
                               "\"%s\" has %u numbers for %u vCPUs; write one for all, or one per "
                               "vCPU",
                               name, numbers->count, vm->cpus);
    }
    while (numbers->count < vm->cpus) {
        numbers->number[numbers->count++] = numbers->number[0];
    }
    return true;
}

static bool check_affinity(const struct vm *vm, uint32_t cores)
{
    for (uint32_t i = 0; i < vm->cpus; i++) {
        if (vm->affinity.number[i] >= cores) {
            return report_property(vm->node, "affinity",
                                   "vCPU %u is on core %u, which does not exist; choose a core "
                                   "from 0 to %u",
                                   i, vm->affinity.number[i], cores - 1);
        }
    }
    return true;
}

static bool check_budgets(const struct vm *vm)
{
    for (uint32_t i = 0; i < vm->cpus; i++) {
        uint32_t budget = vm->budget_us.number[i], period = vm->period_us.number[i];

        if (budget > period) {
            const char *name = dts_property(vm->node, "budget-us") ? "budget-us" : "period-us";

            return report_property(vm->node, name,
                                   "the budget of %u us is more than the period of %u us; lower "
                                   "\"budget-us\" or raise \"period-us\"",
                                   budget, period);
        }
    }
    return true;
}

bool schedule_read(struct vm *vm, uint32_t cores)
{
    bool chosen = vm->priority.count > 0;

    for (uint32_t i = 0; i < vm->cpus && vm->affinity.count <= i; i++) {
        if (dts_property(vm->node, "affinity") == NULL) {
            vm->affinity.number[vm->affinity.count++] = i;
        }
    }
    if (!spread(vm, "affinity", &vm->affinity) || !check_affinity(vm, cores) ||
        !spread(vm, "budget-us", &vm->budget_us) || !spread(vm, "period-us", &vm->period_us) ||
        !check_budgets(vm)) {
        return false;
    }
    for (uint32_t i = 0; i < vm->cpus && !chosen; i++) {
        vm->priority.number[vm->priority.count++] =
            schedule_reserved(vm, i) ? PRIORITY_RESERVED : PRIORITY_OTHERS;
    }
    return spread(vm, "priority", &vm->priority);
}

/* --- all VMs on a core ----------------------------------------------------------------------- */

struct core {
    uint32_t vcpus;
    uint32_t share;         /* of the reservations looked at so far */
    const struct vm *other; /* the VM without reservation that has the highest priority here */
    uint32_t other_priority;
};

/* The timer server has room for so many vCPUs on one core. */
static bool count_vcpu(const struct vm *vm, uint32_t number, struct core *core)
{
    if (++core->vcpus > BH_TIMER_MAX_CLIENTS) {
        return report_property(vm->node, "affinity",
                               "core %u has more than %u vCPUs; spread them over the cores", number,
                               BH_TIMER_MAX_CLIENTS);
    }
    return true;
}

static void print_share(char *text, size_t size, uint32_t share)
{
    snprintf(text, size, "%u.%u %%", share / 10000, share % 10000 / 1000);
}

static bool add_share(const struct vm *vm, uint32_t vcpu, uint32_t number, struct core *core)
{
    uint32_t room = SCHEDULE_WHOLE - schedule_reserve(number, core->vcpus);
    char wanted[16], there[16];

    if (!schedule_reserved(vm, vcpu)) {
        return true;
    }
    core->share += schedule_share(vm, vcpu);
    if (core->share <= room) {
        return true;
    }
    print_share(wanted, sizeof(wanted), core->share);
    print_share(there, sizeof(there), room);
    return report_property(
        vm->node, "budget-us",
        "the reservations on core %u up to this one come to %s, events "
        "included; the servers leave %s; lower \"budget-us\" or use another core",
        number, wanted, there);
}

static void note_other(const struct vm *vm, uint32_t vcpu, struct core *core)
{
    uint32_t priority = vm->priority.number[vcpu];

    if (!schedule_reserved(vm, vcpu) && priority > core->other_priority) {
        core->other = vm;
        core->other_priority = priority;
    }
}

static bool check_priority(const struct vm *vm, uint32_t vcpu, uint32_t number,
                           const struct core *core)
{
    uint32_t priority = vm->priority.number[vcpu];

    if (!schedule_reserved(vm, vcpu) || core->other == NULL ||
        priority >= core->other_priority + PRIORITY_DISTANCE) {
        return true;
    }
    return report_property(vm->node, "priority",
                           "vCPU %u has a reservation on core %u at priority %u, which \"%s\" "
                           "without one can delay at %u; keep reservations at least %u above",
                           vcpu, number, priority, core->other->name, core->other_priority,
                           PRIORITY_DISTANCE);
}

static bool add_vcpu(const struct vm *vm, uint32_t vcpu, uint32_t number, struct core *core)
{
    note_other(vm, vcpu, core);
    return count_vcpu(vm, number, core);
}

static bool check_vcpu(const struct vm *vm, uint32_t vcpu, uint32_t number, struct core *core)
{
    return add_share(vm, vcpu, number, core) && check_priority(vm, vcpu, number, core);
}

/* Until `look` is not content. */
static bool each_vcpu(const struct system *system, struct core *cores,
                      bool (*look)(const struct vm *vm, uint32_t vcpu, uint32_t number,
                                   struct core *core))
{
    for (uint32_t i = 0; i < system->vms; i++) {
        const struct vm *vm = &system->vm[i];

        for (uint32_t n = 0; n < vm->cpus; n++) {
            uint32_t number = vm->affinity.number[n];

            if (!look(vm, n, number, &cores[number])) {
                return false;
            }
        }
    }
    return true;
}

/* What a core has left depends on all its vCPUs: they are counted first. */
bool schedule_check(struct system *system)
{
    struct core cores[BH_MAX_CORES] = {0};

    if (!each_vcpu(system, cores, add_vcpu) || !each_vcpu(system, cores, check_vcpu)) {
        return false;
    }
    for (uint32_t core = 0; core < BH_MAX_CORES; core++) {
        system->cores = cores[core].vcpus > 0 ? core + 1 : system->cores;
    }
    return true;
}

uint32_t schedule_vcpus(const struct system *system, uint32_t core)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < system->vms; i++) {
        for (uint32_t n = 0; n < system->vm[i].cpus; n++) {
            count += system->vm[i].affinity.number[n] == core;
        }
    }
    return count;
}
