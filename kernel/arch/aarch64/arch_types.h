/* SPDX-License-Identifier: BSD-2-Clause */
/* What a thread, a VCPU and a core consist of on AArch64. */
#ifndef KEEL_ARCH_TYPES_H
#define KEEL_ARCH_TYPES_H

#include <sel4/abi/arch.h>

#include "config.h"
#include "gic.h"
#include "types.h"

#define ARCH_SGIS_PPIS    GIC_FIRST_SPI
#define ARCH_IRQS         (8 * ARCH_SGIS_PPIS + GIC_NUM_IRQS - GIC_FIRST_SPI)
#define ARCH_OBJECTS      seL4_ObjectTypeCount
#define ARCH_MSG_REGS     4
#define ARCH_CONTEXT_REGS (sizeof(seL4_UserContext) / sizeof(seL4_Word))
#define ARCH_FRAME_REGS   (offsetof(seL4_UserContext, x9) / sizeof(seL4_Word))
#define ARCH_TIMEOUT_REGS seL4_TimeoutReply_Length
#define ARCH_TLS_REG      (offsetof(seL4_UserContext, tpidr_el0) / sizeof(seL4_Word))
#define ARCH_US_MAX       (UINT64_MAX / arch_khz) /* the conversion multiplies by kHz first */

extern word arch_khz; /* kernel clock ticks per millisecond */

struct tcb;
struct vcpu;

/* Saved by the entry code in this order (entry.S knows the offsets). */
struct regs {
    word x[31];
    word sp;   /* SP_EL0 */
    word pc;   /* where the thread goes on */
    word spsr; /* SPSR_EL2 */
    /* Switched with the thread only. */
    word restart_pc; /* of the instruction that trapped */
    word tpidr_el0;
    word tpidrro_el0;
};

/* Registers of a system call: operands, results. */
enum syscall_reg {
    REG_CAP = 0,
    REG_BADGE = 0,
    REG_INFO = 1,
    REG_MR0 = 2,
    REG_REPLY = 6,
    REG_DEST = 8, /* what NBSendRecv sends to */
};

struct fpu_state {
    uint64_t v[64]; /* V0..V31, 128 bits each */
    uint32_t fpsr;
    uint32_t fpcr;
};

struct arch_tcb {
    struct regs regs;
    struct vcpu *vcpu;
    struct fpu_state fpu __attribute__((aligned(16)));
    char name[CONFIG_DEBUG ? 64 : 1]; /* for the kernel log */
};

struct vcpu {
    word reg[seL4_VCPUReg_Num]; /* as the ABI numbers them */
    word mdscr;                 /* guests have these as well, but user level cannot reach them */
    word csselr;
    struct vgic vgic;
    struct tcb *tcb;
    struct cpu *last;   /* core that it was loaded on last */
    struct cpu *loaded; /* the core whose hardware has the state, NULL: it is here */
    bool vppi_masked;   /* a VPPIEvent has not been acknowledged yet */
};

_Static_assert(sizeof(struct vcpu) <= 1u << seL4_VCPUBits, "the ABI fixes the size");

/* State per core. The entry code knows the offset of `stack`. */
struct arch_cpu {
    void *stack;         /* initial kernel stack pointer */
    struct tcb *running; /* whose user-level thread registers and VTTBR are in the hardware */
    word vttbr;          /* as in the hardware */
    struct vcpu *vcpu;   /* loaded, NULL: none */
    bool vcpu_active;    /* HCR_EL2 and the registers that native threads share are the VCPU's */
    bool vgic_enabled;   /* hypervisor interface is on */
    bool vtimer_enabled; /* PPI of the virtual timer is unmasked */
    bool fp_trapped;     /* CPTR_EL2.TFP */
    struct tcb *fpu_owner;

    /* A function that another core, holding the lock, wants executed here. */
    void (*call)(struct cpu *cpu, void *arg);
    void *call_arg;
};

#endif
