/* SPDX-License-Identifier: BSD-2-Clause */
/* Short functions of arch.h. */
#ifndef KEEL_ARCH_INLINE_H
#define KEEL_ARCH_INLINE_H

#include "arch_cap.h"

static inline word arch_restart_pc(const struct tcb *t)
{
    return t->arch.regs.restart_pc;
}

static inline void arch_set_pc(struct tcb *t, word pc)
{
    t->arch.regs.restart_pc = pc;
    t->arch.regs.pc = pc;
}

static inline void arch_restart(struct tcb *t)
{
    t->arch.regs.pc = t->arch.regs.restart_pc;
}

static inline void arch_commit_pc(struct tcb *t)
{
    t->arch.regs.restart_pc = t->arch.regs.pc;
}

static inline word arch_get_reg(const struct tcb *t, enum syscall_reg reg)
{
    return t->arch.regs.x[reg];
}

static inline void arch_set_reg(struct tcb *t, enum syscall_reg reg, word value)
{
    t->arch.regs.x[reg] = value;
}

static inline word arch_get_mr(const struct tcb *t, unsigned i)
{
    return t->arch.regs.x[REG_MR0 + i];
}

static inline void arch_set_mr(struct tcb *t, unsigned i, word value)
{
    t->arch.regs.x[REG_MR0 + i] = value;
}

/* RAM frames lie in the linear window, so that the capability's address can be used as it is. */
static inline seL4_IPCBuffer *arch_ipc_buffer(const struct tcb *t, bool write)
{
    struct cap cap = t->slot[TCB_BUFFER].cap;
    unsigned needed = write ? FRAME_READ | FRAME_WRITE : FRAME_READ;

    if (!cap_is(cap, CAP_FRAME) || (cap_info(cap) & needed) != needed)
        return NULL;
    return (seL4_IPCBuffer *)((char *)cap_object(cap) + (t->ipc_buffer & MASK(frame_bits(cap))));
}

static inline void arch_relax(void)
{
    __asm__ volatile("yield" : : : "memory");
}

/* CNTPCT_EL0; the barrier keeps it from being read early (Arm ARM D11.2.1). */
static inline ticks arch_time(void)
{
    isb();
    return READ_SYSREG(cntpct_el0);
}

#endif
