/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What test programs that take the manager's place share: the serial port, memory, threads, a way
 * to end. They run on keel and on seL4 alike.
 */
#ifndef ROOTTASK_H
#define ROOTTASK_H

#include <bulkhead/crt.h>
#include <bulkhead/sel4.h>
#include <stdbool.h>

#define ROOT_CNODE  seL4_CapInitThreadCNode
#define ROOT_TCB    seL4_CapInitThreadTCB
#define ROOT_VSPACE seL4_CapInitThreadVSpace
#define SPSR_EL1H   0x3c5 /* a guest at EL1, interrupts masked */

struct root {
    const seL4_BootInfo *bootinfo;
    const char *name;  /* of the test, before its verdict */
    seL4_CPtr untyped; /* RAM that root_object uses, 2^24 bytes or more */
    seL4_CPtr memory;  /* another, for the test's own use */
    unsigned memory_bits;
    seL4_CPtr next_slot;
};

extern struct root root;

/* Finds memory and the PL011; from then on root_print works. */
void root_init(const seL4_BootInfo *bootinfo, const char *name);

void root_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "NAME: FAIL: ..." and turns the machine off. */
_Noreturn void root_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void root_power_off(void);

/* Fails the test unless the kernel said NoError. */
void root_check(seL4_Error error, const char *what);

/* One object in a fresh slot. */
seL4_CPtr root_object(seL4_Word type, seL4_Word size_bits);

/* n fresh slots. */
seL4_CPtr root_slots(unsigned n);

/* The frame of the program's own image that holds this address. */
seL4_CPtr root_frame(const void *address);

#define ROOT_BUFFER_SIZE 1024
#define ROOT_STACK_SIZE  2048

/* What a native thread of the program needs besides objects: its block, IPC buffer and stack. */
struct root_stack {
    char buffer[ROOT_BUFFER_SIZE] __attribute__((aligned(ROOT_BUFFER_SIZE)));
    char stack[ROOT_STACK_SIZE];
    struct bh_thread block;
};

struct root_thread {
    seL4_CPtr tcb;
    seL4_CPtr sc;       /* configured; 0: passive */
    seL4_CPtr fault_ep; /* or 0 */
    unsigned priority;
    void (*entry)(void *arg);
    void *arg;
    struct root_stack *stack;
};

/* Configures a TCB as a native thread and writes its registers; `resume` starts it. */
void root_thread(const struct root_thread *thread, bool resume);

/* A guest thread in the program's own address space, stage 1 off: TCB, VCPU, empty CSpace. */
struct root_guest {
    seL4_CPtr tcb;
    seL4_CPtr vcpu;
    seL4_CPtr sc;
    seL4_CPtr fault_ep;
    seL4_CPtr cspace; /* an empty CNode of two slots */
    unsigned priority;
    void (*entry)(void);
    seL4_Word x0;
};

void root_guest(const struct root_guest *guest, bool resume);

/* A round-robin scheduling context of `us` microseconds on a core. */
void root_round_robin(seL4_CPtr sc, unsigned core, uint64_t us);

#endif
