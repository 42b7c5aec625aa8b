/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests at EL1. */
#include "guest.h"

        .text
        .global trespass_guest_smc
trespass_guest_smc:
        smc     #0
        b       trespass_guest_smc

        .global trespass_guest_wfi
trespass_guest_wfi:
        wfi
        b       trespass_guest_wfi

        .global trespass_guest_timer
trespass_guest_timer:
        mrs     x1, cntvct_el0
        mov     x2, #(TRESPASS_TICKS & 0xffff)
        movk    x2, #(TRESPASS_TICKS >> 16), lsl #16
        add     x1, x1, x2
        msr     cntv_cval_el0, x1
        mov     x2, #1
        msr     cntv_ctl_el0, x2
        isb
        b       .

/* TCR_EL1: 39-bit addresses, write-back, inner shareable, 4 KiB, no TTBR1, 40-bit output. */
#define TCR_VALUE 0x200803519

        .global trespass_guest_walk
trespass_guest_walk:
        adr     x1, vectors
        msr     vbar_el1, x1
        ldr     x1, [x0, #0]
        msr     ttbr0_el1, x1
        ldr     x0, [x0, #8]
        mov     x1, #0xff               /* attribute 0: write-back */
        msr     mair_el1, x1
        movz    x1, #(TCR_VALUE & 0xffff)
        movk    x1, #(TCR_VALUE >> 16 & 0xffff), lsl #16
        movk    x1, #(TCR_VALUE >> 32), lsl #32
        msr     tcr_el1, x1
        isb
        mrs     x1, sctlr_el1
        mov     x2, #0x1005             /* M, C, I */
        orr     x1, x1, x2
        msr     sctlr_el1, x1
        isb
store:  str     x1, [x0]
        b       store

        .balign 2048
vectors:
        .rept   16
        .balign 128
        b       store
        .endr

        .section .note.GNU-stack, "", @progbits
