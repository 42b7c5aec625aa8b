/* SPDX-License-Identifier: BSD-2-Clause */
/* From an exception to the core's entry points, and back to the thread to run next. */
#include "arch.h"
#include "boot.h"
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

#define FSC_MASK       0x3fu
#define FSC_PERMISSION 0x0cu /* 0b0011LL */
#define PAR_F          1u
#define PAR_PA_MASK    0xfffffffff000ull

/*
 * Called by the entry code with an empty stack. They end in return_to_user(), which does not come
 * back; they are not declared so, because then the compiler would not jump there but call it.
 */
void trap_sync(struct cpu *cpu, struct regs *regs);
void trap_irq(struct cpu *cpu, struct regs *regs);
void trap_other(struct cpu *cpu, struct regs *regs);
void trap_kernel_fault(uint64_t sp, uint64_t esr, uint64_t elr, uint64_t far);
void return_to_user(struct regs *regs);
uint64_t stage1_translate(uint64_t address);

/* Waits for the lock. False if the thread that entered was taken off the core meanwhile. */
static bool enter_late(struct cpu *cpu, bool repeats)
{
    cpu->repeats = repeats;
    lock_wait(cpu);
    if (likely(!cpu->abandoned))
        return true;
    cpu->abandoned = false;
    return false;
}

/* Takes the lock for what does not give up its thread. */
static void enter(struct cpu *cpu)
{
    if (!lock_try(LOCK_FREE))
        enter_late(cpu, false);
}

/* Waits for interrupts until there is a thread to run. */
static __attribute__((noinline)) void idle(struct cpu *cpu)
{
    while (cpu->current == cpu->idle) {
        lock_drop(cpu);
        dsb_sy();
        wfi();
        enter(cpu);
        interrupt_handle(cpu);
    }
}

/* Drops the lock and goes on with the current thread. */
static void leave(struct cpu *cpu)
{
    struct regs *regs = &cpu->current->arch.regs;

    lock_drop(cpu);
    return_to_user(regs);
}

/* The same when there is a thread to run. */
static void leave_if_busy(struct cpu *cpu)
{
    if (cpu->current == cpu->idle)
        idle(cpu);
    leave(cpu);
}

/* --- aborts --- */

/* HPFAR_EL2.FIPA [43:4] holds bits [51:12] of the IPA. */
static uint64_t ipa_from_hpfar(uint64_t far)
{
    return (READ_SYSREG(hpfar_el2) & 0xffffffffff0ull) << 8 | (far & 0xfff);
}

/*
 * HPFAR_EL2 is not written for permission faults (Arm ARM D13.2.55): the guest's own stage 1 says
 * where its address leads. The guest's PAR_EL1 is left as it was.
 */
static __attribute__((noinline)) uint64_t ipa_from_stage1(uint64_t far)
{
    uint64_t saved = READ_SYSREG(par_el1);
    uint64_t par = stage1_translate(far);
    WRITE_SYSREG(par_el1, saved);
    if ((par & PAR_F) != 0)
        return ipa_from_hpfar(far);
    return (par & PAR_PA_MASK) | (far & 0xfff);
}

/* Is the abort a guest's, with its guest-physical address in the registers? */
static bool abort_is_plain(const struct cpu *cpu, uint64_t esr)
{
    return cpu->arch.vcpu_active && (esr & FSC_MASK & ~3u) != FSC_PERMISSION;
}

static void raise_vmfault(struct cpu *cpu, uint64_t esr)
{
    bool instruction = esr >> ESR_EC_SHIFT == ESR_EC_IABT_LOWER;
    word address = READ_SYSREG(far_el2);

    if (abort_is_plain(cpu, esr))
        address = ipa_from_hpfar(address);
    else if (cpu->arch.vcpu_active)
        address = ipa_from_stage1(address);
    kernel_fault(cpu, seL4_Fault_VMFault, address, instruction, esr);
}

/* --- synchronous exceptions --- */

static bool is_syscall(uint64_t class)
{
    return class == ESR_EC_SVC64 || class == ESR_EC_HVC64;
}

/*
 * A synchronous exception that is no system call. FAR_EL2 belongs to aborts: otherwise it has the
 * address of the last one, which may have been somebody else's.
 */
static __attribute__((noinline)) void fault(struct cpu *cpu, uint64_t esr)
{
    uint64_t class = esr >> ESR_EC_SHIFT;

    if (class == ESR_EC_DABT_LOWER || class == ESR_EC_IABT_LOWER)
        raise_vmfault(cpu, esr);
    else if (class == ESR_EC_FP && (cpu->current->flags & seL4_TCBFlag_fpuDisabled) == 0)
        fpu_acquire(cpu);
    else
        kernel_fault(cpu, esr == ESR_UNDEFINED ? seL4_Fault_UserException : seL4_Fault_VCPUFault,
                     esr, 0, 0);
}

/* A synchronous exception. */
static __attribute__((noinline)) void handle(struct cpu *cpu, struct regs *regs, uint64_t esr)
{
    if (!is_syscall(esr >> ESR_EC_SHIFT))
        fault(cpu, esr);
    else if (!CONFIG_DEBUG || !debug_call(cpu, regs->x[7]))
        kernel_syscall(cpu, regs->x[7]);
    leave_if_busy(cpu);
}

/* The same for what is frequent, without a call on its way. */
static __attribute__((noinline, flatten)) void handle_fast(struct cpu *cpu, struct regs *regs,
                                                           uint64_t esr)
{
    uint64_t class = esr >> ESR_EC_SHIFT;
    bool done = false;

    if (class == ESR_EC_DABT_LOWER && abort_is_plain(cpu, esr))
        done = kernel_fault_fast(cpu, seL4_Fault_VMFault, ipa_from_hpfar(READ_SYSREG(far_el2)),
                                 false, esr);
    else if (is_syscall(class))
        done = kernel_syscall_fast(cpu, regs->x[7]);
    else if (class == ESR_EC_SMC64 || class == ESR_EC_WFX || class == ESR_EC_SYSREG)
        done = kernel_fault_fast(cpu, seL4_Fault_VCPUFault, esr, 0, 0);
    if (likely(done))
        leave(cpu);
    else
        handle(cpu, regs, esr);
}

/* Another core has the lock. */
static __attribute__((noinline)) void handle_late(struct cpu *cpu, struct regs *regs, uint64_t esr)
{
    if (enter_late(cpu, true)) {
        handle_fast(cpu, regs, esr);
    } else {
        kernel_tick(cpu);
        leave_if_busy(cpu);
    }
}

void trap_first(struct cpu *cpu)
{
    enter(cpu);
    kernel_start(cpu);
    leave_if_busy(cpu);
    __builtin_unreachable();
}

void trap_sync(struct cpu *cpu, struct regs *regs)
{
    uint64_t esr = READ_SYSREG(esr_el2) & 0xffffffff;

    regs->restart_pc = is_syscall(esr >> ESR_EC_SHIFT) ? regs->pc - 4 : regs->pc;
    if (likely(lock_try(LOCK_FREE)))
        handle_fast(cpu, regs, esr);
    else
        handle_late(cpu, regs, esr);
}

void trap_irq(struct cpu *cpu, struct regs *regs)
{
    regs->restart_pc = regs->pc;
    enter(cpu);
    interrupt_handle(cpu);
    leave_if_busy(cpu);
}

/* FIQ or SError: nothing to do but to go on. */
void trap_other(struct cpu *cpu, struct regs *regs)
{
    regs->restart_pc = regs->pc;
    enter(cpu);
    kernel_tick(cpu);
    leave_if_busy(cpu);
}

void trap_kernel_fault(uint64_t sp, uint64_t esr, uint64_t elr, uint64_t far)
{
    debug_printf("keel: exception in the kernel: sp %lx esr %lx elr %lx far %lx\n", sp, esr, elr,
                 far);
    debug_halt();
}
