/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of a stopped vCPU.
 *
 * Each register system call costs some 500 instructions plus a few per register, so registers are
 * read at the first use, only as far as needed, and written in one go. With keel's fault registers
 * they are in the fault message already and go back in the answer.
 */
#include <bulkhead/keel.h>

#include "core/vcpu.h"
#include "host/sel4/sel4_host.h"

#define PC        0u
#define SP        1u
#define SPSR      2u
#define BIT(i)    (UINT64_C(1) << (i))
#define X(n, i)   [VCPU_REG_X0 + (n)] = (i)
#define IN_REGS   4u /* message words that travel in registers */
#define X_RESULTS 8u /* x0..x7 can go into the answer to an unknown system call */

const uint8_t host_context_index[VCPU_REG_COUNT] = {
    X(0, 3),
    X(1, 4),
    X(2, 5),
    X(3, 6),
    X(4, 7),
    X(5, 8),
    X(6, 9),
    X(7, 10),
    X(8, 11),
    X(9, 17),
    X(10, 18),
    X(11, 19),
    X(12, 20),
    X(13, 21),
    X(14, 22),
    X(15, 23),
    X(16, 12),
    X(17, 13),
    X(18, 14),
    X(19, 24),
    X(20, 25),
    X(21, 26),
    X(22, 27),
    X(23, 28),
    X(24, 29),
    X(25, 30),
    X(26, 31),
    X(27, 32),
    X(28, 33),
    X(29, 15),
    X(30, 16),
    [VCPU_REG_PC] = PC,
    [VCPU_REG_SP_EL0] = SP,
    [VCPU_REG_SPSR] = SPSR,
};

/* Bits of x0..x7 and PC in `dirty`. */
#define SYSCALL_ANSWER (BIT(PC) | UINT64_C(0x7f8))

/* Read context registers 0..count-1 that are not known yet. */
static void fetch(struct host_vcpu *h, unsigned count)
{
    seL4_Word mr[IN_REGS] = {0, count, 0, 0};
    seL4_CallWithMRs(h->tcb, seL4_MessageInfo_new(TCBReadRegisters, 0, 0, 2), &mr[0], &mr[1],
                     &mr[2], &mr[3]);
    for (unsigned i = 0; i < count; i++) {
        if ((h->known & BIT(i)) == 0) {
            h->context[i] = i < IN_REGS ? mr[i] : h->ipc->msg[i];
        }
    }
    h->known |= BIT(count) - 1;
}

void host_reg_expect(struct vcpu *vcpu, unsigned x)
{
    struct host_vcpu *h = vcpu->host;
    if (!h->fault_registers && (h->known & BIT(host_context_index[x])) == 0) {
        fetch(h, host_context_index[x] + 1u);
    }
}

static uint64_t fetch_one(struct host_vcpu *h, enum vcpu_reg reg)
{
    unsigned i = host_context_index[reg];
    if (!h->fault_registers || h->stop != HOST_STOPPED || reg == VCPU_REG_SP_EL0) {
        fetch(h, i + 1);
    } else {
        h->context[i] =
            reg == VCPU_REG_SPSR ? h->ipc->msg[KEEL_FAULT_SPSR] : h->ipc->msg[KEEL_FAULT_X0 + reg];
        h->known |= BIT(i);
    }
    return h->context[i];
}

uint64_t host_reg_read(struct vcpu *vcpu, enum vcpu_reg reg)
{
    struct host_vcpu *h = vcpu->host;
    unsigned i = host_context_index[reg];
    return (h->known & BIT(i)) != 0 ? h->context[i] : fetch_one(h, reg);
}

void host_reg_write(struct vcpu *vcpu, enum vcpu_reg reg, uint64_t value)
{
    struct host_vcpu *h = vcpu->host;
    unsigned i = host_context_index[reg];
    h->context[i] = value;
    h->known |= BIT(i);
    h->dirty |= BIT(i);
    if (reg < VCPU_REG_PC) {
        h->written_x |= UINT32_C(1) << reg;
    }
}

/* Write back with a system call: registers below the last changed one have to be passed too. */
static void write_registers(struct host_vcpu *h)
{
    unsigned count = 64u - (unsigned)__builtin_clzll(h->dirty);
    uint64_t below = BIT(count) - 1;
    if ((h->known & below) != below) {
        fetch(h, 64u - (unsigned)__builtin_clzll(below & ~h->known));
    }
    for (unsigned i = 2; i < count; i++) {
        h->ipc->msg[i + 2] = h->context[i];
    }
    seL4_Word mr[IN_REGS] = {0, count, h->context[PC], h->context[SP]};
    seL4_SendWithMRs(h->tcb, seL4_MessageInfo_new(TCBWriteRegisters, 0, 0, count + 2), &mr[0],
                     &mr[1], &mr[2], &mr[3]);
}

/* keel: PC and one run of x registers travel in the answer. */
static seL4_MessageInfo_t answer_with_registers(struct vcpu *vcpu, struct host_vcpu *h,
                                                seL4_Word mr[4])
{
    mr[KEEL_REPLY_PC] = h->context[PC];
    if (h->written_x == 0) {
        return seL4_MessageInfo_new(0, 0, 0, 1);
    }
    unsigned first = (unsigned)__builtin_ctz(h->written_x);
    unsigned count = 32u - (unsigned)__builtin_clz(h->written_x) - first;
    mr[KEEL_REPLY_FIRST] = first;
    for (unsigned i = 0; i < count; i++) {
        uint64_t value = host_reg_read(vcpu, (enum vcpu_reg)(first + i));
        /* Word 2 + i of the buffer is behind the fault's words that are still to be read. */
        if (KEEL_REPLY_VALUES + i < IN_REGS) {
            mr[KEEL_REPLY_VALUES + i] = value;
        } else {
            h->ipc->msg[KEEL_REPLY_VALUES + i] = value;
        }
    }
    return seL4_MessageInfo_new(0, 0, 0, KEEL_REPLY_VALUES + count);
}

static seL4_MessageInfo_t answer_syscall(struct host_vcpu *h, seL4_Word mr[4])
{
    for (unsigned n = 0; n < X_RESULTS; n++) {
        uint64_t value = h->context[host_context_index[n]];
        if (n < IN_REGS) {
            mr[n] = value;
        } else {
            h->ipc->msg[n] = value;
        }
    }
    h->ipc->msg[seL4_UnknownSyscall_FaultIP] = h->context[PC];
    return seL4_MessageInfo_new(0, 0, 0, seL4_UnknownSyscall_FaultIP + 1);
}

seL4_MessageInfo_t host_write_back(struct vcpu *vcpu, seL4_Word mr[4])
{
    struct host_vcpu *h = vcpu->host;
    if (h->stop == HOST_STOPPED_SYSCALL) {
        if ((h->dirty & ~SYSCALL_ANSWER) == 0) {
            return answer_syscall(h, mr);
        }
    } else if (h->fault_registers && h->stop == HOST_STOPPED) {
        if (h->dirty == 0) {
            return seL4_MessageInfo_new(0, 0, 0, 0);
        }
        if ((h->dirty & (BIT(SP) | BIT(SPSR))) == 0 && (h->dirty & BIT(PC)) != 0) {
            return answer_with_registers(vcpu, h, mr);
        }
    }
    if (h->dirty != 0) {
        write_registers(h);
    }
    /* Nobody reads the words, but a length above 4 spares the kernel an attempt at its fast path
     * that cannot succeed for an answer to a fault. */
    return seL4_MessageInfo_new(0, 0, 0, h->stop == HOST_STOPPED && !h->fault_registers ? 5 : 0);
}
