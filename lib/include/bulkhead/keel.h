/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keel's extensions of the ABI, each detectable, none needed by user level.
 *
 * Extension 1, fault registers: flag KEEL_TCB_FAULT_REGS in TCB_SetFlags. seL4 ignores the bit and
 * answers flags without it. While it is set on a TCB with a VCPU, the thread's VMFault, VCPUFault,
 * VGICMaintenance and VPPIEvent messages are KEEL_FAULT_LENGTH words long: the usual ones padded to
 * four (VCPUFault: ESR, PC, 0, 0), then SPSR and x0..x30. A reply of length 0 restarts the thread
 * at its PC; length >= 1 sets the PC to word 0 first; length >= 3 also writes x[word 1],
 * x[word 1 + 1] ... from words 2 on. Registers beyond x30 are ignored.
 */
#ifndef BULKHEAD_KEEL_H
#define BULKHEAD_KEEL_H

#define KEEL_TCB_FAULT_REGS 0x2u

enum keel_fault_word {
    KEEL_VCPU_FAULT_ESR = 0,
    KEEL_VCPU_FAULT_PC = 1,
    KEEL_FAULT_SPSR = 4,
    KEEL_FAULT_X0 = 5,
    KEEL_FAULT_LENGTH = 36,
};

enum keel_reply_word {
    KEEL_REPLY_PC = 0,
    KEEL_REPLY_FIRST = 1, /* number of the first register */
    KEEL_REPLY_VALUES = 2,
};

#endif
