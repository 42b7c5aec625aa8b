/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses to guest-physical addresses that are not RAM. */
#include "arch/aarch64/decode.h"
#include "arch/aarch64/esr.h"
#include "arch/aarch64/exit.h"
#include "arch/aarch64/inject.h"
#include "arch/aarch64/pstate.h"
#include "arch/aarch64/walk.h"
#include "core/compiler.h"
#include "core/host.h"
#include "core/vm.h"

#define PAGE_MASK   UINT64_C(0xfff) /* address bits that translation does not change */
#define EC_MASK     (UINT64_C(0x3f) << ESR_EC_SHIFT)
#define PLAIN_MASK  (EC_MASK | ESR_ISV | ESR_CM | ESR_S1PTW)
#define PLAIN_VALUE ((uint64_t)ESR_EC_DABORT_LOWER << ESR_EC_SHIFT | ESR_ISV)

static uint64_t truncate(uint64_t value, unsigned width)
{
    unsigned unused = 64 - 8 * width;
    return value << unused >> unused;
}

/* What a load leaves in its register. */
static uint64_t extend(uint64_t value, unsigned width, bool sign_extend, bool wide)
{
    unsigned unused = 64 - 8 * width;
    value <<= unused;
    value = sign_extend ? (uint64_t)((int64_t)value >> unused) : value >> unused;
    return wide ? value : value & UINT32_MAX;
}

static void set_data_register(struct vcpu *vcpu, unsigned reg, uint64_t value)
{
    if (reg != XZR) {
        host_reg_write(vcpu, (enum vcpu_reg)reg, value);
    }
}

/* An instruction of 16 bits is T32 code, and may be in an IT block: AArch32.ITAdvance(). */
static COLD void skip_narrow(struct vcpu *vcpu)
{
    uint64_t spsr = host_reg_read(vcpu, VCPU_REG_SPSR);
    uint64_t it = (spsr & PSTATE_IT_HIGH) >> 8 | (spsr & PSTATE_IT_LOW) >> 25;
    if (it != 0) {
        it = (it & 7) == 0 ? 0 : (it & 0xe0) | (it << 1 & 0x1f);
        spsr &= ~(PSTATE_IT_HIGH | PSTATE_IT_LOW);
        spsr |= (it << 8 & PSTATE_IT_HIGH) | (it << 25 & PSTATE_IT_LOW);
        host_reg_write(vcpu, VCPU_REG_SPSR, spsr);
    }
    host_reg_write(vcpu, VCPU_REG_PC, host_reg_read(vcpu, VCPU_REG_PC) + 2);
}

/* Longer ones are not looked at for IT blocks and single steps: PSTATE costs too much. */
void exit_skip(struct vcpu *vcpu, uint64_t syndrome)
{
    if (unlikely((syndrome & ESR_IL) == 0)) {
        skip_narrow(vcpu);
        return;
    }
    host_reg_write(vcpu, VCPU_REG_PC, host_reg_read(vcpu, VCPU_REG_PC) + 4);
}

/* The base register of a load or store. 31 is the stack pointer that PSTATE selects. */
static uint64_t read_base(struct vcpu *vcpu, unsigned base)
{
    if (base != XZR) {
        return host_reg_read(vcpu, (enum vcpu_reg)base);
    }
    uint64_t spsr = host_reg_read(vcpu, VCPU_REG_SPSR);
    bool handler_stack = pstate_el(spsr) != 0 && (spsr & PSTATE_SP) != 0;
    return handler_stack ? host_sysreg_read(vcpu, VCPU_SP_EL1)
                         : host_reg_read(vcpu, VCPU_REG_SP_EL0);
}

static void write_base(struct vcpu *vcpu, unsigned base, uint64_t value)
{
    if (base != XZR) {
        host_reg_write(vcpu, (enum vcpu_reg)base, value);
        return;
    }
    uint64_t spsr = host_reg_read(vcpu, VCPU_REG_SPSR);
    if (pstate_el(spsr) != 0 && (spsr & PSTATE_SP) != 0) {
        host_sysreg_write(vcpu, VCPU_SP_EL1, value);
    } else {
        host_reg_write(vcpu, VCPU_REG_SP_EL0, value);
    }
}

static int64_t access_offset(struct vcpu *vcpu, const struct decoded *d)
{
    if (!d->register_offset) {
        return d->offset;
    }
    uint64_t value = exit_register(vcpu, d->offset_register);
    if (d->extend == 2) {
        value &= UINT32_MAX;
    } else if (d->extend == 6) {
        value = extend(value, 4, true, true);
    }
    return (int64_t)(value << d->shift);
}

/* Guest-virtual address of the access. */
static uint64_t access_address(struct vcpu *vcpu, const struct decoded *d)
{
    uint64_t base = d->literal ? host_reg_read(vcpu, VCPU_REG_PC) : read_base(vcpu, d->base);
    return d->index == DECODE_POST ? base : base + (uint64_t)access_offset(vcpu, d);
}

/* Decode the instruction at PC. AArch32 code is not looked at. */
static struct decoded decode_at_pc(struct vcpu *vcpu)
{
    uint32_t opcode;
    if ((host_reg_read(vcpu, VCPU_REG_SPSR) & PSTATE_AARCH32) != 0 ||
        !walk_fetch(vcpu, host_reg_read(vcpu, VCPU_REG_PC), &opcode)) {
        return (struct decoded){.kind = DECODE_OTHER};
    }
    return decode_load_store(opcode);
}

/* Nothing answers: what hardware gives, a line and a counter. */
static COLD void abort_data(struct vcpu *vcpu, uint64_t syndrome, uint64_t at,
                            const struct decoded *d)
{
    struct inject_data data = {
        .write = (syndrome & ESR_WNR) != 0,
        .cache_operation = (syndrome & ESR_CM) != 0,
        .on_walk = (syndrome & ESR_S1PTW) != 0,
    };
    if (d->kind != DECODE_OTHER) {
        data.address = access_address(vcpu, d);
        /* Believe it only if the reported address lies in it. */
        uint64_t distance = (at - data.address) & PAGE_MASK;
        data.address_valid = data.on_walk || distance < (uint64_t)d->count * d->width;
    }

    vcpu->stats->exits[BH_EXIT_ABORT]++;
    log_limited(&vcpu->vm->guest_log, host_now(), vcpu->vm->tick_hz,
                "vcpu %u: %s at 0x%llx: %s (pc 0x%llx)", vcpu->index, data.write ? "write" : "read",
                (unsigned long long)at,
                region_bus_find(&vcpu->vm->bus, at, 1) != NULL ? "refused" : "nothing there",
                (unsigned long long)host_reg_read(vcpu, VCPU_REG_PC));
    inject_data_abort(vcpu, &data);
}

/* Stores of both elements are checked against the bus before the first one takes effect. */
static bool bus_answers(struct vcpu *vcpu, uint64_t address, const struct decoded *d)
{
    for (unsigned i = 0; i < d->count; i++) {
        if (region_bus_find(&vcpu->vm->bus, address + (uint64_t)i * d->width, d->width) == NULL) {
            return false;
        }
    }
    return true;
}

static bool transfer(struct vcpu *vcpu, uint64_t address, const struct decoded *d)
{
    uint64_t value[2] = {0, 0};
    for (unsigned i = 0; i < d->count; i++) {
        if (d->store) {
            value[i] = truncate(exit_register(vcpu, d->target[i]), d->width);
        }
        if (region_bus_access(&vcpu->vm->bus, vcpu, &vcpu->last_region,
                              address + (uint64_t)i * d->width, d->width, d->store,
                              &value[i]) != REGION_HANDLED) {
            return false;
        }
    }
    if (!d->store) {
        for (unsigned i = 0; i < d->count; i++) {
            set_data_register(vcpu, d->target[i],
                              extend(value[i], d->width, d->sign_extend, d->wide));
        }
    }
    return true;
}

/* The syndrome says nothing: find out from the instruction. */
static COLD void decoded_access(struct vcpu *vcpu, uint64_t syndrome, uint64_t at)
{
    vcpu->stats->decoded++;
    struct decoded d = decode_at_pc(vcpu);
    if (d.kind != DECODE_ACCESS) {
        abort_data(vcpu, syndrome, at, &d);
        return;
    }

    uint64_t address = access_address(vcpu, &d);
    uint64_t last = address + (uint64_t)d.count * d.width - 1;
    bool agrees = (address & PAGE_MASK) == (at & PAGE_MASK) &&
                  ((address ^ last) & ~PAGE_MASK) == 0 && d.store == ((syndrome & ESR_WNR) != 0);
    if (!agrees || !bus_answers(vcpu, at, &d)) {
        abort_data(vcpu, syndrome, at, &d);
        return;
    }

    /* Writeback starts from the base as it was, also where a load has the base as its target. */
    bool writeback = d.index != DECODE_OFFSET;
    uint64_t base = writeback ? read_base(vcpu, d.base) : 0;
    if (!transfer(vcpu, at, &d)) {
        abort_data(vcpu, syndrome, at, &d);
        return;
    }
    if (writeback) {
        write_base(vcpu, d.base, base + (uint64_t)d.offset);
    }
    vcpu->stats->exits[BH_EXIT_MMIO]++;
    exit_skip(vcpu, syndrome);
}

/* Cache maintenance by address: a device has nothing cached, an empty address still aborts. */
static COLD void cache_operation(struct vcpu *vcpu, uint64_t syndrome, uint64_t at)
{
    if (region_bus_find(&vcpu->vm->bus, at, 1) == NULL) {
        struct decoded none = {.kind = DECODE_OTHER};
        abort_data(vcpu, syndrome, at, &none);
        return;
    }
    vcpu->stats->exits[BH_EXIT_MMIO]++;
    exit_skip(vcpu, syndrome);
}

static COLD void abort_plain(struct vcpu *vcpu, uint64_t syndrome, uint64_t at)
{
    struct decoded d = decode_at_pc(vcpu);
    abort_data(vcpu, syndrome, at, &d);
}

/* The common case: one general register, described by the syndrome. */
static inline void plain_access(struct vcpu *vcpu, uint64_t syndrome, uint64_t at)
{
    unsigned width = 1u << ((syndrome >> ESR_SAS_SHIFT) & 3);
    unsigned reg = (unsigned)(syndrome >> ESR_SRT_SHIFT) & 31;
    bool write = (syndrome & ESR_WNR) != 0;
    uint64_t value = write ? truncate(exit_register(vcpu, reg), width) : 0;

    if (region_bus_access(&vcpu->vm->bus, vcpu, &vcpu->last_region, at, width, write, &value) !=
        REGION_HANDLED) {
        abort_plain(vcpu, syndrome, at);
        return;
    }
    if (!write) {
        set_data_register(
            vcpu, reg, extend(value, width, (syndrome & ESR_SSE) != 0, (syndrome & ESR_SF) != 0));
    }
    vcpu->stats->exits[BH_EXIT_MMIO]++;
    exit_skip(vcpu, syndrome);
}

static COLD void fetch_abort(struct vcpu *vcpu, uint64_t syndrome, uint64_t at)
{
    vcpu->stats->exits[BH_EXIT_ABORT]++;
    log_limited(&vcpu->vm->guest_log, host_now(), vcpu->vm->tick_hz,
                "vcpu %u: instruction fetch at 0x%llx: nothing there (pc 0x%llx)", vcpu->index,
                (unsigned long long)at, (unsigned long long)host_reg_read(vcpu, VCPU_REG_PC));
    inject_instruction_abort(vcpu, (syndrome & ESR_S1PTW) != 0);
}

void exit_memory(struct vcpu *vcpu, uint64_t syndrome, uint64_t at)
{
    if ((syndrome & PLAIN_MASK) == PLAIN_VALUE) {
        plain_access(vcpu, syndrome, at);
    } else if (esr_class(syndrome) == ESR_EC_IABORT_LOWER) {
        fetch_abort(vcpu, syndrome, at);
    } else if ((syndrome & ESR_S1PTW) != 0) {
        abort_plain(vcpu, syndrome, at);
    } else if ((syndrome & ESR_CM) != 0) {
        cache_operation(vcpu, syndrome, at);
    } else {
        decoded_access(vcpu, syndrome, at);
    }
}
