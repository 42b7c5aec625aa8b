/* SPDX-License-Identifier: BSD-2-Clause */
/* From an exception to the core's entry points, and back to the thread to run next. */
#include "trap.h"
#include "arch.h"
#include "arch_fault.h"
#include "debug.h"
#include "interrupt.h"
#include "layout.h"
#include "lock.h"
#include "switch.h"

_Static_assert(offsetof(struct tcb, arch.regs) == TCB_REGS, "layout.h");
_Static_assert(offsetof(struct regs, sp) == REGS_X30 + 8, "layout.h");
_Static_assert(offsetof(struct regs, pc) == REGS_PC, "layout.h");
_Static_assert(offsetof(struct cpu, arch.stack) == CPU_STACK, "layout.h");
_Static_assert(sizeof(struct regs) == REGS_SIZE, "layout.h");

/* Called by the entry code with an empty stack; they end in return_to_user(). */
void trap_sync(struct cpu *cpu, struct regs *regs) __attribute__((noreturn));
void trap_irq(struct cpu *cpu, struct regs *regs) __attribute__((noreturn));
void trap_other(struct cpu *cpu, struct regs *regs) __attribute__((noreturn));
void trap_kernel_fault(uint64_t sp, uint64_t esr, uint64_t elr, uint64_t far);
void return_to_user(struct regs *regs) __attribute__((noreturn));

/* Takes the lock. False if the thread that entered was taken off the core while waiting. */
static inline __attribute__((always_inline)) bool enter(struct cpu *cpu, enum entry entry)
{
    cpu->entry = entry;
    lock_take(cpu);
    if (likely(!cpu->abandoned))
        return true;
    cpu->abandoned = false;
    return false;
}

/* Waits for interrupts until there is a thread to run. */
static __attribute__((noinline)) void idle(struct cpu *cpu)
{
    while (cpu->current == cpu->idle) {
        cpu->entry = ENTRY_NONE;
        lock_drop();
        __asm__ volatile("dsb sy\n\twfi" : : : "memory");
        if (enter(cpu, ENTRY_INTERRUPT))
            interrupt_handle(cpu);
        else
            kernel_tick(cpu);
    }
}

/* Drops the lock and goes to the thread that is to run. */
static inline __attribute__((always_inline, noreturn)) void leave(struct cpu *cpu)
{
    if (unlikely(cpu->current == cpu->idle))
        idle(cpu);
    struct regs *regs = &cpu->current->arch.regs;
    cpu->entry = ENTRY_NONE;
    lock_drop();
    return_to_user(regs);
}

/* A synchronous exception that is no system call and no abort. */
static void fault(struct cpu *cpu, uint64_t esr)
{
    switch (esr >> ESR_EC_SHIFT) {
    case ESR_EC_FP:
        if ((cpu->current->flags & TCB_FLAG_FPU_DISABLED) == 0)
            fpu_acquire(cpu);
        else
            kernel_fault(cpu, FAULT_VCPU, esr, 0, 0);
        break;
    case ESR_EC_UNKNOWN: /* an undefined instruction: 32 bits long, no syndrome */
        kernel_fault(cpu, esr == ESR_UNDEFINED ? FAULT_USER_EXCEPTION : FAULT_VCPU, esr, 0, 0);
        break;
    default:
        kernel_fault(cpu, FAULT_VCPU, esr, READ_SYSREG(far_el2), 0);
        break;
    }
}

void trap_first(struct cpu *cpu)
{
    lock_take(cpu);
    kernel_start(cpu);
    leave(cpu);
}

void trap_sync(struct cpu *cpu, struct regs *regs)
{
    uint64_t esr = READ_SYSREG(esr_el2) & 0xffffffff;
    uint64_t class = esr >> ESR_EC_SHIFT;

    if (likely(class == ESR_EC_SVC64 || class == ESR_EC_HVC64)) {
        regs->restart_pc = regs->pc - 4;
        if (unlikely(!enter(cpu, ENTRY_SYSCALL)))
            kernel_tick(cpu);
        else if (!debug_syscall(cpu, regs->x[7]))
            kernel_syscall(cpu, regs->x[7]);
        leave(cpu);
    }
    regs->restart_pc = regs->pc;
    if (unlikely(!enter(cpu, ENTRY_FAULT)))
        kernel_tick(cpu);
    else if (class == ESR_EC_DABT_LOWER || class == ESR_EC_IABT_LOWER)
        vmfault_raise(cpu, esr);
    else
        fault(cpu, esr);
    leave(cpu);
}

void trap_irq(struct cpu *cpu, struct regs *regs)
{
    regs->restart_pc = regs->pc;
    if (enter(cpu, ENTRY_INTERRUPT))
        interrupt_handle(cpu);
    else
        kernel_tick(cpu);
    leave(cpu);
}

/* FIQ or SError: nothing to do but to go on. */
void trap_other(struct cpu *cpu, struct regs *regs)
{
    regs->restart_pc = regs->pc;
    enter(cpu, ENTRY_INTERRUPT);
    kernel_tick(cpu);
    leave(cpu);
}

void trap_kernel_fault(uint64_t sp, uint64_t esr, uint64_t elr, uint64_t far)
{
    debug_printf("keel: exception in the kernel: sp %lx esr %lx elr %lx far %lx\n", sp, esr, elr,
                 far);
    debug_halt();
}
