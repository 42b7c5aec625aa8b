/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KEEL_ARCH_INLINE_H
#define KEEL_ARCH_INLINE_H

#include "arch_cap.h"

static inline word arch_restart_pc(const struct tcb *t)
{
    return t->arch.pc - t->arch.trap_back;
}

static inline void arch_set_pc(struct tcb *t, word pc)
{
    t->arch.pc = pc;
    t->arch.trap_back = 0;
}

static inline void arch_restart(struct tcb *t)
{
    arch_set_pc(t, arch_restart_pc(t));
}

static inline void arch_commit_pc(struct tcb *t)
{
    t->arch.trap_back = 0;
}

static inline word arch_get_reg(const struct tcb *t, enum syscall_reg reg)
{
    return t->arch.x[reg];
}

static inline void arch_set_reg(struct tcb *t, enum syscall_reg reg, word value)
{
    t->arch.x[reg] = value;
}

static inline word arch_get_mr(const struct tcb *t, unsigned i)
{
    return t->arch.x[REG_MR0 + i];
}

static inline void arch_set_mr(struct tcb *t, unsigned i, word value)
{
    t->arch.x[REG_MR0 + i] = value;
}

static inline seL4_IPCBuffer *arch_ipc_buffer(const struct tcb *t, bool write)
{
    struct cap cap = t->slot[TCB_BUFFER].cap;
    unsigned needed = write ? SEL4_RIGHT_READ | SEL4_RIGHT_WRITE : SEL4_RIGHT_READ;

    if (!cap_is(cap, CAP_FRAME) || (cap_info(cap) & needed) != needed)
        return NULL;
    return (seL4_IPCBuffer *)((char *)cap_object(cap) + (t->ipc_buffer & MASK(FAKE_PAGE_BITS)));
}

static inline void arch_relax(void)
{
}

static inline ticks arch_time(void)
{
    return fake.time;
}

#endif
