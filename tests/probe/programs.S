/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The child's programs. Each ends in an unknown system call (svc from a native thread, hvc from a
 * guest), so that x0..x6 come back in the fault message.
 */
        .arch   armv8-a+fp

        .macro  program name
        .balign 16
        .global probe_\name
        .type   probe_\name, @function
probe_\name:
        .endm

        .macro  finish call
        mov     x7, #0x1234
        \call   #0
        b       .
        .endm

        .text

        program read_unmapped
        mov     x9, #0x10
        ldr     x0, [x9]
        finish  svc

        program write_unmapped
        mov     x9, #0x1018
        str     x0, [x9]
        finish  svc

        program fetch_unmapped
        mov     x9, #0x2000
        br      x9
        finish  svc

        program fetch_misaligned
        mov     x9, #0x2002
        br      x9
        finish  svc

        program read_high
        movz    x9, #1, lsl #48
        ldr     x0, [x9]
        finish  svc

        program read_beyond_40_bits
        movz    x9, #0x100, lsl #32
        ldr     x0, [x9]
        finish  svc

        program read_beyond_44_bits
        movz    x9, #0x1000, lsl #32
        ldr     x0, [x9]
        finish  svc

        program undefined
        .inst   0
        finish  svc

        program breakpoint
        brk     #7
        finish  svc

        program halt
        hlt     #1
        finish  svc

        program unknown_syscall
        mov     x0, #0xa0
        mov     x1, #0xa1
        mov     x2, #0xa2
        mov     x3, #0xa3
        mov     x4, #0xa4
        mov     x5, #0xa5
        mov     x6, #0xa6
        mov     x8, #0xa8
        mov     x30, #0xb30
        mov     x7, #1000
        svc     #0
        finish  svc

        program svc_immediate
        mov     x7, #-11
        svc     #5
        finish  svc

        program hvc
        mov     x7, #-11
        hvc     #0
        finish  svc

        program smc
        smc     #0
        finish  svc

        program wfi
        wfi
        finish  svc

        program wfe
        wfe
        finish  svc

        program read_cntvct
        mrs     x0, cntvct_el0
        finish  svc

        program read_cntpct
        mrs     x9, cntpct_el0
        mov     x0, #1
        finish  svc

        program write_cntv_ctl
        mov     x0, #0
        msr     cntv_ctl_el0, x0
        finish  svc

        program read_cntv_tval
        mrs     x0, cntv_tval_el0
        finish  svc

        program read_cntp_ctl
        mrs     x0, cntp_ctl_el0
        finish  svc

        program read_dczid
        mrs     x0, dczid_el0
        finish  svc

        program dc_zva
        adrp    x9, probe_scratch
        dc      zva, x9
        mov     x0, #1
        finish  svc

        program dc_civac
        adrp    x9, probe_scratch
        dc      civac, x9
        mov     x0, #1
        finish  svc

        program ic_ivau
        adrp    x9, probe_scratch
        dc      cvau, x9
        ic      ivau, x9
        mov     x0, #1
        finish  svc

        program read_pmccntr
        mrs     x0, pmccntr_el0
        finish  svc

        program read_midr
        mrs     x0, midr_el1
        finish  svc

        program read_id_pfr0
        mrs     x0, id_aa64pfr0_el1
        finish  svc

        program tls
        mov     x9, #0x77
        msr     tpidr_el0, x9
        mov     x7, #-11
        svc     #0
        mrs     x0, tpidr_el0
        mrs     x1, tpidrro_el0
        finish  svc

        program write_daif
        msr     daifset, #2
        mov     x0, #1
        finish  svc

        program read_daif
        mrs     x0, daif
        finish  svc

        program fp
        fmov    d0, x0
        mrs     x0, fpcr
        finish  svc

        program read_unaligned
        adrp    x9, probe_scratch
        add     x9, x9, #1
        ldr     x0, [x9]
        finish  svc

        program exclusive_unaligned
        adrp    x9, probe_scratch
        add     x9, x9, #1
        ldxr    x0, [x9]
        finish  svc

        program read_mdscr
        mrs     x0, mdscr_el1
        finish  svc

        program read_mdccsr
        mrs     x0, mdccsr_el0
        finish  svc

        program loop
1:
        b       1b
        finish  svc

        program syscall_only
        svc     #0
        finish  svc

        program guest_unknown
        mov     x7, #1000
        hvc     #0
        finish  hvc

        program guest_yield
        mov     x7, #-11
        hvc     #3
        mov     x0, #0x55
        finish  hvc

        program guest_ids
        mrs     x1, mpidr_el1
        mrs     x4, sctlr_el1
        mrs     x6, currentel
        finish  hvc

        program guest_smc
        mov     x0, #5
        smc     #0
        finish  hvc

        program guest_wfi
        wfi
        finish  hvc

        program guest_read
        movz    x9, #1, lsl #32
        add     x9, x9, #0x128
        ldr     x0, [x9]
        finish  hvc

        program guest_write
        movz    x9, #1, lsl #32
        add     x9, x9, #0x128
        str     w3, [x9]
        finish  hvc

        program guest_fetch
        movz    x9, #1, lsl #32
        add     x9, x9, #0x128
        br      x9
        finish  hvc

        program guest_actlr
        mrs     x0, actlr_el1
        msr     actlr_el1, x0
        mov     x0, #1
        finish  hvc

        program guest_tlbi
        tlbi    vmalle1
        mov     x0, #1
        finish  hvc

        program guest_dc_isw
        dc      isw, xzr
        mov     x0, #1
        finish  hvc

        program guest_ttbr
        mrs     x0, ttbr0_el1
        msr     ttbr0_el1, x0
        mov     x1, #1
        finish  hvc

        program guest_cntp
        mrs     x0, cntp_ctl_el0
        mov     x1, #1
        finish  hvc

        program guest_cntvct
        mrs     x9, cntpct_el0
        mrs     x10, cntvct_el0
        mrs     x2, cntfrq_el0
        sub     x9, x10, x9
        lsr     x0, x9, #24
        finish  hvc

        program guest_cntkctl
        mrs     x0, cntkctl_el1
        finish  hvc

        program guest_mdscr
        mrs     x0, mdscr_el1
        msr     mdscr_el1, xzr
        mov     x1, #1
        finish  hvc

        program guest_oslar
        msr     oslar_el1, xzr
        mov     x1, #1
        finish  hvc

        program guest_cpacr
        mrs     x0, cpacr_el1
        orr     x1, x0, #0x300000
        msr     cpacr_el1, x1
        isb
        mrs     x2, cpacr_el1
        finish  hvc

        program guest_fp
        mrs     x0, cpacr_el1
        orr     x1, x0, #0x300000
        msr     cpacr_el1, x1
        isb
        fmov    d0, x0
        mov     x1, #1
        finish  hvc

        program guest_state
        mrs     x0, contextidr_el1
        mrs     x1, amair_el1
        mrs     x2, mair_el1
        mrs     x3, tcr_el1
        mrs     x5, par_el1
        mrs     x6, tpidr_el1
        finish  hvc

        program guest_csselr
        msr     csselr_el1, xzr
        mov     x2, #1
        finish  hvc

        program guest_undefined
        adr     x9, 9f
        msr     vbar_el1, x9
        isb
        .inst   0
        b       .
        .balign 2048
9:
        .skip   0x200
        mrs     x0, esr_el1
        mrs     x2, spsr_el1
        finish  hvc

        program guest_breakpoint
        adr     x9, 9f
        msr     vbar_el1, x9
        isb
        brk     #3
        b       .
        .balign 2048
9:
        .skip   0x200
        mrs     x0, esr_el1
        mrs     x2, spsr_el1
        finish  hvc

        program guest_svc
        adr     x9, 9f
        msr     vbar_el1, x9
        isb
        svc     #3
        b       .
        .balign 2048
9:
        .skip   0x200
        mrs     x0, esr_el1
        mrs     x2, spsr_el1
        finish  hvc

        program guest_vtimer
        mov     x9, #1000
        msr     cntv_tval_el0, x9
        mov     x9, #1
        msr     cntv_ctl_el0, x9
        isb
1:
        mov     x9, #0x8000000
2:
        subs    x9, x9, #1
        b.ne    2b
        mrs     x0, cntv_ctl_el0
        mov     x1, #0x99
        finish  hvc

        .bss
        .balign 4096
probe_scratch:
        .skip   4096

        .section .note.GNU-stack, "", @progbits
