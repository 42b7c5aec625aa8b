/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/turn.h"

#include "core/host.h"

#define MARGIN 8u /* the last part of a turn in which it is ended here */

static void begin(struct vcpu *vcpu, uint64_t now)
{
    vcpu->turn_end = now + vcpu->turn_ticks - vcpu->turn_ticks / MARGIN;
}

void turn_init(struct vcpu *vcpu, uint64_t ticks)
{
    vcpu->turn_ticks = ticks;
    vcpu->turn_end = UINT64_MAX;
    if (ticks != 0) {
        begin(vcpu, host_now());
    }
}

/*
 * Who is much too late was in the guest, or asleep, when the turn was over, and it was the kernel
 * that ended it. It may be in the midst of the next one: a guest that makes use of that has two
 * turns in a row, and no more.
 */
bool turn_over(struct vcpu *vcpu, uint64_t now)
{
    if (!host_stopped(vcpu)) {
        return false; /* an event: the vCPU's turn goes on, and this is not on its time */
    }
    bool late = now - vcpu->turn_end >= vcpu->turn_ticks / MARGIN;
    if (!late) {
        host_give_turn(vcpu);
    }
    begin(vcpu, host_now());
    return !late;
}
