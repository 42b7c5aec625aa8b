/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The probe: a root task that exercises the kernel's API from user level and prints every answer in
 * a form that does not depend on where things lie. Its output on the reference kernel is in
 * expected.txt; every kernel that Bulkhead runs on is held against it.
 */
#ifndef PROBE_H
#define PROBE_H

#include "roottask.h"

#define PROBE_IPC_BUFFER 0x5f0000ul /* of the child thread */
#define PROBE_UNMAPPED   0x500ul    /* an address and a slot that hold nothing */
#define PROBE_STACK_TOP  0x5e0000ul /* only a value for sp: the child programs use no stack */

struct probe {
    const seL4_BootInfo *bootinfo;
    seL4_CPtr untyped;
    seL4_CPtr next_slot;

    /* Objects the sections share. */
    seL4_CPtr cnode; /* 16 slots */
    seL4_CPtr endpoint;
    seL4_CPtr notification;
    seL4_CPtr fault_endpoint;
    seL4_CPtr reply;       /* for faults of the child */
    seL4_CPtr child_reply; /* for the child's own use, and for its calls */
    seL4_CPtr tcb;
    seL4_CPtr sc;
    seL4_CPtr buffer_frame;
    seL4_CPtr vcpu;
    seL4_CPtr scratch; /* first of 16 empty slots */

    /* What the next child starts with. */
    seL4_Word spsr;
    seL4_Word x[9];
};

/* An answer or a fault. */
struct probe_message {
    seL4_Word label;
    seL4_Word length;
    seL4_Word badge;
    seL4_Word mr[40];
};

/* --- invoke.c ------------------------------------------------------------------------------- */

/* Makes one object in a fresh slot; stops the probe if that fails. */
seL4_CPtr probe_object(struct probe *p, seL4_Word type, seL4_Word size_bits);

struct probe_call {
    const char *name;
    seL4_CPtr cap;
    seL4_Word label;
    unsigned words;
    seL4_Word mr[8];
    unsigned caps;
    seL4_CPtr cap_list[3];
};

/* Calls and prints error and result words. */
void probe_call(const struct probe_call *call);

#define WORDS(...) .words = sizeof((seL4_Word[]){__VA_ARGS__}) / 8, .mr = {__VA_ARGS__}
#define CAPS(...)  .caps = sizeof((seL4_CPtr[]){__VA_ARGS__}) / 8, .cap_list = {__VA_ARGS__}
#define CALL(title, invoked, number, ...)                                                          \
    probe_call(&(const struct probe_call){                                                         \
        .name = (title), .cap = (invoked), .label = (number), ##__VA_ARGS__})

/* --- child.c -------------------------------------------------------------------------------- */

typedef void (*probe_program)(void);

/* Starts the child at `program` with p->spsr and p->x. */
void probe_start(struct probe *p, probe_program program);

/* Waits for the child's next fault and prints it, PC relative to `program`. */
void probe_fault(struct probe *p, const char *name, probe_program program);

/* Both. */
void probe_run(struct probe *p, const char *name, probe_program program);

/* Answers the last fault with label and two words, then waits for the next. */
void probe_resume(struct probe *p, const char *name, probe_program program, seL4_Word label,
                  seL4_Word length, seL4_Word mr0, seL4_Word mr1);

/* Starts the child at a system call: number, capability, info, reply register, x8. */
void probe_syscall_start(struct probe *p, seL4_Word number, seL4_Word cap, seL4_Word info,
                         seL4_Word reply, seL4_Word x8);
void probe_syscall(struct probe *p, const char *name, seL4_Word number, seL4_Word cap,
                   seL4_Word info, seL4_Word reply, seL4_Word x8);

/* --- sections ------------------------------------------------------------------------------- */

void probe_bootinfo(struct probe *p);
void probe_untyped(struct probe *p);
void probe_cnode(struct probe *p);
void probe_tcb(struct probe *p);
void probe_sched(struct probe *p);
void probe_irq(struct probe *p);
void probe_vspace(struct probe *p);
void probe_misc(struct probe *p);
void probe_native(struct probe *p);
void probe_replies(struct probe *p);
void probe_cap_faults(struct probe *p);
void probe_ipc(struct probe *p);
void probe_donation(struct probe *p);
void probe_timeout(struct probe *p);
void probe_vcpu(struct probe *p);
void probe_guest(struct probe *p);
void probe_cores(struct probe *p);

#endif
