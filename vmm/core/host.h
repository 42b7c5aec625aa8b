/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the VMM needs of its host. Nothing here is particular to one kernel; one implementation is
 * linked: host/sel4 on the board, host/fake in unit tests.
 *
 * Unless said otherwise a function that takes a vCPU is called on that vCPU's own VMM thread.
 */
#ifndef VMM_CORE_HOST_H
#define VMM_CORE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arch/vcpu.h>

struct vcpu;

/* --- exits ----------------------------------------------------------------------------------- */

enum host_exit_kind {
    HOST_EXIT_EVENT,       /* events: the VMM thread was notified; the guest did nothing */
    HOST_EXIT_MEMORY,      /* syndrome, address (guest-physical): access that nothing maps */
    HOST_EXIT_TRAP,        /* syndrome: trapped instruction; PC is still at it */
    HOST_EXIT_HYPERCALL,   /* a hypercall (HVC); PC is already behind it */
    HOST_EXIT_IRQ_RETIRED, /* list_register: the guest is done with that entry; -1 = unknown */
    HOST_EXIT_TIMER,       /* the virtual timer fired; masked until host_ack_vtimer() */
    HOST_EXIT_OTHER,       /* syndrome = host's number; the vCPU cannot go on */
};

/* Bits of host_exit.events. */
#define HOST_EVENT_TIMER   (UINT64_C(1) << 0) /* the alarm set with host_timer_arm() */
#define HOST_EVENT_CONSOLE (UINT64_C(1) << 1) /* console has input, or room again */
#define HOST_EVENT_CONTROL (UINT64_C(1) << 2) /* the manager wants something */
#define HOST_EVENT_KICK    (UINT64_C(1) << 3) /* a sibling called host_kick() */

struct host_exit {
    enum host_exit_kind kind;
    int list_register;
    uint64_t events;
    uint64_t syndrome; /* ESR_EL2 */
    uint64_t address;  /* guest-physical */
};

/*
 * Let the vCPU go on if it is stopped in an exit (with all register changes), and wait for the next
 * exit or event.
 */
void host_resume(struct vcpu *vcpu, struct host_exit *exit);

/* Keep the vCPU stopped in its exit and wait for events; returns their bits. */
uint64_t host_block(struct vcpu *vcpu);

/* --- registers of a vCPU that is stopped in an exit ------------------------------------------ */

/*
 * Values are fetched at the first use and written back by host_resume(). host_reg_expect() says up
 * to which of x0..x30 a handler is going to look, so that one fetch is enough.
 */
void host_reg_expect(struct vcpu *vcpu, unsigned x);
uint64_t host_reg_read(struct vcpu *vcpu, enum vcpu_reg reg);
void host_reg_write(struct vcpu *vcpu, enum vcpu_reg reg, uint64_t value);

/* System registers; not cached. */
uint64_t host_sysreg_read(struct vcpu *vcpu, enum vcpu_sysreg reg);
void host_sysreg_write(struct vcpu *vcpu, enum vcpu_sysreg reg, uint64_t value);

/* --- interrupts and time ---------------------------------------------------------------------- */

/* Number of list registers: indices of host_inject() are below it. */
unsigned host_list_registers(void);

/*
 * Put a pending interrupt into a list register. priority: 0 (highest)..31; group: 0 or 1. Returns
 * false if the host refused (the entry is active).
 */
bool host_inject(struct vcpu *vcpu, unsigned list_register, uint32_t intid, unsigned priority,
                 unsigned group);

/* Let the virtual timer's interrupt come again after HOST_EXIT_TIMER. */
void host_ack_vtimer(struct vcpu *vcpu);

/* The system counter now. */
uint64_t host_now(void);

/* The same, cheaper: it may be read early or late by what the processor does out of order. */
uint64_t host_stamp(void);

/* Have HOST_EVENT_TIMER delivered once host_now() reaches deadline; UINT64_MAX = not any more. */
void host_timer_arm(struct vcpu *vcpu, uint64_t deadline);

/* True if the vCPU is in an exit: what its thread does now is on its time. */
bool host_stopped(const struct vcpu *vcpu);

/* Let others that take turns with the vCPU have theirs; it is in an exit, and no locks are held. */
void host_give_turn(struct vcpu *vcpu);

/* --- control ------------------------------------------------------------------------------------
 */

/*
 * After HOST_EVENT_CONTROL, until it returns 0: ask what the manager wants. While the VM is paused
 * this does not return, and the vCPU does not run. Otherwise it returns a number of ticks by which
 * the guest's time has to be held back before it goes on. No locks may be held.
 */
uint64_t host_control(struct vcpu *vcpu);

/* --- vCPUs among each other ------------------------------------------------------------------- */

/* Have HOST_EVENT_KICK delivered to the VMM thread of vcpu. Any thread. */
void host_kick(struct vcpu *vcpu);

/*
 * Begin to run a vCPU that is off, on its own thread (secondary vCPUs wait in host_resume()
 * before). Registers are reset: PC = entry, x0 = argument, EL1h with exceptions masked, the rest 0.
 */
void host_vcpu_start(struct vcpu *vcpu, uint64_t entry, uint64_t argument);

/* Stop a vCPU that is in an exit for good (until host_vcpu_start()). */
void host_vcpu_stop(struct vcpu *vcpu);

/* --- memory ------------------------------------------------------------------------------------
 */

/* Make bytes written here visible to a guest that runs with caches and MMU off. */
void host_publish(void *bytes, size_t size);

/* --- console and fate ---------------------------------------------------------------------------
 */

/* Write to the VM's console; returns the number of bytes taken (fewer: HOST_EVENT_CONSOLE tells
 * thread 0 when there is room again). Any thread. */
size_t host_console_write(const void *bytes, size_t size);

/* Wake the other side of the console, if it sleeps, to take what was written. Any thread. */
void host_console_flush(void);

/* Read what was typed, without waiting; thread 0. */
size_t host_console_read(void *bytes, size_t size);

/* A line of the VMM itself. Any thread. */
void host_log(const char *line, size_t size);

/* End of the machine. None returns on the board. text: why, one line. Any thread. */
void host_power_off(void);
void host_reset(void);
void host_fail(const char *text);

#endif
