/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest at EL1: fills every register it has with values that follow from its seed, holds them
 * for a while and looks whether they are still there. x0 = its state, x28 = the seed of the pass,
 * x29 and x30 are scratch.
 */
#include "guest.h"

        .arch_extension fp
        .arch_extension simd

        /* x30 := seed + n, cut as the register wants it. */
        .macro  value n, kind
        add     x30, x28, #\n
        .ifc \kind, low
        and     x30, x30, #0xffffffff
        .endif
        .ifc \kind, vector
        lsl     x30, x30, #12
        .endif
        .ifc \kind, kctl
        and     x30, x30, #0xf0
        .endif
        .endm

        .macro  set n, name, kind
        value   \n, \kind
        msr     \name, x30
        .endm

        .macro  get n, name, kind
        value   \n, \kind
        mrs     x29, \name
        cmp     x29, x30
        mov     x30, #\n
        b.ne    failed
        .endm

        .macro  all_system op
        \op     100, ttbr0_el1, full
        \op     101, ttbr1_el1, full
        \op     102, tpidr_el1, full
        \op     103, elr_el1, full
        \op     104, esr_el1, low
        \op     105, far_el1, full
        \op     106, mair_el1, full
        \op     107, vbar_el1, vector
        \op     108, contextidr_el1, low
        \op     109, par_el1, full
        \op     110, tpidr_el0, full
        \op     111, tpidrro_el0, full
        \op     112, sp_el0, full
        \op     113, cntkctl_el1, kctl
        .endm

        .text
        .balign 64
        .global stress_guest
stress_guest:
        mov     x30, #0x300000
        msr     cpacr_el1, x30
        isb
pass:
        ldr     x28, [x0, #GUEST_SEED]
        ldr     x30, =0x9e3779b97f4a7c15
        mul     x30, x28, x30
        add     x28, x30, #1
        lsr     x28, x28, #1
        str     x28, [x0, #GUEST_SEED]

        .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
        add     x\n, x28, #\n
        .endr
        mov     sp, x28
        all_system set
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        add     x30, x28, #(200 + \n)
        dup     v\n\().2d, x30
        .endr

        ldr     x29, [x0, #GUEST_SPIN]
1:      subs    x29, x29, #1
        b.ne    1b
        yield                           /* emulators with one thread go on to other cores */

        ldr     x29, [x0, #GUEST_MODE]
        tbz     x29, #0, 2f
        mov     x30, #GUEST_UNMAPPED
        str     x28, [x30]
2:      tbz     x29, #1, 3f
        bl      wait_for_timer
3:
        .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
        sub     x29, x\n, x28
        cmp     x29, #\n
        mov     x30, #\n
        b.ne    failed
        .endr
        mov     x29, sp
        cmp     x29, x28
        mov     x30, #28
        b.ne    failed
        all_system get
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        umov    x29, v\n\().d[0]
        sub     x29, x29, x28
        cmp     x29, #(200 + \n)
        mov     x30, #(200 + \n)
        b.ne    failed
        umov    x29, v\n\().d[1]
        sub     x29, x29, x28
        cmp     x29, #(200 + \n)
        b.ne    failed
        .endr
        ldr     x29, [x0, #GUEST_PASSES]
        add     x29, x29, #1
        str     x29, [x0, #GUEST_PASSES]
        b       pass

failed:
        str     x29, [x0, #GUEST_FOUND]
        str     x30, [x0, #GUEST_ERROR]
        b       .

/* Clobbers x1 and x2, and makes them good again. */
wait_for_timer:
        ldr     x1, [x0, #GUEST_FIRED]
        ldr     x2, [x0, #GUEST_TICKS]
        mrs     x29, cntvct_el0
        add     x29, x29, x2
        msr     cntv_cval_el0, x29
        mov     x29, #1
        msr     cntv_ctl_el0, x29
        isb
1:      ldr     x29, [x0, #GUEST_FIRED]
        cmp     x29, x1
        yield
        b.eq    1b
        add     x1, x28, #1
        add     x2, x28, #2
        ret

/* x0 = two words: the EL1 physical timer fires in a moment, and is put off when the first is set. */
        .balign 64
        .global stress_alarm
stress_alarm:
        mov     x1, #5000
        msr     cntp_tval_el0, x1
        mov     x1, #1
        msr     cntp_ctl_el0, x1
        isb
1:      yield
        ldr     x1, [x0]
        cbz     x1, 1b
        msr     cntp_ctl_el0, xzr
        isb
        mov     x1, #1
        str     x1, [x0, #8]
        b       .

        .section .note.GNU-stack, "", @progbits
