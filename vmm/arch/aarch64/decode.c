/* SPDX-License-Identifier: BSD-2-Clause */
/* Encodings: Arm ARM C4.1.94 "Loads and Stores". */
#include "arch/aarch64/decode.h"

static uint32_t bits(uint32_t opcode, unsigned high, unsigned low)
{
    return (opcode >> low) & ((UINT32_C(2) << (high - low)) - 1);
}

static bool bit(uint32_t opcode, unsigned n)
{
    return ((opcode >> n) & 1) != 0;
}

static int64_t sign(uint32_t value, unsigned width)
{
    uint64_t top = UINT64_C(1) << (width - 1);
    return (int64_t)((value ^ top) - top);
}

/* size and opc of a single-register access (C4.1.94.24 and its neighbours). */
static void single_operation(struct decoded *d, uint32_t opcode)
{
    unsigned size = bits(opcode, 31, 30);
    unsigned opc = bits(opcode, 23, 22);
    d->width = 1u << size;
    d->count = 1;
    d->target[0] = bits(opcode, 4, 0);
    d->base = bits(opcode, 9, 5);
    d->store = opc == 0;
    d->sign_extend = opc >= 2;
    d->wide = opc == 2 || (opc == 1 && size == 3);
    d->kind = DECODE_ACCESS;

    if (size == 3 && opc == 2) {
        d->kind = DECODE_PREFETCH;
    } else if ((size == 3 || size == 2) && opc == 3) {
        d->kind = DECODE_OTHER;
    }
}

/* SIMD and FP registers are out of reach, only the address is decoded (scale is opc<1>:size). */
static void simd_operation(struct decoded *d, uint32_t opcode)
{
    unsigned scale = bits(opcode, 31, 30) | (bit(opcode, 23) ? 4u : 0u);
    d->kind = scale > 4 ? DECODE_OTHER : DECODE_UNSUPPORTED;
    d->width = 1u << (scale > 4 ? 0 : scale);
    d->count = 1;
    d->base = bits(opcode, 9, 5);
    d->store = !bit(opcode, 22);
}

static void single(struct decoded *d, uint32_t opcode)
{
    if (bit(opcode, 26)) {
        simd_operation(d, opcode);
    } else {
        single_operation(d, opcode);
    }

    if (bit(opcode, 24)) { /* unsigned scaled offset */
        d->offset = (int64_t)bits(opcode, 21, 10) * d->width;
        return;
    }
    if (!bit(opcode, 21)) { /* signed 9-bit offset */
        d->offset = sign(bits(opcode, 20, 12), 9);
        switch (bits(opcode, 11, 10)) {
        case 1:
            d->index = DECODE_POST;
            break;
        case 3:
            d->index = DECODE_PRE;
            break;
        default: /* unscaled, unprivileged */
            break;
        }
        if (d->kind == DECODE_PREFETCH && d->index != DECODE_OFFSET) {
            d->kind = DECODE_OTHER;
        }
        return;
    }
    if (bits(opcode, 11, 10) == 2) {
        d->register_offset = true;
        d->offset_register = bits(opcode, 20, 16);
        d->extend = bits(opcode, 15, 13);
        d->shift = bit(opcode, 12) ? (unsigned)__builtin_ctz(d->width) : 0;
        if ((d->extend & 2) == 0) {
            d->kind = DECODE_OTHER;
        }
        return;
    }
    /* Atomics (00) have no offset; loads with pointer authentication (01, 11) have 10 bits. */
    d->kind = d->kind == DECODE_OTHER ? DECODE_OTHER : DECODE_UNSUPPORTED;
    if (bit(opcode, 10)) {
        d->offset = sign(bits(opcode, 20, 12) | (bit(opcode, 22) ? 0x200u : 0u), 10) * 8;
        d->index = bit(opcode, 11) ? DECODE_PRE : DECODE_OFFSET;
    }
}

static void pair(struct decoded *d, uint32_t opcode)
{
    unsigned opc = bits(opcode, 31, 30);
    d->count = 2;
    d->store = !bit(opcode, 22);
    d->target[0] = bits(opcode, 4, 0);
    d->target[1] = bits(opcode, 14, 10);
    d->base = bits(opcode, 9, 5);
    d->kind = opc == 3 ? DECODE_OTHER : DECODE_ACCESS;
    if (bit(opcode, 26)) {
        d->width = 4u << (opc & 3);
        d->kind = opc == 3 ? DECODE_OTHER : DECODE_UNSUPPORTED;
    } else if (opc == 1) { /* LDPSW; with L = 0 it is STGP, a tag store */
        d->width = 4;
        d->sign_extend = true;
        d->wide = true;
        d->kind = d->store ? DECODE_UNSUPPORTED : DECODE_ACCESS;
    } else {
        d->width = opc == 0 ? 4 : 8;
        d->wide = opc == 2;
    }
    d->offset = sign(bits(opcode, 21, 15), 7) * d->width;

    unsigned mode = bits(opcode, 24, 23);
    d->index = mode == 1 ? DECODE_POST : mode == 3 ? DECODE_PRE : DECODE_OFFSET;
}

/* Exclusives, compare-and-swap, load-acquire and store-release share a group. Only the last two are
 * plain accesses; devices have no exclusive monitor. */
static void ordered(struct decoded *d, uint32_t opcode)
{
    d->count = 1;
    d->width = 1u << bits(opcode, 31, 30);
    d->wide = d->width == 8;
    d->store = !bit(opcode, 22);
    d->target[0] = bits(opcode, 4, 0);
    d->base = bits(opcode, 9, 5);
    d->kind = bit(opcode, 23) && !bit(opcode, 21) ? DECODE_ACCESS : DECODE_UNSUPPORTED;
}

static void literal(struct decoded *d, uint32_t opcode)
{
    unsigned opc = bits(opcode, 31, 30);
    d->literal = true;
    d->count = 1;
    d->offset = sign(bits(opcode, 23, 5), 19) * 4;
    d->target[0] = bits(opcode, 4, 0);
    d->width = opc == 1 ? 8 : 4;
    d->wide = opc != 0;
    d->sign_extend = opc == 2;
    d->kind = DECODE_ACCESS;
    if (bit(opcode, 26)) {
        d->width = 4u << (opc & 3);
        d->kind = opc == 3 ? DECODE_OTHER : DECODE_UNSUPPORTED;
    } else if (opc == 3) {
        d->kind = DECODE_PREFETCH;
    }
}

/* LDAPUR and STLUR: like the unscaled forms. */
static void ordered_unscaled(struct decoded *d, uint32_t opcode)
{
    single_operation(d, opcode);
    d->offset = sign(bits(opcode, 20, 12), 9);
    if (d->kind == DECODE_PREFETCH) {
        d->kind = DECODE_OTHER;
    }
}

struct decoded decode_load_store(uint32_t opcode)
{
    struct decoded d = {.kind = DECODE_OTHER, .width = 1};

    if (bits(opcode, 29, 27) == 7 && !bit(opcode, 25)) {
        single(&d, opcode);
    } else if (bits(opcode, 29, 27) == 5 && !bit(opcode, 25)) {
        pair(&d, opcode);
    } else if (bits(opcode, 29, 24) == 0x08) {
        ordered(&d, opcode);
    } else if (bits(opcode, 29, 24) == 0x19 && !bit(opcode, 21) && bits(opcode, 11, 10) == 0) {
        ordered_unscaled(&d, opcode);
    } else if (bits(opcode, 29, 27) == 3 && bits(opcode, 25, 24) == 0) {
        literal(&d, opcode);
    } else if ((opcode & 0xbe000000) == 0x0c000000) { /* SIMD structures */
        d.kind = DECODE_UNSUPPORTED;
        d.count = 1;
        d.width = 16;
        d.base = bits(opcode, 9, 5);
        d.store = !bit(opcode, 22);
    }
    return d;
}
