/* SPDX-License-Identifier: BSD-2-Clause */
/* VMSAv8-64 stage 1 (Arm ARM D8.2); registers: TCR_EL1 (D17.2.131), TTBRn_EL1. */
#include "arch/aarch64/walk.h"

#include "core/guest_memory.h"
#include "core/host.h"
#include "core/vm.h"

#define SCTLR_M  (UINT64_C(1) << 0)
#define SCTLR_EE (UINT64_C(1) << 25) /* tables are big endian */
#define TCR_DS   (UINT64_C(1) << 59) /* 52-bit addresses with 4K and 16K granules */

/* One half of the address space. */
struct half {
    unsigned granule; /* log2 of bytes: 12, 14, 16; 0 = reserved encoding */
    unsigned size;    /* bits of virtual address */
    bool disabled;
    uint64_t table;
};

static unsigned granule_tg0(uint64_t tg)
{
    static const uint8_t table[4] = {12, 16, 14, 0};
    return table[tg & 3];
}

static unsigned granule_tg1(uint64_t tg)
{
    static const uint8_t table[4] = {0, 14, 12, 16};
    return table[tg & 3];
}

static struct half choose_half(const struct walk_regime *regime, uint64_t address)
{
    uint64_t tcr = regime->tcr;
    if (((address >> 55) & 1) == 0) {
        return (struct half){
            .granule = granule_tg0(tcr >> 14),
            .size = 64 - (unsigned)(tcr & 0x3f),
            .disabled = ((tcr >> 7) & 1) != 0,
            .table = regime->ttbr0,
        };
    }
    return (struct half){
        .granule = granule_tg1(tcr >> 30),
        .size = 64 - (unsigned)((tcr >> 16) & 0x3f),
        .disabled = ((tcr >> 23) & 1) != 0,
        .table = regime->ttbr1,
    };
}

/* Bits [55:size] of an address are all 0 or all 1; the byte above may be a tag. */
static bool in_half(uint64_t address, unsigned size)
{
    if (size > 55) {
        return true;
    }
    uint64_t upper = (address << 8) >> (8 + size);
    return upper == 0 || upper == UINT64_MAX >> (8 + size);
}

static bool read_descriptor(const struct guest_memory *memory, const struct walk_regime *regime,
                            uint64_t address, uint64_t *descriptor)
{
    if (!guest_memory_read(memory, address, descriptor, sizeof(*descriptor))) {
        return false;
    }
    if ((regime->sctlr & SCTLR_EE) != 0) {
        *descriptor = __builtin_bswap64(*descriptor);
    }
    return true;
}

bool walk_translate(const struct guest_memory *memory, const struct walk_regime *regime,
                    uint64_t address, uint64_t *physical)
{
    if ((regime->sctlr & SCTLR_M) == 0) {
        *physical = address;
        return true;
    }

    struct half half = choose_half(regime, address);
    if (half.disabled || half.granule == 0 || half.size < half.granule + 1 || half.size > 52 ||
        !in_half(address, half.size)) {
        return false;
    }

    /* RAM is far below 2^48, so output address bits above are required to be 0 by the look-up. */
    unsigned top = half.granule != 16 && (regime->tcr & TCR_DS) != 0 ? 50 : 48;
    uint64_t output_mask = ((UINT64_C(1) << top) - 1) & ~((UINT64_C(1) << half.granule) - 1);
    unsigned stride = half.granule - 3;
    unsigned levels = (half.size - half.granule + stride - 1) / stride;
    uint64_t table = half.table & ((UINT64_C(1) << 48) - 1) & ~UINT64_C(0x3f);

    for (unsigned left = levels; left > 0; left--) {
        unsigned shift = half.granule + (left - 1) * stride;
        unsigned index_bits = left == levels ? half.size - shift : stride;
        uint64_t index = (address >> shift) & ((UINT64_C(1) << index_bits) - 1);
        uint64_t descriptor;
        if (!read_descriptor(memory, regime, table + index * 8, &descriptor) ||
            (descriptor & 1) == 0) {
            return false;
        }

        bool table_or_page = (descriptor & 2) != 0;
        if (left == 1 || !table_or_page) {
            bool leaf = left == 1 ? table_or_page : left <= 3;
            uint64_t inside = (UINT64_C(1) << shift) - 1;
            *physical = (descriptor & output_mask & ~inside) | (address & inside);
            return leaf;
        }
        table = descriptor & output_mask;
    }
    return false;
}

bool walk_fetch(struct vcpu *vcpu, uint64_t address, uint32_t *opcode)
{
    struct walk_regime regime = {
        .sctlr = host_sysreg_read(vcpu, VCPU_SCTLR_EL1),
        .tcr = host_sysreg_read(vcpu, VCPU_TCR_EL1),
        .ttbr0 = host_sysreg_read(vcpu, VCPU_TTBR0_EL1),
        .ttbr1 = host_sysreg_read(vcpu, VCPU_TTBR1_EL1),
    };
    uint64_t physical;
    if ((address & 3) != 0 || !walk_translate(&vcpu->vm->memory, &regime, address, &physical)) {
        return false;
    }
    return guest_memory_read(&vcpu->vm->memory, physical, opcode, sizeof(*opcode));
}
