/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests that fault in a loop; x0 = an address where nothing is. The handler skips nothing: they
 * trap at the same instruction for ever, or are resumed behind it. */
        .macro  program name
        .text
        .balign 64
        .global cost_guest_\name
cost_guest_\name:
        .endm

        program load
1:      ldr     w1, [x0]
        b       1b

        program store
1:      str     w1, [x0]
        b       1b

        program smc
1:      smc     #0
        b       1b

        program wfi
1:      wfi
        b       1b

        program hvc
        mov     x7, #1
1:      hvc     #0
        b       1b

        .section .note.GNU-stack, "", @progbits
