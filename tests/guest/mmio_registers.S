/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads into and stores from every general register but x19, which holds the address. */

    .macro enter
    stp x29, x30, [sp, #-112]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    str x1, [sp, #96]
    mov x19, x0
    .endm

    .macro leave
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp x29, x30, [sp], #112
    ret
    .endm

    /* xN = 0xabcd00000000000N */
    .macro mark
    .irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    mov x\r, #\r
    movk x\r, #0xabcd, lsl #48
    .endr
    .irp r, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    mov x\r, #\r
    movk x\r, #0xabcd, lsl #48
    .endr
    .endm

    .macro routines n
    .text
load_\n:
    enter
    mark
    ldr w\n, [x19]
    b save_all
store_\n:
    enter
    mark
    str w\n, [x19]
    leave
    .section .data.load_tables, "aw"
    .quad load_\n
    .section .data.store_tables, "aw"
    .quad store_\n
    .endm

    .section .data.load_tables, "aw"
    .balign 8
    .globl load_routines
load_routines:
    .section .data.store_tables, "aw"
    .balign 8
    .globl store_routines
store_routines:

    .irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
    routines \r
    .endr
    .irp r, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    routines \r
    .endr

    /* All registers to the array whose address lies on the stack. */
    .text
save_all:
    stp x0, x1, [sp, #-16]!
    ldr x0, [sp, #112]
    stp x2, x3, [x0, #16]
    stp x4, x5, [x0, #32]
    stp x6, x7, [x0, #48]
    stp x8, x9, [x0, #64]
    stp x10, x11, [x0, #80]
    stp x12, x13, [x0, #96]
    stp x14, x15, [x0, #112]
    stp x16, x17, [x0, #128]
    stp x18, x19, [x0, #144]
    stp x20, x21, [x0, #160]
    stp x22, x23, [x0, #176]
    stp x24, x25, [x0, #192]
    stp x26, x27, [x0, #208]
    stp x28, x29, [x0, #224]
    str x30, [x0, #240]
    ldp x2, x3, [sp], #16
    stp x2, x3, [x0]
    leave
