/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host made of variables, for unit tests: the whole VMM in an ordinary process. Tests set the
 * vCPU's registers, hand exits to the VMM, and look at what it did. Single-threaded.
 */
#ifndef VMM_HOST_FAKE_H
#define VMM_HOST_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/host.h"
#include "core/vcpu.h"

#define FAKE_CONSOLE    65536u
#define FAKE_LRS        4u
#define FAKE_INJECTIONS 256u

struct fake_injection {
    unsigned list_register;
    uint32_t intid;
    unsigned priority;
    unsigned group;
};

struct host_vcpu {
    uint64_t reg[VCPU_REG_COUNT];
    uint64_t sysreg[VCPU_SYSREG_COUNT];
    struct fake_injection injection[FAKE_INJECTIONS];
    unsigned injections;
    unsigned kicks;
    unsigned vtimer_acks;
    unsigned starts;
    uint64_t armed; /* last host_timer_arm() */
    uint64_t held;  /* what the next host_control() gives */
    unsigned controls;
};

struct fake_host {
    struct host_vcpu vcpu[8];
    uint64_t now;
    size_t console_room; /* bytes that the console still takes */
    char console[FAKE_CONSOLE];
    size_t console_size;
    const char *input; /* what was typed */
    size_t input_size;
    char log[4096];
    size_t log_size;
    unsigned log_lines;
    unsigned power_offs;
    unsigned resets;
    unsigned relaxes;
    unsigned turns_given;
    bool vcpu_runs;   /* not in an exit */
    unsigned flushes; /* of the console */
    const char *failure;
    /* What host_resume() gives; NULL: an event without bits. */
    void (*on_resume)(struct vcpu *vcpu, struct host_exit *exit);
    /* What host_block() gives; NULL: the test is wrong and ends. */
    uint64_t (*on_block)(struct vcpu *vcpu);
    void (*on_relax)(void);
};

extern struct fake_host fake;

/* Forget everything; the console takes what it can hold. */
void fake_reset(void);

/* Give the VM's vCPUs their host part. */
struct vm;
void fake_attach(struct vm *vm);

#endif
