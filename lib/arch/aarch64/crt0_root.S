/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry of the root task: x0 = bootinfo; the kernel gives it no stack. */

#define STACK_SIZE 65536 /* BH_ROOT_STACK_SIZE */

        .section .text._start, "ax"
        .global _start_root
        .type _start_root, @function
_start_root:
        adrp    x9, stack_top
        add     x9, x9, :lo12:stack_top
        mov     sp, x9
        mov     x29, xzr
        mov     x30, xzr
        b       bh_crt_root
        .size _start_root, . - _start_root

        .section .bss.stack, "aw", @nobits
        .balign 16
        .skip   STACK_SIZE
stack_top:

        .section .note.GNU-stack, "", @progbits
