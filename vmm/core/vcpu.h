/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual processor.
 *
 * Each vCPU belongs to one VMM thread; only that thread touches the fields below, except where a
 * comment says otherwise.
 */
#ifndef VMM_CORE_VCPU_H
#define VMM_CORE_VCPU_H

#include <stdbool.h>
#include <stdint.h>

#include <arch/vcpu.h>

struct bh_stats_vcpu;
struct host_vcpu;
struct region;
struct vm;

/* Power state by PSCI; any VMM thread may compare-and-swap it. */
enum vcpu_power {
    VCPU_OFF,
    VCPU_CLAIMED,  /* a CPU_ON is filling in the arguments */
    VCPU_STARTING, /* CPU_ON accepted, not yet entered */
    VCPU_ON,
};

struct vcpu {
    struct vm *vm;
    struct host_vcpu *host;     /* the host's part */
    struct region *last_region; /* cache of the region bus */
    unsigned index;
    uint32_t power;       /* enum vcpu_power, atomic */
    uint32_t busy;        /* atomic: the VMM thread will look at the interrupt controller before it
                             resumes the guest, so that it needs no kick */
    uint32_t alarm_set;   /* atomic: the VM's alarm may be earlier than what is armed */
    uint64_t start_entry; /* arguments of CPU_ON; valid while power == VCPU_STARTING */
    uint64_t start_argument;
    uint64_t armed; /* earliest deadline given to host_timer_arm(); UINT64_MAX = none */
    struct vcpu_arch arch;
    struct bh_stats_vcpu *stats; /* counters, on a page that others read */
    uint64_t turn_end;           /* stamp from which on it may have to end its turn (turn.h) */
    uint64_t turn_ticks;         /* length of its turns */
    uint32_t arrival;            /* of the exit that is being dealt with: low half of a stamp */
};

#endif
