/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stand-in for what is below the virtual interrupt controller: the hardware's virtual CPU
 * interfaces with their list registers, the kernel that writes them and reports maintenance events,
 * and the virtual timers. Everything the library does to it is checked against what the hardware
 * would allow.
 */
#ifndef TESTS_UNIT_VGIC_HW_H
#define TESTS_UNIT_VGIC_HW_H

#include "arch/aarch64/vgic/vgic.h"

#define SPURIOUS 1023u

enum hw_lr_state { HW_INVALID, HW_PENDING, HW_ACTIVE };

struct hw_lr {
    enum hw_lr_state state;
    bool eisr;  /* deactivated, maintenance not reported yet */
    bool stale; /* taken back by a CPU_OFF; may be overwritten until the vCPU runs */
    unsigned intid, priority, group;
};

struct hw_cpu {
    struct hw_lr lr[VGIC_MAX_LRS];
    unsigned pmr;      /* priorities below this one are signalled; 32 lets all pass */
    unsigned kicks;    /* since the last flush */
    bool ran;          /* since it went online */
    bool timer;        /* output of the virtual timer */
    bool timer_masked; /* by the kernel, until it is acknowledged */
    unsigned timer_acks;
};

struct hw {
    struct vgic vgic;
    struct hw_cpu cpu[VGIC_MAX_VCPUS];
    unsigned vcpus, lrs;
    unsigned current; /* vCPU whose thread is in the library */
    uint32_t refuse;  /* list registers whose injection is refused */
    unsigned injections;
    /* Called before an injection takes effect, and at an acknowledgement of the timer. */
    void (*on_inject)(void *arg, unsigned vcpu, unsigned lr, unsigned intid, unsigned priority,
                      unsigned group);
    void (*on_ack)(void *arg, unsigned vcpu);
    void *arg;
};

/* A VM of `vcpus` vCPUs with `lrs` list registers each, all vCPUs online. */
void hw_init(struct hw *hw, enum vgic_version version, unsigned vcpus, unsigned lrs);

/* The guest reads IAR: the most urgent pending interrupt becomes active. SPURIOUS if there is none.
 */
unsigned hw_iar(struct hw *hw, unsigned vcpu);

/* The guest deactivates an interrupt, without the maintenance exit that follows. */
void hw_deactivate(struct hw *hw, unsigned vcpu, unsigned intid);

/* Maintenance exits, if any are due, and the flush before the guest goes on. */
void hw_maintain(struct hw *hw, unsigned vcpu);

/* hw_deactivate() and hw_maintain(). */
void hw_eoi(struct hw *hw, unsigned vcpu, unsigned intid);

/* End of an exit. */
void hw_flush(struct hw *hw, unsigned vcpu);

/* The vCPU runs: a timer interrupt is reported if one is due. Returns how many were, and checks
 * that they come to an end. */
unsigned hw_run(struct hw *hw, unsigned vcpu);

/* Accesses that must succeed, followed by a flush. */
uint64_t hw_read(struct hw *hw, unsigned vcpu, uint64_t offset, unsigned width);
void hw_write(struct hw *hw, unsigned vcpu, uint64_t offset, unsigned width, uint64_t value);
uint64_t hw_gicr_read(struct hw *hw, unsigned vcpu, uint64_t offset, unsigned width);
void hw_gicr_write(struct hw *hw, unsigned vcpu, uint64_t offset, unsigned width, uint64_t value);

#endif
