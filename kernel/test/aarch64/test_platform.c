/* SPDX-License-Identifier: BSD-2-Clause */
/* The devicetree reader, on good and on damaged blobs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "devicetree.h"
#include "platform.h"

#define BLOB_SIZE 4096

static void put_reg(void *fdt, const uint64_t *values, unsigned count)
{
    fdt64_t cells[8];
    for (unsigned i = 0; i < count; i++)
        cells[i] = cpu_to_fdt64(values[i]);
    assert_int_equal(fdt_property(fdt, "reg", cells, (int)(count * 8)), 0);
}

static void put_node(void *fdt, const char *name, const char *key, const char *value,
                     const uint64_t *reg, unsigned count)
{
    assert_int_equal(fdt_begin_node(fdt, name), 0);
    assert_int_equal(fdt_property_string(fdt, key, value), 0);
    if (count > 0)
        put_reg(fdt, reg, count);
    assert_int_equal(fdt_end_node(fdt), 0);
}

static void put_cpus(void *fdt, unsigned count)
{
    fdt_begin_node(fdt, "cpus");
    fdt_property_u32(fdt, "#address-cells", 1);
    fdt_property_u32(fdt, "#size-cells", 0);
    for (unsigned i = 0; i < count; i++) {
        char name[16] = "cpu@0";
        name[4] = (char)('0' + i);
        put_node(fdt, name, "device_type", "cpu", NULL, 0);
    }
    fdt_end_node(fdt);
}

/* A board like QEMU's virt; returns a heap block of exactly the blob's size. */
static uint8_t *make_board(unsigned gic, unsigned cpus, size_t *size)
{
    static const uint64_t high[] = {0x100000000, 0x40000000}, low[] = {0x40000000, 0x80000000};
    static const uint64_t gic2[] = {0x8000000, 0x10000, 0x8010000, 0x10000,
                                    0x8030000, 0x10000, 0x8040000, 0x10000};
    static const uint64_t gic3[] = {0x8000000, 0x10000, 0x80a0000, 0xf60000};
    static const uint64_t uart[] = {0x9000000, 0x1000};
    uint8_t *fdt = malloc(BLOB_SIZE);

    fdt_create(fdt, BLOB_SIZE);
    fdt_finish_reservemap(fdt);
    fdt_begin_node(fdt, "");
    fdt_property_u32(fdt, "#address-cells", 2);
    fdt_property_u32(fdt, "#size-cells", 2);
    put_node(fdt, "memory@100000000", "device_type", "memory", high, 2);
    put_node(fdt, "memory@40000000", "device_type", "memory", low, 2);
    put_cpus(fdt, cpus);
    if (gic == 2)
        put_node(fdt, "intc", "compatible", "arm,cortex-a15-gic", gic2, 8);
    else if (gic == 3)
        put_node(fdt, "intc", "compatible", "arm,gic-v3", gic3, 4);
    fdt_begin_node(fdt, "pl011@9000000");
    fdt_property(fdt, "compatible", "arm,pl011\0arm,primecell", 24);
    put_reg(fdt, uart, 2);
    fdt_end_node(fdt);
    fdt_end_node(fdt);
    assert_int_equal(fdt_finish(fdt), 0);
    *size = fdt_totalsize(fdt);
    return realloc(fdt, *size);
}

static void test_board_gicv2(void **state)
{
    struct platform platform;
    size_t size;
    uint8_t *blob = make_board(2, 4, &size);

    assert_true(platform_from_fdt(&platform, blob, size));
    assert_int_equal(platform.num_cpus, 4);
    assert_int_equal(platform.num_ram, 2);
    assert_int_equal(platform.ram[0].base, 0x100000000);
    assert_int_equal(platform.ram[1].base, 0x40000000);
    assert_int_equal(platform.gic_version, 2);
    assert_int_equal(platform.gic[2].base, 0x8030000);
    assert_int_equal(platform.uart.base, 0x9000000);
    free(blob);
}

static void test_board_gicv3(void **state)
{
    struct platform platform;
    size_t size;
    uint8_t *blob = make_board(3, 9, &size);

    assert_true(platform_from_fdt(&platform, blob, size));
    assert_int_equal(platform.num_cpus, MAX_CPUS);
    assert_int_equal(platform.gic_version, 3);
    assert_int_equal(platform.gic[1].size, 0xf60000);
    free(blob);
}

static void test_refused(void **state)
{
    struct platform platform;
    size_t size;
    uint8_t *blob = make_board(0, 1, &size);

    assert_false(platform_from_fdt(&platform, blob, size));
    assert_false(platform_from_fdt(&platform, blob, 39));
    assert_false(platform_from_fdt(&platform, blob, 0));
    free(blob);
}

/* Whatever the blob, the reader ends and stays inside it (the sanitizer watches). */
static void test_truncated(void **state)
{
    struct platform platform;
    size_t size;
    uint8_t *blob = make_board(2, 2, &size);

    for (size_t n = 0; n < size; n++) {
        uint8_t *part = malloc(n + 1);
        memcpy(part, blob, n);
        platform_from_fdt(&platform, part, n);
        free(part);
    }
    free(blob);
}

static void test_damaged(void **state)
{
    struct platform platform;
    size_t size;
    uint8_t *blob = make_board(2, 2, &size);
    uint8_t *copy = malloc(size);

    srand(1);
    for (unsigned i = 0; i < 20000; i++) {
        memcpy(copy, blob, size);
        for (unsigned j = 0; j <= i % 4; j++)
            copy[(size_t)rand() % size] = (uint8_t)(rand() % 3 == 0 ? 0xff : rand());
        platform_from_fdt(&platform, copy, size);
    }
    free(copy);
    free(blob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_board_gicv2), cmocka_unit_test(test_board_gicv3),
        cmocka_unit_test(test_refused),     cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
