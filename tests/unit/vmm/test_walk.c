/* SPDX-License-Identifier: BSD-2-Clause */
/* Translation through the guest's tables, for all granules, and with hostile tables. */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "arch/aarch64/walk.h"

#define MEM_SIZE 0x200000u

static struct guest_memory memory;
static uint8_t *ram;

static int set_up(void **state)
{
    ram = calloc(1, MEM_SIZE);
    memory = (struct guest_memory){.banks = 0};
    assert_true(guest_memory_add(&memory, RAM_BASE, MEM_SIZE, ram));
    return 0;
}

static int tear_down(void **state)
{
    free(ram);
    return 0;
}

static void put(uint64_t table, uint64_t index, uint64_t descriptor)
{
    assert_true(guest_memory_write(&memory, table + index * 8, &descriptor, 8));
}

/* TCR with T0SZ = T1SZ for va bits and the granule in both halves. */
static uint64_t tcr(unsigned va_bits, unsigned granule)
{
    uint64_t tg0 = granule == 12 ? 0 : granule == 14 ? 2 : 1;
    uint64_t tg1 = granule == 12 ? 2 : granule == 14 ? 1 : 3;
    return (64 - va_bits) | tg0 << 14 | (uint64_t)(64 - va_bits) << 16 | tg1 << 30;
}

/* Build a chain of tables down to a page, then translate an address in each half. */
static void maps_pages(unsigned va_bits, unsigned granule)
{
    unsigned stride = granule - 3;
    unsigned levels = (va_bits - granule + stride - 1) / stride;
    uint64_t virtual = UINT64_C(0x0000123456789abc) & ((UINT64_C(1) << va_bits) - 1);
    uint64_t page = RAM_BASE + 0x100000;
    uint64_t table = RAM_BASE;
    struct walk_regime regime = {.sctlr = 1,
                                 .tcr = tcr(va_bits, granule),
                                 .ttbr0 = RAM_BASE | UINT64_C(1) << 48,
                                 .ttbr1 = RAM_BASE};
    memset(ram, 0, MEM_SIZE);
    for (unsigned left = levels; left > 0; left--) {
        unsigned shift = granule + (left - 1) * stride;
        unsigned bits = left == levels ? va_bits - shift : stride;
        uint64_t next = left == 1 ? page : table + (UINT64_C(1) << granule);
        put(table, (virtual >> shift) & ((UINT64_C(1) << bits) - 1), next | 3);
        table = next;
    }
    uint64_t physical = 0;
    uint64_t inside = virtual & ((UINT64_C(1) << granule) - 1);
    assert_true(walk_translate(&memory, &regime, virtual, &physical));
    assert_int_equal(physical, page + inside);
    uint64_t high = virtual | ~((UINT64_C(1) << va_bits) - 1);
    assert_true(walk_translate(&memory, &regime, high, &physical));
    assert_int_equal(physical, page + inside);
    if (va_bits < 52) {
        assert_false(walk_translate(&memory, &regime, virtual | UINT64_C(1) << va_bits, &physical));
    }
    regime.tcr |= UINT64_C(1) << 7 | UINT64_C(1) << 23;
    assert_false(walk_translate(&memory, &regime, virtual, &physical));
    assert_false(walk_translate(&memory, &regime, high, &physical));
}

static void all_granules(void **state)
{
    static const unsigned sizes[] = {25, 30, 36, 39, 42, 47, 48};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        maps_pages(sizes[i], 12);
        maps_pages(sizes[i], 14);
        maps_pages(sizes[i], 16);
    }
}

static void blocks(void **state)
{
    struct walk_regime regime = {.sctlr = 1, .tcr = tcr(39, 12), .ttbr0 = RAM_BASE};
    uint64_t physical;
    put(RAM_BASE, 2, UINT64_C(0x80000000) | 1); /* level 1: 1 GiB */
    assert_true(walk_translate(&memory, &regime, 0x80123456, &physical));
    assert_int_equal(physical, 0x80123456);
    put(RAM_BASE, 3, (RAM_BASE + 0x1000) | 3);
    put(RAM_BASE + 0x1000, 1, UINT64_C(0x40200000) | 1); /* level 2: 2 MiB */
    assert_true(walk_translate(&memory, &regime, 0xc0212345, &physical));
    assert_int_equal(physical, 0x40212345);
    put(RAM_BASE + 0x1000, 2, (RAM_BASE + 0x2000) | 3);
    put(RAM_BASE + 0x2000, 0, UINT64_C(0x40003000) | 1); /* level 3: reserved */
    assert_false(walk_translate(&memory, &regime, 0xc0400000, &physical));
}

static void mmu_off_and_fetch(void **state)
{
    struct walk_regime regime = {.sctlr = 0};
    uint64_t physical;
    assert_true(walk_translate(&memory, &regime, 0x123, &physical));
    assert_int_equal(physical, 0x123);

    machine_new(2, 1);
    uint32_t opcode = 0;
    memcpy(machine.ram + 0x1000, &(uint32_t){0xd503201f}, 4);
    assert_true(walk_fetch(machine_vcpu(0), CODE, &opcode));
    assert_int_equal(opcode, 0xd503201f);
    assert_false(walk_fetch(machine_vcpu(0), CODE + 2, &opcode));
    assert_false(walk_fetch(machine_vcpu(0), 0, &opcode));
    assert_false(walk_fetch(machine_vcpu(0), RAM_BASE + RAM_SIZE, &opcode));
    machine_free();
}

/* Any registers over any memory: ends, and touches nothing outside (sanitizers). */
static void hostile_tables(void **state)
{
    uint64_t seed = 42;
    for (unsigned i = 0; i < MEM_SIZE / 8; i++) {
        uint64_t r = random_next(&seed);
        put(RAM_BASE, i, (r & 7) != 0 ? (RAM_BASE + (r & (MEM_SIZE - 1))) | (r >> 60) : r);
    }
    for (unsigned i = 0; i < 300000; i++) {
        struct walk_regime regime = {
            .sctlr = 1 | (random_next(&seed) & (UINT64_C(1) << 25)),
            .tcr = random_next(&seed),
            .ttbr0 = RAM_BASE + random_next(&seed) % (2 * MEM_SIZE),
            .ttbr1 = random_next(&seed),
        };
        uint64_t physical;
        walk_translate(&memory, &regime, random_next(&seed) >> (random_next(&seed) % 64),
                       &physical);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(all_granules), TEST(blocks), TEST(mmu_off_and_fetch),
                                       TEST(hostile_tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
