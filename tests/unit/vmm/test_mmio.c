/* SPDX-License-Identifier: BSD-2-Clause */
/* Emulated loads and stores, as the guest sees them. */
#include "machine.h"

#include <string.h>

#define SCRATCH UINT64_C(0x0c000000)

/* A device of sixteen bytes. */
static uint8_t scratch[16];
static unsigned accesses;

static enum region_result scratch_access(void *opaque, struct vcpu *vcpu, uint64_t offset,
                                         unsigned width, bool write, uint64_t *value)
{
    accesses++;
    if (write) {
        memcpy(scratch + offset, value, width);
    } else {
        *value = UINT64_MAX; /* bits above the width must not matter */
        memcpy(value, scratch + offset, width);
    }
    return REGION_HANDLED;
}

static int set_up(void **state)
{
    struct region region = {
        .name = "scratch", .base = SCRATCH, .size = sizeof(scratch), .access = scratch_access};
    machine_new(2, 1);
    assert_true(region_bus_add(&machine.board.vm.bus, &region));
    for (unsigned i = 0; i < sizeof(scratch); i++) {
        scratch[i] = (uint8_t)(0x80 + i);
    }
    accesses = 0;
    return 0;
}

static int tear_down(void **state)
{
    machine_free();
    return 0;
}

static void loads_extend(void **state)
{
    static const struct {
        unsigned width;
        bool sign_extend, wide;
        uint64_t expected;
    } cases[] = {
        {1, false, false, 0x80},
        {1, true, false, 0xffffff80},
        {1, true, true, 0xffffffffffffff80},
        {2, false, false, 0x8180},
        {2, true, false, 0xffff8180},
        {2, true, true, 0xffffffffffff8180},
        {4, false, false, 0x83828180},
        {4, true, true, 0xffffffff83828180},
        {8, false, true, 0x8786858483828180},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (unsigned reg = 0; reg < 31; reg++) {
            machine_set_reg(VCPU_REG_PC, CODE);
            machine_set_reg((enum vcpu_reg)reg, UINT64_MAX);
            memory_exit(data_abort(cases[i].width, reg, false, cases[i].sign_extend, cases[i].wide),
                        SCRATCH);
            assert_int_equal(machine_reg((enum vcpu_reg)reg), cases[i].expected);
            assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 4);
        }
    }
}

static void zero_register(void **state)
{
    machine_set_reg(VCPU_REG_SP_EL0, 77);
    memory_exit(data_abort(4, 31, false, false, false), SCRATCH);
    memory_exit(data_abort(4, 31, true, false, false), SCRATCH + 4);
    assert_int_equal(scratch[4] | scratch[5] | scratch[6] | scratch[7], 0);
    assert_int_equal(machine_reg(VCPU_REG_SP_EL0), 77);
    assert_int_equal(accesses, 2);
}

static void stores_pass_only_their_width(void **state)
{
    machine_set_reg(5, 0x1122334455667788);
    memory_exit(data_abort(2, 5, true, false, false), SCRATCH + 2);
    assert_int_equal(scratch[1], 0x81);
    assert_int_equal(scratch[2], 0x88);
    assert_int_equal(scratch[3], 0x77);
    assert_int_equal(scratch[4], 0x84);
}

static void narrow_instruction_advances_by_two(void **state)
{
    memory_exit(data_abort(1, 0, false, false, false) & ~ESR_IL, SCRATCH);
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 2);
}

/* ITSTATE as SPSR has it (Arm ARM C5.2.18, "from AArch32 state"). */
#define IT(it) ((uint64_t)((it)&3) << 25 | (uint64_t)((it) >> 2) << 10)

/* The next instruction of a T32 IT block has its turn. */
static void it_block_advances(void **state)
{
    static const struct {
        uint64_t before, after;
    } cases[] = {
        {0x1f0, 0x1f0},                       /* outside of an IT block */
        {0x1f0 | IT(0x0c), 0x1f0 | IT(0x18)}, /* ITE EQ: NE comes next */
        {0x1f0 | IT(0x18), 0x1f0},            /* was the last one */
        {0x1f0 | IT(0xe1), 0x1f0 | IT(0xe2)}, /* the first of four that always execute */
        {0x600001f0 | IT(0x14), 0x600001f0 | IT(0x08)},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        machine_set_reg(VCPU_REG_PC, CODE);
        machine_set_reg(VCPU_REG_SPSR, cases[i].before);
        memory_exit(data_abort(4, 1, false, false, false) & ~ESR_IL, SCRATCH);
        assert_int_equal(machine_reg(VCPU_REG_SPSR), cases[i].after);
        assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 2);
    }
}

static void pairs(void **state)
{
    machine_set_reg(1, SCRATCH);
    instruction_exit(0xa9400821, SCRATCH, false); /* ldp x1, x2, [x1] */
    assert_int_equal(machine_reg(1), 0x8786858483828180);
    assert_int_equal(machine_reg(2), 0x8f8e8d8c8b8a8988);

    machine_set_reg(1, SCRATCH);
    instruction_exit(0x68c10c22, SCRATCH, false); /* ldpsw x2, x3, [x1], #8 */
    assert_int_equal(machine_reg(2), 0xffffffff83828180);
    assert_int_equal(machine_reg(3), 0xffffffff87868584);
    assert_int_equal(machine_reg(1), SCRATCH + 8);

    machine_set_reg(2, 0x1111111122222222);
    machine_set_reg(3, 0x3333333344444444);
    machine_set_reg(1, SCRATCH);
    instruction_exit(0x29010c22, SCRATCH + 8, true); /* stp w2, w3, [x1, #8] */
    assert_int_equal(scratch[8], 0x22);
    assert_int_equal(scratch[12], 0x44);
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 12);
}

static void writeback_and_stack_pointer(void **state)
{
    machine_set_reg(1, SCRATCH + 8);
    machine_set_reg(0, 0xabcdef01);
    instruction_exit(0xb81fcc20, SCRATCH + 4, true); /* str w0, [x1, #-4]! */
    assert_int_equal(machine_reg(1), SCRATCH + 4);
    assert_int_equal(scratch[4], 0x01);

    /* stp x29, x30, [sp, #-16]!: SP_EL1 at EL1h, SP_EL0 at EL1t */
    fake.vcpu[0].sysreg[VCPU_SP_EL1] = SCRATCH + 16;
    machine_set_reg(VCPU_REG_SP_EL0, 3);
    machine_set_reg(29, 0x2929);
    instruction_exit(0xa9bf7bfd, SCRATCH, true);
    assert_int_equal(fake.vcpu[0].sysreg[VCPU_SP_EL1], SCRATCH);
    assert_int_equal(machine_reg(VCPU_REG_SP_EL0), 3);
    assert_int_equal(scratch[0], 0x29);

    machine_set_reg(VCPU_REG_SPSR, 0x3c4);
    machine_set_reg(VCPU_REG_SP_EL0, SCRATCH + 16);
    instruction_exit(0xa9bf7bfd, SCRATCH, true);
    assert_int_equal(machine_reg(VCPU_REG_SP_EL0), SCRATCH);
}

static void register_offsets(void **state)
{
    machine_set_reg(1, SCRATCH + 8);
    machine_set_reg(2, 0xfffffffffffffffe);
    instruction_exit(0xb8627820, SCRATCH, false); /* ldr w0, [x1, x2, lsl #2] */
    assert_int_equal(machine_reg(0), 0x83828180);
    machine_set_reg(0, 0x55);
    machine_set_reg(2, 0xfffffff9);                  /* -7 as a word */
    instruction_exit(0x3822c820, SCRATCH + 1, true); /* strb w0, [x1, w2, sxtw] */
    assert_int_equal(scratch[1], 0x55);
}

static void unsupported_forms_abort(void **state)
{
    static const uint32_t opcodes[] = {0x3d800020, 0x885f7c20, 0x88a27c20, 0xb8220020, 0xd50b7421};
    for (size_t i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++) {
        machine_set_reg(VCPU_REG_PC, CODE);
        machine_set_reg(VCPU_REG_SPSR, 0x3c5);
        machine_set_reg(1, SCRATCH);
        instruction_exit(opcodes[i], SCRATCH, true);
        assert_true(took_exception(UINT32_MAX & ~(uint64_t)ESR_FNV, 0x96000050));
    }
    assert_int_equal(accesses, 0);
}

/* The instruction in memory does not fit what the hardware reported: a sibling changed it. */
static void changed_instruction_aborts(void **state)
{
    machine_set_reg(1, SCRATCH + 0x100);
    instruction_exit(0xa9400821, SCRATCH, false);
    assert_true(took_exception(UINT64_C(0x3f) << 26, (uint64_t)ESR_EC_DABORT_SAME << 26));
    assert_int_equal(accesses, 0);
}

static void pair_across_the_end_aborts(void **state)
{
    machine_set_reg(1, SCRATCH + 8);
    instruction_exit(0xa9400821, SCRATCH + 8, false); /* second element is outside */
    assert_true(took_exception(UINT64_C(0x3f) << 26, (uint64_t)ESR_EC_DABORT_SAME << 26));
    assert_int_equal(accesses, 0);
}

static void unclaimed_addresses_abort(void **state)
{
    static const uint64_t addresses[] = {
        0, 0x07000000, 0x3fffffff, RAM_BASE + RAM_SIZE, SCRATCH + 16, UINT64_C(0xffffffffff)};
    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        machine_set_reg(VCPU_REG_PC, CODE);
        machine_set_reg(VCPU_REG_SPSR, 0x3c5);
        uint64_t before = machine_vcpu(0)->stats->exits[BH_EXIT_ABORT];
        memory_exit(data_abort(4, 0, false, false, false), addresses[i]);
        assert_true(took_exception(UINT32_MAX & ~(uint64_t)ESR_FNV, 0x96000010));
        assert_int_equal(machine_vcpu(0)->stats->exits[BH_EXIT_ABORT], before + 1);
    }
    assert_true(fake.log_lines > 0);
}

static void access_over_a_regions_end_aborts(void **state)
{
    memory_exit(data_abort(8, 0, false, false, true), SCRATCH + 12);
    assert_true(took_exception(UINT64_C(0x3f) << 26, (uint64_t)ESR_EC_DABORT_SAME << 26));
    assert_int_equal(accesses, 0);
}

static void cache_maintenance(void **state)
{
    uint64_t syndrome = (uint64_t)ESR_EC_DABORT_LOWER << ESR_EC_SHIFT | ESR_IL | ESR_CM | ESR_WNR;
    memory_exit(syndrome, SCRATCH);
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 4);
    memory_exit(syndrome, 0x0bad0000);
    assert_true(took_exception(ESR_CM | 0x3f, ESR_CM | 0x10));
    assert_int_equal(accesses, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(loads_extend),
        TEST(zero_register),
        TEST(stores_pass_only_their_width),
        TEST(narrow_instruction_advances_by_two),
        TEST(it_block_advances),
        TEST(pairs),
        TEST(writeback_and_stack_pointer),
        TEST(register_offsets),
        TEST(unsupported_forms_abort),
        TEST(changed_instruction_aborts),
        TEST(pair_across_the_end_aborts),
        TEST(unclaimed_addresses_abort),
        TEST(access_over_a_regions_end_aborts),
        TEST(cache_maintenance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
