/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual machine as the manager sees it: what it is made of, and its life.
 */
#ifndef MANAGER_VM_H
#define MANAGER_VM_H

#include <stdbool.h>

#include <bulkhead/stats.h>

#include "board.h"
#include "description.h"
#include "domain.h"
#include "event.h"
#include "lifecycle.h"

/* How a pause (pause.h) stands with a VMM thread. */
enum vm_hold {
    VM_FREE,  /* it serves its vCPU */
    VM_ASKED, /* it is going to call */
    VM_HELD,  /* suspended in its call, the vCPU stopped */
};

/* What belongs to one vCPU; capabilities in the VM's realm. */
struct vm_vcpu {
    unsigned core;
    unsigned timer_client; /* number at the core's timer */
    seL4_CPtr tcb;
    seL4_CPtr sc;           /* the vCPU's; VMM work runs on it too */
    seL4_CPtr event_sc;     /* for events that reach the VMM thread while the guest runs */
    seL4_CPtr notification; /* of the VMM thread */
    seL4_CPtr control;      /* the same, with badge BH_VMM_EVENT_CONTROL */
    enum vm_hold hold;
    bool unbound;       /* its tcb has lost sc for a pause */
    uint64_t hold_back; /* ticks that are to be taken from its guest's time */
    uint64_t used_us;   /* processor time, as far as the kernel was asked for it */
};

struct vm {
    const struct vm_config *config;
    unsigned index;
    struct life life;
    struct realm realm;
    struct realm load; /* windows on kernel and initrd; gone once the VM is ready */
    bool loading;      /* load exists */
    struct domain vmm;
    seL4_CPtr guest;              /* guest-physical address space */
    unsigned ready;               /* VMM threads that are */
    uint64_t held_at;             /* when the last vCPU was stopped for a pause */
    uint64_t asked_at;            /* when used_us was brought up to date */
    const struct bh_stats *stats; /* what the VMM counts; NULL = it does not exist */
    seL4_CPtr stats_frame;        /* the page with it */
    struct vm_vcpu vcpu[BH_MAX_VCPUS];
};

/* What building needs to know about the machine. */
struct vm_host {
    const seL4_BootInfo *info;
    const struct board *board;
    seL4_CPtr gicv; /* frame of GICv2's virtual CPU interface; 0 on GICv3 */
    seL4_CPtr gicv_high;
    struct bh_start_clock clock;
};

/* --- vm_build.c: making one ----------------------------------------------------------------- */

/* Build everything and start VMM thread 0. On false the caller destroys it. */
bool vm_build(struct vm *vm, const struct vm_host *host);
/* VMM thread vm->ready waits for its vCPU: start the next one, or give the files back. */
bool vm_thread_ready(struct vm *vm, const struct vm_host *host);
/* Give a vCPU back the scheduling context that was unbound from it. */
bool vm_bind_vcpu(struct vm *vm, const struct vm_host *host, unsigned n);
/* Give back all memory. */
void vm_destroy(struct vm *vm);

/* --- vm_memory.c ----------------------------------------------------------------------------- */

/* Guest RAM, mapped in the guest and its VMM, and windows, mapped in the guest. */
bool vm_add_ram(struct vm *vm);
/* Windows on the guest's files, from the realm vm->load. */
bool vm_add_files(struct vm *vm);
/* Capability slots (log2) that the VM's realm needs. */
unsigned vm_realm_bits(const struct vm_config *config);

/* --- vm.c: its life -------------------------------------------------------------------------- */

void vm_init(struct vm *vm, unsigned index, const struct vm_config *config, uint64_t tick_hz);
void vm_event(struct vm *vm, const struct vm_host *host, enum life_event event);
/* The signal that a VMM thread is ready. */
void vm_ready(struct vm *vm, const struct vm_host *host);
/* A call of its VMM, or a fault in it. */
void vm_message(struct vm *vm, const struct vm_host *host, const struct event *event);

#endif
