/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry of a core that CPU_ON has started, with the MMU off and x0 = struct core_start. */

    .text
    .globl core_entry
core_entry:
    ldp x1, x2, [x0]
    mov sp, x1
    adrp x1, vectors
    add x1, x1, :lo12:vectors
    msr vbar_el1, x1
    isb
    mov x29, xzr
    ldr x0, [x0, #16]
    blr x2
1:  wfi
    b 1b
