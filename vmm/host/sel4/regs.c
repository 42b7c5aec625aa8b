/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of a stopped vCPU.
 *
 * Each register system call costs some 500 instructions plus a few per register, so registers are
 * read at the first use, only as far as needed, and written in one go. With keel's fault registers
 * they are in the fault message already and go back in the answer.
 */
#include <bulkhead/keel.h>

#include "core/compiler.h"
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

/* Read the context registers in `wanted`, and those below with them. */
static void fetch(struct host_vcpu *h, uint64_t wanted)
{
    seL4_Word mr[IN_REGS] = {0, 64u - (unsigned)__builtin_clzll(wanted), 0, 0};
    seL4_CallWithMRs(h->tcb, seL4_MessageInfo_new(TCBReadRegisters, 0, 0, 2), &mr[0], &mr[1],
                     &mr[2], &mr[3]);
    h->known |= wanted;
    for (unsigned i = 0; i < IN_REGS; i++) {
        if ((wanted & BIT(i)) != 0) {
            h->context[i] = mr[i];
        }
    }
    for (wanted &= ~(BIT(IN_REGS) - 1); wanted != 0; wanted &= wanted - 1) {
        unsigned i = (unsigned)__builtin_ctzll(wanted);
        h->context[i] = h->ipc->msg[i];
    }
}

/* Have context registers 0..last known. */
static void fetch_up_to(struct host_vcpu *h, unsigned last)
{
    uint64_t wanted = ((BIT(last) << 1) - 1) & ~(h->known | h->dirty);
    if (wanted != 0) {
        fetch(h, wanted);
    }
}

void host_reg_expect(struct vcpu *vcpu, unsigned x)
{
    struct host_vcpu *h = vcpu->host;
    if (!h->fault_registers && ((h->known | h->dirty) & BIT(host_context_index[x])) == 0) {
        fetch_up_to(h, host_context_index[x]);
    }
}

static COLD uint64_t fetch_one(struct host_vcpu *h, unsigned i)
{
    fetch_up_to(h, i);
    return h->context[i];
}

uint64_t host_reg_read(struct vcpu *vcpu, enum vcpu_reg reg)
{
    struct host_vcpu *h = vcpu->host;
    /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): written_x has bits 0 to 30 only */
    unsigned i = host_context_index[reg];
    if (((h->known | h->dirty) & BIT(i)) != 0) {
        return h->context[i];
    }
    bool in_message = reg < VCPU_REG_PC || reg == VCPU_REG_SPSR;
    if (!h->fault_registers || h->stop != HOST_STOPPED || !in_message) {
        return fetch_one(h, i);
    }
    /* They are in the fault message, which stays in the buffer until the answer. */
    return reg == VCPU_REG_SPSR ? h->ipc->msg[KEEL_FAULT_SPSR] : h->ipc->msg[KEEL_FAULT_X0 + reg];
}

void host_reg_write(struct vcpu *vcpu, enum vcpu_reg reg, uint64_t value)
{
    struct host_vcpu *h = vcpu->host;
    unsigned i = host_context_index[reg];
    h->context[i] = value;
    h->dirty |= BIT(i);
    if (reg < VCPU_REG_PC) {
        h->written_x |= UINT32_C(1) << reg;
    }
}

/* Words from 4 on are in the IPC buffer already. */
static inline void send_registers(struct host_vcpu *h, unsigned count)
{
    seL4_Word mr[IN_REGS] = {0, count, h->context[PC], h->context[SP]};
    /* The length only has to be enough; a constant one costs nothing here. */
    seL4_SendWithMRs(h->tcb, seL4_MessageInfo_new(TCBWriteRegisters, 0, 0, IN_REGS + CONTEXT_REGS),
                     &mr[0], &mr[1], &mr[2], &mr[3]);
}

/* Registers below the last changed one have to be passed too. */
__attribute__((always_inline)) void host_write_registers(struct host_vcpu *h)
{
    if (h->dirty == BIT(PC)) {
        send_registers(h, 1);
        return;
    }
    unsigned last = 63u - (unsigned)__builtin_clzll(h->dirty);
    uint64_t missing = (BIT(last) - 1) & ~(h->known | h->dirty);
    if (missing != 0) {
        fetch(h, missing);
    }
    /* The first two in any case: cheaper than to count them. */
    h->ipc->msg[SPSR + 2] = h->context[SPSR];
    h->ipc->msg[SPSR + 3] = h->context[SPSR + 1];
#pragma clang loop unroll(disable)
    for (unsigned i = SPSR + 2; i <= last; i++) {
        h->ipc->msg[i + 2] = h->context[i];
    }
    send_registers(h, last + 1);
}

/* keel: PC and one run of x registers travel in the answer. Returns its length. */
static inline unsigned answer_with_registers(struct vcpu *vcpu, struct host_vcpu *h,
                                             seL4_Word mr[4])
{
    mr[KEEL_REPLY_PC] = h->context[PC];
    if (h->written_x == 0) {
        return KEEL_REPLY_PC + 1;
    }
    unsigned first = (unsigned)__builtin_ctz(h->written_x);
    unsigned count = 32u - (unsigned)__builtin_clz(h->written_x) - first;
    mr[KEEL_REPLY_FIRST] = first;
    mr[KEEL_REPLY_VALUES] = host_reg_read(vcpu, (enum vcpu_reg)first);
    if (count > 1) {
        mr[KEEL_REPLY_VALUES + 1] = host_reg_read(vcpu, (enum vcpu_reg)(first + 1));
    }
    for (unsigned i = 2; i < count; i++) {
        /* Word 2 + i of the buffer is behind the fault's words that are still to be read. */
        h->ipc->msg[KEEL_REPLY_VALUES + i] = host_reg_read(vcpu, (enum vcpu_reg)(first + i));
    }
    return KEEL_REPLY_VALUES + count;
}

static unsigned answer_syscall(struct host_vcpu *h, seL4_Word mr[4])
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
    return seL4_UnknownSyscall_FaultIP + 1;
}

unsigned host_answer_with_registers(struct vcpu *vcpu, seL4_Word mr[4])
{
    struct host_vcpu *h = vcpu->host;
    if (h->dirty == 0) {
        return 0;
    }
    if ((h->dirty & (BIT(SP) | BIT(SPSR) | BIT(PC))) == BIT(PC)) {
        return answer_with_registers(vcpu, h, mr);
    }
    host_write_registers(h);
    return 0;
}

unsigned host_answer_rare(struct host_vcpu *h, seL4_Word mr[4])
{
    if (h->dirty == 0) {
        return 0;
    }
    if (h->stop == HOST_STOPPED_SYSCALL && (h->dirty & ~SYSCALL_ANSWER) == 0) {
        return answer_syscall(h, mr);
    }
    host_write_registers(h);
    return 0;
}
