/* SPDX-License-Identifier: BSD-2-Clause */
/* Fills and reads all of the SIMD registers; the compiler never touches them. */
    .arch armv8-a+fp+simd
    .text

/* void vector_fill(const void *from), void vector_read(void *to): 32 registers of 16 bytes */
    .macro each operation
    \operation q0, q1, [x0], #32
    \operation q2, q3, [x0], #32
    \operation q4, q5, [x0], #32
    \operation q6, q7, [x0], #32
    \operation q8, q9, [x0], #32
    \operation q10, q11, [x0], #32
    \operation q12, q13, [x0], #32
    \operation q14, q15, [x0], #32
    \operation q16, q17, [x0], #32
    \operation q18, q19, [x0], #32
    \operation q20, q21, [x0], #32
    \operation q22, q23, [x0], #32
    \operation q24, q25, [x0], #32
    \operation q26, q27, [x0], #32
    \operation q28, q29, [x0], #32
    \operation q30, q31, [x0], #32
    .endm

    .globl vector_fill
vector_fill:
    each ldp
    ret

    .globl vector_read
vector_read:
    each stp
    ret

/* uint64_t vector_store(address, value), uint64_t vector_load(address): by s0 */
    .globl vector_store
vector_store:
    fmov s0, w1
    str s0, [x0]
    ret

    .globl vector_load
vector_load:
    ldr s0, [x0]
    fmov w0, s0
    ret
