/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole virtual machine on the fake host, for tests that act as its guest. */
#ifndef TEST_VMM_MACHINE_H
#define TEST_VMM_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/aarch64/board.h"
#include "arch/aarch64/esr.h"
#include "arch/aarch64/exit.h"
#include "core/vm.h"
#include "host/fake/fake.h"

#define RAM_BASE UINT64_C(0x40000000)
#define RAM_SIZE UINT64_C(0x400000)
#define CODE     (RAM_BASE + 0x1000) /* where PC is at first */
#define VECTORS  UINT64_C(0x40100000)

struct machine {
    struct board board;
    struct board_config config;
    uint8_t *ram; /* RAM_SIZE bytes */
    struct bh_stats stats;
};

extern struct machine machine;

/* A new VM with gic_version 2 or 3, vCPUs at EL1h at CODE, vCPU 0 on. */
void machine_new(unsigned gic_version, unsigned vcpus);
void machine_free(void);

struct vcpu *machine_vcpu(unsigned n);
uint64_t machine_reg(enum vcpu_reg reg);
void machine_set_reg(enum vcpu_reg reg, uint64_t value);

/* Syndrome of a data abort that describes its access. */
uint64_t data_abort(unsigned width, unsigned srt, bool write, bool sign_extend, bool wide);

/* Give vCPU 0 an exit at its PC. */
void memory_exit(uint64_t syndrome, uint64_t address);
void trap_exit(uint64_t syndrome);
void hypercall_exit(void);

/* Have the guest execute opcode at PC, which touches address; the syndrome says only the
 * direction. */
void instruction_exit(uint32_t opcode, uint64_t address, bool write);

/* True if vCPU 0 has just taken a synchronous exception to EL1 with the syndrome's bits under mask
 * equal to value. */
bool took_exception(uint64_t mask, uint64_t value);

/* A deterministic generator (xorshift). */
uint64_t random_next(uint64_t *state);

#endif
