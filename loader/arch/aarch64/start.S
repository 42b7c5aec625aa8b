/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry of the boot image, by Linux's arm64 boot protocol (Documentation/arm64/booting.rst): MMU
 * off, x0 = devicetree. The image runs at any address that is a multiple of 4 KiB; the header asks
 * for a multiple of 2 MiB, as Linux does.
 */

#define R_AARCH64_RELATIVE 1027

#define HCR_EL2_RW    (1 << 31) /* EL1 is AArch64; no E2H, no traps */
#define CPTR_EL2_NONE 0x33ff    /* RES1 only: FP does not trap */
#define ICC_SRE_ALL   0xf

/* aarch64-hyp boot protocol: the kernel checks TCR_EL2 and uses attribute indices 0 and 4. */
#define TCR_EL2_VALUE   0x80823510
#define TCR_EL1_VALUE   0x200803510
#define MAIR_VALUE      0xff440c0400
#define SCTLR_EL2_ON    0x30c51835 /* RES1, I, C, M */
#define SCTLR_EL1_ON    0x30d01805

/* struct core_start */
#define CORE_STACK 0
#define CORE_ROOT  8

        .text
        .global primary_entry
primary_entry:
        msr     daifset, #0xf
        mov     x19, x0
        bl      set_up_level
        adrp    x0, boot_image
        bl      relocate
        adrp    x9, primary_stack_top
        add     x9, x9, :lo12:primary_stack_top
        mov     sp, x9
        mov     x29, xzr
        mov     x30, xzr

        mov     x0, x19
        bl      early_fdt
        mov     x19, x0
        bl      early_map
        mov     x20, x0

        /* All that was written so far went past the caches; drop what they may hold of it. */
        adrp    x0, boot_image
        adrp    x1, boot_image_end
        add     x1, x1, :lo12:boot_image_end
        bl      invalidate_range

        mov     x0, x20
        bl      mmu_on
        mov     x0, x19
        b       boot_main

/* PSCI CPU_ON: MMU off, x0 = struct core_start, which has been cleaned to memory. */
        .global secondary_entry
secondary_entry:
        msr     daifset, #0xf
        mov     x19, x0
        bl      set_up_level
        ldr     x9, [x19, #CORE_STACK]
        mov     sp, x9
        mov     x29, xzr
        mov     x30, xzr
        ldr     x0, [x19, #CORE_ROOT]
        bl      mmu_on
        mov     x0, x19
        b       secondary_main

/* Known values where reset leaves none. Nothing to do at EL1. Changes x9. */
set_up_level:
        mrs     x9, CurrentEL
        cmp     x9, #(2 << 2)
        b.ne    1f
        mov     x9, #HCR_EL2_RW
        msr     hcr_el2, x9
        isb
        mov     x9, #CPTR_EL2_NONE
        msr     cptr_el2, x9
        msr     hstr_el2, xzr
        msr     cntvoff_el2, xzr
        mrs     x9, id_aa64pfr0_el1
        ubfx    x9, x9, #24, #4 /* GIC system registers */
        cbz     x9, 1f
        mrs     x9, s3_4_c12_c9_5 /* ICC_SRE_EL2 */
        orr     x9, x9, #ICC_SRE_ALL
        msr     s3_4_c12_c9_5, x9
1:      isb
        ret

/* Apply the image's RELATIVE relocations; x0 = where it is. Twice does no harm. Changes x1 to x5. */
        .global relocate
relocate:
        adrp    x1, rela_start
        add     x1, x1, :lo12:rela_start
        adrp    x2, rela_end
        add     x2, x2, :lo12:rela_end
1:      cmp     x1, x2
        b.hs    3f
        ldp     x3, x4, [x1], #16
        ldr     x5, [x1], #8
        cmp     w4, #R_AARCH64_RELATIVE
        b.ne    1b
        add     x5, x5, x0
        str     x5, [x0, x3]
        b       1b
3:      ret

/* x0 = translation tables. */
mmu_on:
        ldr     x1, =MAIR_VALUE
        mrs     x2, CurrentEL
        cmp     x2, #(2 << 2)
        b.ne    1f
        msr     mair_el2, x1
        ldr     x1, =TCR_EL2_VALUE
        msr     tcr_el2, x1
        msr     ttbr0_el2, x0
        dsb     sy
        isb
        tlbi    alle2
        dsb     sy
        ic      iallu
        dsb     sy
        isb
        ldr     x1, =SCTLR_EL2_ON
        msr     sctlr_el2, x1
        isb
        ret
1:      msr     mair_el1, x1
        ldr     x1, =TCR_EL1_VALUE
        msr     tcr_el1, x1
        msr     ttbr0_el1, x0
        dsb     sy
        isb
        tlbi    vmalle1
        dsb     sy
        ic      iallu
        dsb     sy
        isb
        ldr     x1, =SCTLR_EL1_ON
        msr     sctlr_el1, x1
        isb
        ret

/* x0 = other tables, with the same mapping for everything in use. EL2 only. */
        .global switch_tables
switch_tables:
        dsb     ish
        msr     ttbr0_el2, x0
        isb
        tlbi    alle2
        dsb     ish
        isb
        ret

/* x0..x1: data cache by address to the point of coherency. Change x2, x3. */
        .macro cache_loop operation
        mrs     x3, ctr_el0
        ubfx    x3, x3, #16, #4 /* DminLine: log2 of words */
        mov     x2, #4
        lsl     x2, x2, x3
        sub     x3, x2, #1
        bic     x0, x0, x3
1:      cmp     x0, x1
        b.hs    2f
        dc      \operation, x0
        add     x0, x0, x2
        b       1b
2:      dsb     sy
        ret
        .endm

invalidate_range:
        cache_loop ivac

        .global clean_range
clean_range:
        cache_loop cvac

/* x0 = struct boot_handoff, x1 = logical core number. */
        .global enter_kernel
enter_kernel:
        msr     tpidr_el1, x1
        ldr     x9, [x0, #48]
        ldp     x4, x5, [x0, #32]
        ldp     x2, x3, [x0, #16]
        ldp     x0, x1, [x0]
        dsb     sy
        isb
        br      x9

        .section .bss.primary_stack, "aw", @nobits
        .balign 16
        .skip   16384
primary_stack_top:

        .section .note.GNU-stack, "", @progbits
