/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/turn.h"

#include "core/host.h"

/* In eighths of a turn: when it is ended here, and from when on others have had theirs. */
#define END  7u
#define LATE 12u

static uint64_t eighths(const struct vcpu *vcpu, unsigned count)
{
    return vcpu->turn_ticks / 8 * count;
}

static void begin(struct vcpu *vcpu, uint64_t now)
{
    vcpu->turn_end = now + eighths(vcpu, END);
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
 * Who is much too late was asleep when the turn was over, or in the guest: then it was the kernel
 * that ended it, and others have had the core since. To be too late by less proves nothing: the
 * kernel may have tried to while the thread ran. A guest that knows when the kernel will, and exits
 * at the right moments only, has three turns in a row that way, and no more.
 */
bool turn_over(struct vcpu *vcpu, uint64_t now)
{
    if (!host_stopped(vcpu)) {
        return false; /* an event: the vCPU's turn goes on, and this is not on its time */
    }
    bool late = now - vcpu->turn_end >= eighths(vcpu, LATE - END);
    if (!late) {
        host_give_turn(vcpu);
    }
    begin(vcpu, host_now());
    return !late;
}
