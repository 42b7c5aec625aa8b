/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the loader enters the kernel, on every core: at EL2, MMU on with the loader's tables that
 * map the image, interrupts masked; x0..x3 root task image, x4, x5 devicetree, tpidr_el1 = number
 * of the core. BSS is zero.
 */
#include "config.h"
#include "layout.h"
#include "sysreg.h"

    .section .boot.entry, "ax"
    .global _start
_start:
    msr     daifset, #0xf
    mrs     x9, tcr_el2
    movz    x10, #(TCR_EL2_EXPECTED >> 16), lsl #16
    movk    x10, #(TCR_EL2_EXPECTED & 0xffff)
    cmp     x9, x10
    b.ne    park
    mrs     x6, tpidr_el1
    cmp     x6, #MAX_CPUS
    b.hs    park

    movz    x9, #(SCTLR_EL2_VALUE >> 16), lsl #16
    movk    x9, #(SCTLR_EL2_VALUE & 0xffff)
    msr     sctlr_el2, x9
    msr     spsel, #1
    isb
    adrp    x9, kernel_stacks
    add     x9, x9, :lo12:kernel_stacks
    add     x10, x6, #1
    add     x9, x9, x10, lsl #KERNEL_STACK_BITS
    mov     sp, x9
    mov     x29, xzr
    mov     x30, xzr
    cbnz    x6, 1f
    b       boot_first_core         /* (x0..x5 as given) */
1:  mov     x0, x6
    b       boot_other_core

park:
    wfe
    b       park

    .section .bss.aligned, "aw", %nobits
    .balign 4096
    .global kernel_stacks
kernel_stacks:
    .space  MAX_CPUS << KERNEL_STACK_BITS
