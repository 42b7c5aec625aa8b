/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include <bulkhead/keel.h>
#include <bulkhead/schedule.h>
#include <bulkhead/time.h>

#include "log.h"
#include "servers.h"
#include "vm.h"
#include "window.h"

#define GUEST_GICC       UINT64_C(0x08010000)
#define SC_BITS          8u
#define SC_EXTRA         8u /* (2^SC_BITS - 128) / 16 */
#define GUEST_CNODE_BITS 1u
#define FAULT_RIGHTS     seL4_CapRights_new(1, 0, 0, 1)

static bool configure_sc(const struct vm_host *host, seL4_CPtr sc, unsigned core, uint64_t budget,
                         uint64_t period)
{
    return log_ok("configuring a scheduling context",
                  seL4_SchedControl_ConfigureFlags(host->info->schedcontrol.start + core, sc,
                                                   budget, period, SC_EXTRA, 0,
                                                   seL4_SchedContext_NoFlag));
}

/* --- vCPUs ---------------------------------------------------------------------------------- */

/* The guest's thread: no IPC buffer and a capability space with nothing in it, for an HVC is a
 * system call. */
static seL4_CPtr make_vcpu_thread(struct vm *vm, unsigned n, seL4_CPtr empty, seL4_CPtr fault_ep)
{
    struct vm_vcpu *vcpu = &vm->vcpu[n];
    seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - GUEST_CNODE_BITS).words[0];
    seL4_CPtr object = realm_simple(&vm->realm, seL4_ARM_VCPUObject);

    vcpu->tcb = realm_simple(&vm->realm, seL4_TCBObject);
    if (object == 0 || vcpu->tcb == 0 ||
        !log_ok("configuring a vCPU",
                seL4_TCB_Configure(vcpu->tcb, empty, guard, vm->guest, 0, 0, seL4_CapNull)) ||
        !log_ok("scheduling a vCPU",
                seL4_TCB_SetSchedParams(vcpu->tcb, seL4_CapInitThreadTCB, 0,
                                        vm->config->priority[n], vcpu->sc, fault_ep)) ||
        !log_ok("binding a VCPU", seL4_ARM_VCPU_SetTCB(object, vcpu->tcb))) {
        return 0;
    }
    return object;
}

/* keel's extension 1; seL4 ignores the flag. */
static bool want_fault_registers(const struct vm *vm)
{
    for (unsigned n = 0; n < vm->config->cpus; n++) {
        seL4_TCB_SetFlags_t result = seL4_TCB_SetFlags(vm->vcpu[n].tcb, 0, KEEL_TCB_FAULT_REGS);

        if (result.error != seL4_NoError || !(result.flags & KEEL_TCB_FAULT_REGS)) {
            return false;
        }
    }
    return true;
}

static bool give_vcpu(struct vm *vm, unsigned n, seL4_CPtr object, seL4_CPtr endpoint)
{
    struct vm_vcpu *vcpu = &vm->vcpu[n];
    struct domain *vmm = &vm->vmm;
    unsigned base = BH_VMM_SLOT_VCPU_BASE + n * BH_VMM_VCPU_STRIDE;
    seL4_CPtr reply = realm_simple(&vm->realm, seL4_ReplyObject);

    return reply != 0 && domain_give(vmm, base + BH_VCPU_TCB, vcpu->tcb, seL4_AllRights, 0) &&
           domain_give(vmm, base + BH_VCPU_VCPU, object, seL4_AllRights, 0) &&
           domain_give(vmm, base + BH_VCPU_EP, endpoint, seL4_CanRead, 0) &&
           domain_give(vmm, base + BH_VCPU_REPLY, reply, seL4_AllRights, 0) &&
           domain_give(vmm, base + BH_VCPU_NTFN, vcpu->notification, seL4_CanRead, 0) &&
           domain_give(vmm, base + BH_VCPU_KICK, vcpu->notification, seL4_CanWrite,
                       BH_VMM_EVENT_KICK) &&
           domain_give(vmm, base + BH_VCPU_READY, event_notification(), seL4_CanWrite,
                       UINT64_C(1) << vm->index) &&
           domain_give(vmm, base + BH_VCPU_THREAD_TCB, vmm->tcb[n], seL4_AllRights, 0) &&
           servers_connect_timer(vcpu->core, vcpu->timer_client, vmm, base + BH_VCPU_TIMER_EP,
                                 vcpu->notification);
}

/*
 * VMM thread n runs on its event context while it starts up. The context belongs to the thread's
 * notification from the beginning: the kernel takes it from the thread whenever that blocks, and
 * gives it back with a signal, so that the thread is passive from its first wait on. To unbind the
 * context when the thread says that it is ready would take it from under a thread that a signal has
 * just woken, for ever.
 */
static bool make_passive(struct vm *vm, unsigned n)
{
    const struct vm_vcpu *vcpu = &vm->vcpu[n];

    return log_ok("binding a notification",
                  seL4_TCB_BindNotification(vm->vmm.tcb[n], vcpu->notification)) &&
           log_ok("making a VMM thread passive",
                  seL4_SchedContext_Bind(vcpu->event_sc, vcpu->notification));
}

/* vCPU n, its VMM thread, and what the two share. */
static bool add_vcpu(struct vm *vm, const struct vm_host *host, unsigned n, seL4_CPtr empty)
{
    const struct vm_config *config = vm->config;
    struct vm_vcpu *vcpu = &vm->vcpu[n];
    struct realm *realm = &vm->realm;
    seL4_CPtr endpoint = realm_simple(realm, seL4_EndpointObject);

    vcpu->notification = realm_simple(realm, seL4_NotificationObject);
    vcpu->control =
        cspace_copy(&realm->node, vcpu->notification, seL4_CanWrite, BH_VMM_EVENT_CONTROL);
    vcpu->hold = VM_FREE;
    vcpu->unbound = false;
    vcpu->hold_back = 0;
    vcpu->used_us = 0;
    vcpu->sc = realm_object(realm, seL4_SchedContextObject, SC_BITS, SC_BITS);
    vcpu->event_sc = realm_object(realm, seL4_SchedContextObject, SC_BITS, SC_BITS);
    if (endpoint == 0 || vcpu->notification == 0 || vcpu->control == 0 || vcpu->sc == 0 ||
        vcpu->event_sc == 0 ||
        !configure_sc(host, vcpu->sc, vcpu->core, config->budget_us[n], config->period_us[n]) ||
        !configure_sc(host, vcpu->event_sc, vcpu->core, config->budget_us[n],
                      config->period_us[n])) {
        return false;
    }
    seL4_CPtr guest_faults = cspace_copy(&realm->node, endpoint, FAULT_RIGHTS, BH_VMM_FAULT_BADGE);
    seL4_CPtr object = guest_faults ? make_vcpu_thread(vm, n, empty, guest_faults) : 0;
    unsigned priority = description_vmm_priority(config, n);
    bool limited = description_limited(config, n);
    vm->vmm.start.vmm.turn[n] = (struct bh_start_turn){
        .us = limited ? 0 : config->period_us[n],
        .priority = config->priority[n],
        .vmm_priority = priority,
    };
    struct domain_thread thread = {
        .priority = priority,
        .mcp = limited ? 0 : priority,
        .sc = vcpu->event_sc,
        .fault_ep = cspace_copy(&realm->node, event_endpoint(), FAULT_RIGHTS,
                                event_badge(EVENT_FAULT, vm->index, n)),
    };

    return object != 0 && thread.fault_ep != 0 && domain_thread(&vm->vmm, &thread) &&
           make_passive(vm, n) && give_vcpu(vm, n, object, endpoint);
}

static bool add_vcpus(struct vm *vm, const struct vm_host *host)
{
    seL4_CPtr empty = realm_cnode(&vm->realm, GUEST_CNODE_BITS);

    for (unsigned n = 0; empty != 0 && n < vm->config->cpus; n++) {
        if (!add_vcpu(vm, host, n, empty)) {
            return false;
        }
    }
    if (empty != 0 && want_fault_registers(vm)) {
        vm->vmm.start.features |= BH_FEATURE_FAULT_REGS;
    }
    return empty != 0;
}

/* --- the whole ------------------------------------------------------------------------------ */

/* GICv2: the guest's CPU interface is the hardware's virtual one (two pages, IHI 0048, 5.1). */
static bool add_gic(struct vm *vm, const struct vm_host *host)
{
    const seL4_CPtr page[2] = {host->gicv, host->gicv_high};

    for (unsigned i = 0; i < 2 && host->board->gic_version == 2; i++) {
        seL4_CPtr copy = cspace_copy(&vm->realm.node, page[i], seL4_ReadWrite, 0);

        if (copy == 0 ||
            !realm_map(&vm->realm, vm->guest, copy, GUEST_GICC + ((uint64_t)i << seL4_PageBits),
                       seL4_ReadWrite, seL4_ARM_ExecuteNever)) {
            return false;
        }
    }
    return true;
}

/* The page on which the VMM counts; we only read. */
static bool add_stats(struct vm *vm)
{
    seL4_CPtr frame = realm_simple(&vm->realm, seL4_ARM_SmallPageObject);

    vm->vmm.start.vmm.stats = (struct bh_start_window){DOMAIN_STATS, UINT64_C(1) << seL4_PageBits};
    if (frame == 0 || !realm_map(&vm->realm, vm->vmm.vspace, frame, DOMAIN_STATS, seL4_ReadWrite,
                                 seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)) {
        return false;
    }
    vm->stats_frame = frame;
    vm->stats = memory_show(&vm->realm, frame, vm->index);
    return vm->stats != NULL;
}

static bool build_domain(struct vm *vm, const struct vm_host *host)
{
    struct domain *vmm = &vm->vmm;

    if (!domain_create(vmm, &vm->realm, BH_PROGRAM_VMM, "vmm", BH_CNODE_BITS)) {
        return false;
    }
    servers_fill_start(&vmm->start, host->board, vm->config->name);
    vmm->start.vmm.vcpus = vm->config->cpus;
    vmm->start.vmm.clock = host->clock;
    snprintf(vmm->start.vmm.bootargs, sizeof(vmm->start.vmm.bootargs), "%s", vm->config->bootargs);
    vm->guest = realm_vspace(&vm->realm);
    return vm->guest != 0 &&
           domain_give(vmm, BH_VMM_SLOT_MANAGER_EP, event_endpoint(), FAULT_RIGHTS,
                       event_badge(EVENT_CALL, vm->index, 0)) &&
           add_vcpus(vm, host) && add_gic(vm, host) && add_stats(vm) &&
           servers_connect_console(vm->index, vmm, vm->vcpu[0].notification);
}

bool vm_build(struct vm *vm, const struct vm_host *host)
{
    vm->ready = 0;
    vm->loading = false;
    vm->guest = 0;
    vm->vmm.vspace = 0;
    vm->vmm.threads = 0;
    vm->stats = NULL;
    vm->asked_at = bh_ticks();
    if (!realm_create(&vm->realm, vm_realm_bits(vm->config))) {
        return false;
    }
    if (!build_domain(vm, host)) {
        return false;
    }
    return vm_add_ram(vm) && vm_add_files(vm) && domain_seal(&vm->vmm) && domain_run(&vm->vmm, 0);
}

bool vm_bind_vcpu(struct vm *vm, const struct vm_host *host, unsigned n)
{
    const struct vm_config *config = vm->config;
    struct vm_vcpu *vcpu = &vm->vcpu[n];

    if (seL4_SchedContext_Bind(vcpu->sc, vcpu->tcb) == seL4_NoError) {
        return true;
    }
    /* The kernel refuses it if the vCPU waits for its VMM thread to take a fault, and its budget is
     * used up. Configured anew it begins with a whole one. */
    return configure_sc(host, vcpu->sc, vcpu->core, config->budget_us[n], config->period_us[n]) &&
           log_ok("resuming a vCPU", seL4_SchedContext_Bind(vcpu->sc, vcpu->tcb));
}

static void drop_files(struct vm *vm)
{
    realm_drop_tables(&vm->load);
    realm_destroy(&vm->load);
    vm->loading = false;
}

bool vm_thread_ready(struct vm *vm, const struct vm_host *host)
{
    unsigned n = vm->ready++;
    struct vm_vcpu *vcpu = &vm->vcpu[n];
    uint32_t period = vm->config->period_us[n];
    uint32_t budget = bh_event_budget_us(vm->config->budget_us[n], period);
    unsigned slot = BH_VMM_SLOT_VCPU_BASE + n * BH_VMM_VCPU_STRIDE + BH_VCPU_READY;

    /* It says so once, and cannot keep us busy with it afterwards. */
    domain_take(&vm->vmm, slot);
    if (!configure_sc(host, vcpu->event_sc, vcpu->core, budget, period)) {
        return false;
    }
    if (vm->ready < vm->config->cpus) {
        return domain_run(&vm->vmm, vm->ready);
    }
    drop_files(vm);
    return true;
}

/* Threads on other cores must not run on an address space that is being destroyed. */
static void stop_threads(struct vm *vm)
{
    for (unsigned n = 0; n < vm->vmm.threads; n++) {
        log_ok("stopping a VMM thread", seL4_TCB_Suspend(vm->vmm.tcb[n]));
        log_ok("stopping a vCPU", seL4_TCB_Suspend(vm->vcpu[n].tcb));
    }
    vm->vmm.threads = 0;
}

void vm_destroy(struct vm *vm)
{
    stop_threads(vm);
    vm->stats = NULL;
    servers_disconnect_console(vm->index);
    window_close_all();
    realm_drop_vspace(&vm->realm, vm->guest);
    realm_drop_vspace(&vm->realm, vm->vmm.vspace);
    vm->guest = 0;
    vm->vmm.vspace = 0;
    if (vm->loading) {
        drop_files(vm);
    }
    realm_destroy(&vm->realm);
    event_forget(UINT64_C(1) << vm->index);
}
