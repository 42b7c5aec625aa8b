/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entry from UEFI firmware and the way out of it. UEFI 2.10, 2.3.6: translation and caches are on,
 * memory is mapped one to one, interrupts are enabled, there is a stack of 128 KiB.
 */

#define SCTLR_EL2_OFF 0x30c50830 /* RES1 only */

/* x0 = image handle, x1 = system table; returns a status if the image cannot be booted. */
        .section .text.efi_entry, "ax"
        .global efi_entry
efi_entry:
        stp     x29, x30, [sp, #-32]!
        mov     x29, sp
        stp     x0, x1, [sp, #16]
        adrp    x0, boot_image
        bl      relocate
        ldp     x0, x1, [sp, #16]
        ldp     x29, x30, [sp], #32
        b       efi_main

/* x0 = devicetree. It and the boot image have been cleaned to memory. EL2 only. */
        .section .text.arch_enter_image, "ax"
        .global arch_enter_image
arch_enter_image:
        msr     daifset, #0xf
        ldr     x1, =SCTLR_EL2_OFF
        msr     sctlr_el2, x1
        isb
        b       primary_entry

        .section .note.GNU-stack, "", @progbits
