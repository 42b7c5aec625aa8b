/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts from devicetrees, sound and damaged, and the map built from them. */
#include "facts.h"
#include "mmu.h"

#include <libfdt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FDT_ROOM 4096

static void *new_tree(void)
{
    static const uint64_t memory[2] = {0x40000000, 0x80000000};
    void *fdt = calloc(1, FDT_ROOM);

    assert_non_null(fdt);
    assert_int_equal(fdt_create_empty_tree(fdt, FDT_ROOM), 0);
    fdt_setprop_u32(fdt, 0, "#address-cells", 2);
    fdt_setprop_u32(fdt, 0, "#size-cells", 2);
    int node = fdt_add_subnode(fdt, 0, "psci");
    fdt_setprop(fdt, node, "compatible", "arm,psci-1.0\0arm,psci-0.2", 26);
    fdt_setprop_string(fdt, node, "method", "smc");
    node = fdt_add_subnode(fdt, 0, "memory@40000000");
    fdt_setprop_string(fdt, node, "device_type", "memory");
    fdt_setprop_u64(fdt, node, "reg", memory[0]);
    fdt_appendprop_u64(fdt, node, "reg", memory[1]);
    int cpus = fdt_add_subnode(fdt, 0, "cpus");
    fdt_setprop_u32(fdt, cpus, "#address-cells", 1);
    fdt_setprop_u32(fdt, cpus, "#size-cells", 0);
    fdt_add_subnode(fdt, cpus, "cpu-map");
    for (int i = 11; i >= 0; i--) {
        char name[] = {'c', 'p', 'u', '@', (char)('a' + i), '\0'};
        node = fdt_add_subnode(fdt, cpus, name);
        fdt_setprop_string(fdt, node, "device_type", "cpu");
        fdt_setprop_u32(fdt, node, "reg", (uint32_t)i << 8);
    }
    node = fdt_add_subnode(fdt, 0, "pl011@9040000");
    fdt_setprop_string(fdt, node, "compatible", "arm,pl011");
    fdt_setprop_u64(fdt, node, "reg", 0x9040000);
    node = fdt_add_subnode(fdt, 0, "pl011@9000000");
    fdt_setprop(fdt, node, "compatible", "arm,pl011\0arm,primecell", 24);
    fdt_setprop_u64(fdt, node, "reg", 0x9000000);
    node = fdt_add_subnode(fdt, 0, "chosen");
    assert_int_equal(fdt_setprop_string(fdt, node, "stdout-path", "/pl011@9000000:115200"), 0);
    assert_int_equal(fdt_pack(fdt), 0);
    return fdt;
}

static void test_facts(void **state)
{
    void *fdt = new_tree();
    struct facts facts;

    assert_null(facts_read(fdt, &facts));
    assert_int_equal(facts.banks, 1);
    assert_int_equal(facts.bank[0].start, 0x40000000);
    assert_int_equal(facts.bank[0].end, 0xc0000000);
    assert_int_equal(facts.cpus, FACTS_MAX_CPUS);
    assert_int_equal(facts.mpidr[7], 0x700);
    assert_int_equal(facts.psci, PSCI_SMC);
    assert_int_equal(facts.uart, 0x9000000);
    free(fdt);
}

static void test_defaults(void **state)
{
    void *fdt = new_tree();
    struct facts facts;

    fdt_del_node(fdt, fdt_path_offset(fdt, "/chosen"));
    fdt_setprop_inplace(fdt, fdt_path_offset(fdt, "/psci"), "method", "hvc", 4);
    assert_null(facts_read(fdt, &facts));
    assert_int_equal(facts.psci, PSCI_HVC);
    assert_true(facts.uart == 0x9000000 || facts.uart == 0x9040000);
    fdt_del_node(fdt, fdt_path_offset(fdt, "/psci"));
    fdt_del_node(fdt, fdt_path_offset(fdt, "/pl011@9000000"));
    fdt_del_node(fdt, fdt_path_offset(fdt, "/pl011@9040000"));
    assert_null(facts_read(fdt, &facts));
    assert_int_equal(facts.psci, PSCI_NONE);
    assert_int_equal(facts.uart, 0);
    fdt_del_node(fdt, fdt_path_offset(fdt, "/cpus"));
    assert_non_null(facts_read(fdt, &facts));
    free(fdt);

    fdt = new_tree();
    fdt_del_node(fdt, fdt_path_offset(fdt, "/memory@40000000"));
    assert_non_null(facts_read(fdt, &facts));
    free(fdt);
}

/* Damage of any kind must not lead outside the tree; the sanitizer watches its ends. */
static void test_noise(void **state)
{
    void *sound = new_tree();
    size_t size = fdt_totalsize(sound);
    uint32_t seed = 1;
    struct facts facts;

    for (int round = 0; round < 30000; round++) {
        uint8_t *fdt = malloc(size);
        assert_non_null(fdt);
        memcpy(fdt, sound, size);
        for (int i = 0; i <= round % 4; i++) {
            seed = seed * 1664525 + 1013904223;
            fdt[40 + (seed >> 8) % (size - 40)] ^= (uint8_t)(1u << (seed >> 5) % 8);
        }
        if (fdt_check_header(fdt) == 0) {
            facts_uart(fdt);
            facts_read(fdt, &facts);
            assert_true(facts.banks <= FACTS_MAX_BANKS && facts.cpus <= FACTS_MAX_CPUS);
        }
        free(fdt);
    }
    free(sound);
}

/* --- the map ------------------------------------------------------------------------------------
 */

static uint64_t lookup(const struct mmu_tables *tables, uint64_t address)
{
    uint64_t entry = tables->root[address >> 39 & 511];

    for (int shift = 30; shift >= 21 && (entry & 3) == 3; shift -= 9) {
        const uint64_t *table = (const uint64_t *)(entry & ~UINT64_C(4095));
        entry = table[address >> shift & 511];
    }
    return entry;
}

static void expect(const struct mmu_tables *tables, uint64_t virtual, uint64_t physical,
                   unsigned attribute)
{
    uint64_t entry = lookup(tables, virtual);

    assert_int_equal(entry & 3, 1);
    assert_int_equal(entry >> 2 & 7, attribute);
    assert_int_equal(entry & UINT64_C(0xffffffe00000), physical & ~UINT64_C(0x1fffff));
}

static struct mmu_tables *new_tables(void)
{
    struct mmu_tables *tables = aligned_alloc(4096, sizeof(*tables));

    assert_non_null(tables);
    memset(tables, 0, sizeof(*tables));
    return tables;
}

static void test_map(void **state)
{
    struct range bank[] = {{0x40000000, 0xc0000000}, {0x100000000, 0x108000000}};
    struct mmu_tables *tables = new_tables();

    assert_true(mmu_build(tables, bank, 2, false));
    expect(tables, 0x9000000, 0, 0);
    assert_int_equal(lookup(tables, 0x40000000) & 0x1c, 4 << 2);
    expect(tables, 0x100000000, 0x100000000, 4);
    expect(tables, 0x107e00000, 0x107e00000, 4);
    expect(tables, 0x108000000, 0x108000000, 0);

    assert_true(mmu_add_window(tables, 0x60000000, 0x60240000, 0x8000000000));
    expect(tables, 0x8060000000, 0x60000000, 4);
    expect(tables, 0x8060200000, 0x60200000, 4);
    assert_int_equal(lookup(tables, 0x8060400000), 0);
    assert_true(mmu_add_window(tables, 0x60000000, 0x60240000, 0));
    free(tables);
}

static void test_map_refusals(void **state)
{
    struct range bank[MMU_SPLITS + 1];
    struct mmu_tables *tables = new_tables();

    assert_false(mmu_add_window(tables, 0x60000000, 0x60240000, 0x40000000)); /* in the way */
    assert_false(mmu_add_window(tables, 0x7ff00000, 0x80100000, 0x8000000000));
    assert_false(mmu_add_window(tables, 0x60000000, 0x60240000, UINT64_C(0xffff000000000000)));
    for (uint64_t i = 0; i <= MMU_SPLITS; i++) {
        bank[i] = (struct range){i << 30 | 0x200000, i << 30 | 0x400000};
    }
    assert_false(mmu_build(tables, bank, MMU_SPLITS + 1, false));
    free(tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_noise),        cmocka_unit_test(test_map),
        cmocka_unit_test(test_map_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
