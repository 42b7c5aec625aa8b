/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A64 load and store instructions, for data aborts whose syndrome does not describe the access
 * (pairs, writeback, SIMD...). Pure: takes the opcode, touches nothing.
 */
#ifndef VMM_ARCH_AARCH64_DECODE_H
#define VMM_ARCH_AARCH64_DECODE_H

#include <stdbool.h>
#include <stdint.h>

enum decode_kind {
    DECODE_OTHER,       /* not a load or store */
    DECODE_ACCESS,      /* can be emulated */
    DECODE_UNSUPPORTED, /* a load or store that no device takes: SIMD, exclusive, atomic */
    DECODE_PREFETCH,    /* has no effect */
};

enum decode_index { DECODE_OFFSET, DECODE_PRE, DECODE_POST };

/* Registers are 0..30; 31 is XZR for data and SP for the base. */
struct decoded {
    enum decode_kind kind;
    enum decode_index index;
    bool store;
    bool sign_extend;     /* of loads */
    bool wide;            /* load target is 64 bits */
    bool literal;         /* base is PC */
    bool register_offset; /* offset is in a register, see below */
    unsigned width;       /* bytes of one element */
    unsigned count;       /* elements: 1, or 2 for a pair */
    unsigned target[2];
    unsigned base;
    int64_t offset; /* bytes, unless register_offset */
    unsigned offset_register;
    unsigned extend; /* option field: 2 UXTW, 3 LSL, 6 SXTW, 7 SXTX */
    unsigned shift;
};

/* What an opcode does. For DECODE_UNSUPPORTED the address is valid, the rest is not. */
struct decoded decode_load_store(uint32_t opcode);

#endif
