/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry with the MMU off and x0 = devicetree, exception vectors, and a call into EL0. */

    .section .text.start, "ax"
    .globl _start
_start:
    adrp x1, __stack_top
    mov sp, x1
    adr x1, vectors
    msr vbar_el1, x1
    msr daifset, #15
    isb
    adrp x1, __bss_start
    add x1, x1, :lo12:__bss_start
    adrp x2, __bss_end
    add x2, x2, :lo12:__bss_end
1:  cmp x1, x2
    b.hs 2f
    stp xzr, xzr, [x1], #16
    b 1b
2:  mov x29, xzr
    bl guest_start
3:  wfi
    b 3b

/* struct frame of guest.h */
    .macro vector kind
    .balign 128
    sub sp, sp, #272
    stp x0, x1, [sp]
    mov x0, \kind
    b save_and_handle
    .endm

    .text
    .balign 2048
    .globl vectors
vectors:
    vector 0
    vector 1
    vector 2
    vector 3
    vector 4
    vector 5
    vector 6
    vector 7
    vector 8
    vector 9
    vector 10
    vector 11
    vector 12
    vector 13
    vector 14
    vector 15

save_and_handle:
    stp x2, x3, [sp, #16]
    stp x4, x5, [sp, #32]
    stp x6, x7, [sp, #48]
    stp x8, x9, [sp, #64]
    stp x10, x11, [sp, #80]
    stp x12, x13, [sp, #96]
    stp x14, x15, [sp, #112]
    stp x16, x17, [sp, #128]
    stp x18, x19, [sp, #144]
    stp x20, x21, [sp, #160]
    stp x22, x23, [sp, #176]
    stp x24, x25, [sp, #192]
    stp x26, x27, [sp, #208]
    stp x28, x29, [sp, #224]
    mrs x1, elr_el1
    stp x30, x1, [sp, #240]
    mrs x1, spsr_el1
    str x1, [sp, #256]
    mov x1, sp
    bl handle_exception
    ldr x1, [sp, #256]
    msr spsr_el1, x1
    ldp x30, x1, [sp, #240]
    msr elr_el1, x1
    ldp x28, x29, [sp, #224]
    ldp x26, x27, [sp, #208]
    ldp x24, x25, [sp, #192]
    ldp x22, x23, [sp, #176]
    ldp x20, x21, [sp, #160]
    ldp x18, x19, [sp, #144]
    ldp x16, x17, [sp, #128]
    ldp x14, x15, [sp, #112]
    ldp x12, x13, [sp, #96]
    ldp x10, x11, [sp, #80]
    ldp x8, x9, [sp, #64]
    ldp x6, x7, [sp, #48]
    ldp x4, x5, [sp, #32]
    ldp x2, x3, [sp, #16]
    ldp x0, x1, [sp]
    add sp, sp, #272
    eret

/* void guest_call_el0(function): runs function at EL0 until its `svc #0xe0`, which returns here. */
    .globl guest_call_el0
guest_call_el0:
    stp x29, x30, [sp, #-96]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    adrp x1, el0_return_sp
    mov x2, sp
    str x2, [x1, :lo12:el0_return_sp]
    msr elr_el1, x0
    mov x1, #0x3c0
    msr spsr_el1, x1
    sub x2, sp, #0x1000
    msr sp_el0, x2
    isb
    eret

/* Entered as the resume address of that svc, at EL1 with interrupts masked. */
    .globl guest_el0_return
guest_el0_return:
    adrp x1, el0_return_sp
    ldr x2, [x1, :lo12:el0_return_sp]
    mov sp, x2
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp x29, x30, [sp], #96
    ret

    .bss
    .balign 8
el0_return_sp:
    .space 8
