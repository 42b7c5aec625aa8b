/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exception vectors at EL2 (Arm ARM D1.10). While a thread runs, SP_EL2 points to its struct regs,
 * so that the entry needs no scratch register; the kernel's own stack starts empty each time.
 */
#include "layout.h"

    .macro general op
    \op    x0, x1, [sp, #0]
    \op    x2, x3, [sp, #16]
    \op    x4, x5, [sp, #32]
    \op    x6, x7, [sp, #48]
    \op    x8, x9, [sp, #64]
    \op    x10, x11, [sp, #80]
    \op    x12, x13, [sp, #96]
    \op    x14, x15, [sp, #112]
    \op    x16, x17, [sp, #128]
    \op    x18, x19, [sp, #144]
    \op    x20, x21, [sp, #160]
    \op    x22, x23, [sp, #176]
    \op    x24, x25, [sp, #192]
    \op    x26, x27, [sp, #208]
    \op    x28, x29, [sp, #224]
    .endm

    .macro save_context
    general stp
    mrs     x19, sp_el0
    mrs     x20, elr_el2
    mrs     x21, spsr_el2
    stp     x30, x19, [sp, #REGS_X30]
    stp     x20, x21, [sp, #REGS_PC]
    mov     x1, sp
    mrs     x0, tpidr_el2
    ldr     x2, [x0, #CPU_STACK]
    mov     sp, x2
    .endm

    .macro vector label
    .balign 128
    b       \label
    .endm

    .section .text.vectors, "ax"
    .balign 2048
    .global kernel_vectors
kernel_vectors:
    /* Current EL with SP_EL0: not used. */
    vector  kernel_exception
    vector  kernel_exception
    vector  kernel_exception
    vector  kernel_exception
    /* Current EL: the kernel itself went wrong. */
    vector  kernel_sync
    vector  kernel_exception
    vector  kernel_exception
    vector  kernel_exception
    /* Lower EL: AArch64; AArch32, which is EL0 of a guest. */
    .rept   2
    .balign 128
    save_context
    b       trap_sync               /* (x0 cpu, x1 regs) */
    .balign 128
    save_context
    b       trap_irq
    vector  lower_other
    vector  lower_other
    .endr

/* FIQ and SError are not ours: nothing routes an FIQ here, and an SError has no owner. */
lower_other:
    save_context
    b       trap_other

/* (x0 regs of the thread to run) */
    .global return_to_user
return_to_user:
    mov     sp, x0
    ldp     x20, x21, [sp, #REGS_PC]
    ldp     x30, x19, [sp, #REGS_X30]
    msr     elr_el2, x20
    msr     spsr_el2, x21
    msr     sp_el0, x19
    general ldp
    eret

/*
 * (x0 address of a guest) PAR_EL1 after the guest's stage 1 has translated it for a read at EL1.
 * The guest's tables may be anywhere, and what is there may have changed since it used them: an
 * external abort on the walk is taken as an exception (Arm ARM D5.2.11), here by the kernel itself.
 */
    .global stage1_translate
stage1_translate:
    at      s1e1r, x0
    isb
    mrs     x0, par_el1
    ret
stage1_aborted:
    mov     x0, #1                  /* PAR_EL1.F */
    ret

/* Registers that a function may change are free: nothing but stage1_translate goes on. */
kernel_sync:
    mrs     x1, elr_el2
    adr     x2, stage1_translate
    cmp     x1, x2
    b.ne    kernel_exception
    adr     x2, stage1_aborted
    msr     elr_el2, x2
    eret

/* Whatever SP is, use a stack of its own to say what happened. */
kernel_exception:
    mov     x0, sp
    adrp    x1, fault_stack_end
    add     sp, x1, :lo12:fault_stack_end
    mrs     x1, esr_el2
    mrs     x2, elr_el2
    mrs     x3, far_el2
    bl      trap_kernel_fault
    b       .

    .section .bss.aligned, "aw", %nobits
    .balign 4096
    .space  4096
fault_stack_end:
