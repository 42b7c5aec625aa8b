/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual processor and its exit counters.
 *
 * Each vCPU belongs to one VMM thread; only that thread touches the fields below, except where a
 * comment says otherwise.
 */
#ifndef VMM_CORE_VCPU_H
#define VMM_CORE_VCPU_H

#include <stdbool.h>
#include <stdint.h>

#include <arch/vcpu.h>

struct host_vcpu;
struct region;
struct vm;

/* Why the guest stopped, for the counters. */
enum exit_reason {
    EXIT_MMIO,        /* answered by a device */
    EXIT_MMIO_DECODE, /* of these: the instruction had to be decoded */
    EXIT_ABORT,       /* nothing answered: the guest got an abort */
    EXIT_HYPERCALL,   /* SMC or HVC */
    EXIT_IDLE,        /* WFI or WFE */
    EXIT_SYSREG,      /* trapped system register */
    EXIT_UNDEFINED,   /* the guest got an undefined-instruction exception */
    EXIT_IRQ_RETIRED, /* end of an injected interrupt */
    EXIT_TIMER,       /* the virtual timer fired */
    EXIT_EVENT,       /* not a guest's doing: notification to the VMM thread */
    EXIT_OTHER,
    EXIT_REASONS,
};

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
    uint64_t exits[EXIT_REASONS];
};

#endif
