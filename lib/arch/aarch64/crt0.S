/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry of a program the manager starts: x0 = start block, x1 = thread index, sp = its stack. */

        .section .text._start, "ax"
        .global _start
        .type _start, @function
_start:
        mov     x29, xzr
        mov     x30, xzr
        b       bh_crt_user
        .size _start, . - _start

        .section .note.GNU-stack, "", @progbits
