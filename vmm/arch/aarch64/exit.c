/* SPDX-License-Identifier: BSD-2-Clause */
#include "arch/aarch64/exit.h"

#include "arch/aarch64/esr.h"
#include "arch/aarch64/inject.h"
#include "arch/aarch64/vgic/vgic.h"
#include "arch/aarch64/vtimer.h"
#include "core/compiler.h"
#include "core/device.h"
#include "core/host.h"
#include "core/turn.h"
#include "core/vm.h"

/* ISS of a trapped WFI, WFE, or their forms with a time-out (Arm ARM D17.2.37, "EC 0x01"). */
#define WFX_TI(iss) ((unsigned)(iss)&3)
#define WFX_RV      UINT64_C(4) /* RN is valid */
#define WFX_RN(iss) ((unsigned)((iss) >> 5) & 31)
#define WFX_TI_WFI  0u
#define WFX_TI_WFIT 2u

/*
 * From here on a sibling that changes this vCPU's interrupts must kick it; what it changed before
 * is seen by whoever looks at the controller next. Pairs with gic_kick().
 */
static void give_up_busy(struct vcpu *vcpu)
{
    __atomic_store_n(&vcpu->busy, 0, __ATOMIC_SEQ_CST);
}

static void become_busy(struct vcpu *vcpu)
{
    __atomic_store_n(&vcpu->busy, 1, __ATOMIC_SEQ_CST);
}

/* Does not return while the VM is paused. Then the guest's time goes on where it stopped. */
static COLD void obey_manager(struct vcpu *vcpu)
{
    uint64_t held;
    while ((held = host_control(vcpu)) != 0) {
        vtimer_hold_back(vcpu, held);
    }
    stats_arrived(vcpu);
}

void exit_events(struct vcpu *vcpu, uint64_t events)
{
    vcpu->stats->exits[BH_EXIT_EVENT]++;
    if ((events & HOST_EVENT_TIMER) != 0) {
        vcpu->armed = UINT64_MAX;
        __atomic_store_n(&vcpu->alarm_set, 1, __ATOMIC_SEQ_CST);
    }
    if ((events & HOST_EVENT_CONTROL) != 0) {
        obey_manager(vcpu);
    }
    if (vcpu->index != 0) {
        return;
    }
    /* Devices set their alarm anew if they still want one. */
    if (__atomic_load_n(&vcpu->vm->alarm, __ATOMIC_RELAXED) <= host_now()) {
        __atomic_store_n(&vcpu->vm->alarm, UINT64_MAX, __ATOMIC_SEQ_CST);
        events |= HOST_EVENT_TIMER;
    }
    if ((events & (HOST_EVENT_CONSOLE | HOST_EVENT_TIMER)) != 0) {
        vm_device_events(vcpu->vm, events);
    }
}

/* Thread 0 keeps the devices' time. */
static void arm_devices(struct vcpu *vcpu)
{
    if (vcpu->index == 0) {
        __atomic_store_n(&vcpu->alarm_set, 0, __ATOMIC_SEQ_CST);
        vcpu_arm(vcpu, __atomic_load_n(&vcpu->vm->alarm, __ATOMIC_SEQ_CST));
    }
}

/* Returns true if the guest's time may have been held back meanwhile. */
static bool block(struct vcpu *vcpu)
{
    stats_answered(vcpu, host_stamp());
    uint64_t events = host_block(vcpu);
    become_busy(vcpu);
    stats_arrived(vcpu);
    exit_events(vcpu, events);
    return (events & HOST_EVENT_CONTROL) != 0;
}

void exit_idle(struct vcpu *vcpu, uint64_t until)
{
    struct vgic *vgic = vcpu->vm->arch.vgic;
    if (__atomic_load_n(&vcpu->vm->put_off, __ATOMIC_RELAXED) != 0) {
        __atomic_store_n(&vcpu->vm->put_off, 0, __ATOMIC_RELAXED);
        vm_device_events(vcpu->vm, DEVICE_EVENT_IDLE);
    }
    /* While the vCPU is stopped its timer's hardware does not tell: look, once, as nobody can
     * program it meanwhile, but for a pause that puts it off. */
    uint64_t deadline = vtimer_deadline(vcpu);
    uint64_t limit = vtimer_reaches(vcpu, until);
    for (;;) {
        uint64_t now = host_now();
        if (limit <= now) {
            return;
        }
        if (deadline <= now) {
            vgic_set_level(vgic, vcpu->index, VGIC_PPI_VTIMER, true);
        } else if (deadline != UINT64_MAX) {
            vcpu_arm(vcpu, deadline);
        }
        if (limit != UINT64_MAX) {
            vcpu_arm(vcpu, limit);
        }

        give_up_busy(vcpu);
        arm_devices(vcpu);
        if (vgic_deliverable(vgic, vcpu->index)) {
            become_busy(vcpu);
            return;
        }
        if (block(vcpu)) {
            deadline = vtimer_deadline(vcpu);
            limit = vtimer_reaches(vcpu, until);
        }
    }
}

void exit_wait_for_start(struct vcpu *vcpu)
{
    for (;;) {
        give_up_busy(vcpu);
        arm_devices(vcpu);
        if (__atomic_load_n(&vcpu->power, __ATOMIC_SEQ_CST) == VCPU_STARTING) {
            break;
        }
        block(vcpu);
    }
    become_busy(vcpu);
    vtimer_reset(vcpu);
    host_vcpu_start(vcpu, vcpu->start_entry, vcpu->start_argument);
    vgic_vcpu_online(vcpu->vm->arch.vgic, vcpu->index, true);
    __atomic_store_n(&vcpu->power, VCPU_ON, __ATOMIC_RELEASE);
}

/* WFIT Xt: until the virtual counter reaches Xt. */
static COLD void wait_with_timeout(struct vcpu *vcpu, uint64_t syndrome)
{
    unsigned rn = WFX_RN(syndrome);
    if ((syndrome & WFX_RV) == 0) {
        return; /* it may end at any time */
    }
    exit_idle(vcpu, exit_register(vcpu, rn));
}

static void wait_for_interrupt(struct vcpu *vcpu, uint64_t syndrome)
{
    vcpu->stats->exits[BH_EXIT_IDLE]++;
    exit_skip(vcpu, syndrome);
    if (likely(WFX_TI(syndrome) == WFX_TI_WFI)) {
        exit_idle(vcpu, UINT64_MAX);
    } else if (WFX_TI(syndrome) == WFX_TI_WFIT) {
        wait_with_timeout(vcpu, syndrome);
    }
    /* What WFE waits for may come from a sibling's SEV, which nobody sees: do not block. */
}

static void trap(struct vcpu *vcpu, uint64_t syndrome)
{
    switch (esr_class(syndrome)) {
    case ESR_EC_WFX:
        wait_for_interrupt(vcpu, syndrome);
        return;
    case ESR_EC_SMC64:
        host_reg_expect(vcpu, 0);
        exit_skip(vcpu, syndrome);
        exit_hypercall(vcpu);
        return;
    case ESR_EC_SYSREG:
        exit_sysreg(vcpu, syndrome);
        return;
    default:
        inject_not_provided(vcpu, syndrome, "trapped instruction");
        return;
    }
}

void exit_handle(struct vcpu *vcpu, const struct host_exit *exit)
{
    if (likely(exit->kind == HOST_EXIT_MEMORY)) {
        exit_memory(vcpu, exit->syndrome, exit->address);
        return;
    }
    switch (exit->kind) {
    case HOST_EXIT_MEMORY:
        return;
    case HOST_EXIT_TRAP:
        trap(vcpu, exit->syndrome);
        return;
    case HOST_EXIT_HYPERCALL:
        exit_hypercall(vcpu);
        return;
    case HOST_EXIT_EVENT:
        exit_events(vcpu, exit->events);
        return;
    case HOST_EXIT_IRQ_RETIRED:
        vcpu->stats->exits[BH_EXIT_IRQ_RETIRED]++;
        vgic_maintenance(vcpu->vm->arch.vgic, vcpu->index, (uint64_t)exit->list_register);
        return;
    case HOST_EXIT_TIMER:
        vcpu->stats->exits[BH_EXIT_TIMER]++;
        vtimer_fired(vcpu);
        return;
    case HOST_EXIT_OTHER:
        vcpu->stats->exits[BH_EXIT_OTHER]++;
        host_fail("a vCPU stopped for a reason that no guest can cause");
        return;
    }
}

void vcpu_run(struct vcpu *vcpu)
{
    struct host_exit exit;
    give_up_busy(vcpu);
    if (__atomic_load_n(&vcpu->alarm_set, __ATOMIC_SEQ_CST) != 0) {
        arm_devices(vcpu);
    }
    if (__atomic_load_n(vcpu->arch.irq_pending, __ATOMIC_SEQ_CST)) {
        vgic_flush(vcpu->vm->arch.vgic, vcpu->index);
    }
    uint64_t now = host_stamp();
    if (unlikely(now >= vcpu->turn_end) && turn_over(vcpu, now)) {
        stats_arrived(vcpu);
        return; /* there may be news */
    }
    stats_answered(vcpu, now);
    host_resume(vcpu, &exit);
    stats_arrived(vcpu);
    become_busy(vcpu);
    exit_handle(vcpu, &exit);
}
