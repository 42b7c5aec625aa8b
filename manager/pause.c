/* SPDX-License-Identifier: BSD-2-Clause */
#include "pause.h"

#include <bulkhead/time.h>

#include "event.h"
#include "log.h"
#include "vm.h"

/* Each signal is followed by one conversation. */
static void ask(struct vm_vcpu *vcpu)
{
    if (vcpu->hold == VM_FREE) {
        vcpu->hold = VM_ASKED;
        seL4_Signal(vcpu->control);
    }
}

void pause_begin(struct vm *vm)
{
    for (unsigned n = 0; n < vm->config->cpus; n++) {
        ask(&vm->vcpu[n]);
    }
}

static bool all_held(const struct vm *vm)
{
    for (unsigned n = 0; n < vm->config->cpus; n++) {
        if (vm->vcpu[n].hold != VM_HELD) {
            return false;
        }
    }
    return true;
}

void pause_end(struct vm *vm)
{
    /* If the last one has not stopped the guest's time has not either. */
    uint64_t length = all_held(vm) ? bh_ticks() - vm->held_at : 0;

    log_line("vm %s: resumed", vm->config->name);
    for (unsigned n = 0; n < vm->config->cpus; n++) {
        struct vm_vcpu *vcpu = &vm->vcpu[n];

        vcpu->hold_back += length;
        if (vcpu->hold == VM_HELD) {
            vcpu->hold = VM_ASKED;
            log_ok("resuming a VMM thread", seL4_TCB_Resume(vm->vmm.tcb[n]));
        }
    }
}

static void hold(struct vm *vm, unsigned n)
{
    struct vm_vcpu *vcpu = &vm->vcpu[n];

    /* Refused if its VMM thread has it: the vCPU is stopped in an exit. */
    if (seL4_SchedContext_UnbindObject(vcpu->sc, vcpu->tcb) == seL4_NoError) {
        vcpu->unbound = true;
    }
    log_ok("holding a VMM thread", seL4_TCB_Suspend(vm->vmm.tcb[n]));
    vcpu->hold = VM_HELD;
}

bool pause_asked(struct vm *vm, const struct vm_host *host, uint64_t n)
{
    if (n >= vm->config->cpus || vm->vcpu[n].hold != VM_ASKED) {
        return false;
    }
    struct vm_vcpu *vcpu = &vm->vcpu[n];

    if (vm->life.state == LIFE_PAUSING) {
        hold(vm, (unsigned)n);
        if (all_held(vm)) {
            vm->held_at = bh_ticks();
            vm_event(vm, host, LIFE_HELD);
            log_line("vm %s: paused", vm->config->name);
        }
        return true;
    }
    if (vcpu->hold_back != 0) {
        event_answer(vcpu->hold_back);
        vcpu->hold_back = 0;
        return true;
    }
    vcpu->hold = VM_FREE;
    if (vcpu->unbound && !vm_bind_vcpu(vm, host, (unsigned)n)) {
        vm_event(vm, host, LIFE_FAULT);
        return true;
    }
    vcpu->unbound = false;
    event_answer(0);
    return true;
}
