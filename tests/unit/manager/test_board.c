/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "board.h"

static char blob[16384];
static struct board board;

static void reg(const uint64_t *values, unsigned count)
{
    fdt64_t cells[16];

    for (unsigned i = 0; i < count; i++) {
        cells[i] = cpu_to_fdt64(values[i]);
    }
    fdt_property(blob, "reg", cells, (int)(count * sizeof(cells[0])));
}

static void begin(void)
{
    static const uint64_t ram[] = {0x40000000, 0x80000000, 0x100000000, 0x40000000};

    memset(blob, 0, sizeof(blob));
    fdt_create(blob, sizeof(blob));
    fdt_add_reservemap_entry(blob, 0x48000000, 0x100000);
    fdt_finish_reservemap(blob);
    fdt_begin_node(blob, "");
    fdt_property_u32(blob, "#address-cells", 2);
    fdt_property_u32(blob, "#size-cells", 2);
    fdt_begin_node(blob, "memory@40000000");
    fdt_property_string(blob, "device_type", "memory");
    reg(ram, 4);
    fdt_end_node(blob);
}

static void add_gic(const char *compatible)
{
    static const uint64_t gic[] = {0x8000000, 0x10000, 0x8010000, 0x10000,
                                   0x8030000, 0x10000, 0x8040000, 0x10000};

    fdt_begin_node(blob, "intc@8000000");
    fdt_property_string(blob, "compatible", compatible);
    reg(gic, 8);
    fdt_end_node(blob);
}

static void add_uart(void)
{
    static const uint64_t uart[] = {0x9000000, 0x1000};
    const fdt32_t irq[] = {0, cpu_to_fdt32(1), cpu_to_fdt32(4)};

    fdt_begin_node(blob, "pl011@9000000");
    fdt_property(blob, "compatible", "arm,pl011\0arm,primecell", 24);
    reg(uart, 2);
    fdt_property(blob, "interrupts", irq, sizeof(irq));
    fdt_end_node(blob);
}

static void add_rtc(uint64_t base)
{
    const uint64_t rtc[] = {base, 0x1000};

    fdt_begin_node(blob, "pl031");
    fdt_property(blob, "compatible", "arm,pl031\0arm,primecell", 24);
    reg(rtc, 2);
    fdt_end_node(blob);
}

static const char *finish(void)
{
    fdt_end_node(blob);
    fdt_finish(blob);
    return board_read(blob, sizeof(blob), &board);
}

static void gicv2(void **state)
{
    begin();
    add_gic("arm,cortex-a15-gic");
    add_uart();
    assert_null(finish());
    assert_int_equal(board.gic_version, 2);
    assert_int_equal(board.gicv, 0x8040000);
    assert_int_equal(board.uart, 0x9000000);
    assert_int_equal(board.uart_irq, 33);
    assert_int_equal(board.rams, 2);
}

static void gicv3(void **state)
{
    begin();
    add_gic("arm,gic-v3");
    add_uart();
    assert_null(finish());
    assert_int_equal(board.gic_version, 3);
}

static void rtc(void **state)
{
    begin();
    add_gic("arm,gic-v3");
    add_uart();
    assert_null(finish());
    assert_int_equal(board.rtc, 0);
    begin();
    add_gic("arm,gic-v3");
    add_uart();
    add_rtc(0x9010000);
    assert_null(finish());
    assert_int_equal(board.rtc, 0x9010000);
    begin();
    add_gic("arm,gic-v3");
    add_uart();
    add_rtc(0x9010800); /* no page of its own */
    assert_null(finish());
    assert_int_equal(board.rtc, 0);
}

static void ram(void **state)
{
    begin();
    add_gic("arm,gic-v3");
    add_uart();
    finish();
    assert_true(board_is_ram(&board, 0x50000000, 0x10000000));
    assert_true(board_is_ram(&board, 0x100000000, 0x40000000));
    assert_false(board_is_ram(&board, 0x40000000, 0x10000000)); /* partly reserved */
    assert_false(board_is_ram(&board, 0x48000000, 0x1000));
    assert_true(board_is_ram(&board, 0x48100000, 0x1000));
    assert_false(board_is_ram(&board, 0xb0000000, 0x20000000));
    assert_false(board_is_ram(&board, 0x8000000, 0x1000));
    assert_false(board_is_ram(&board, UINT64_MAX - 0xfff, 0x1000));
}

static void missing(void **state)
{
    assert_non_null(board_read(NULL, 0, &board));
    begin();
    add_gic("arm,gic-v3");
    assert_non_null(finish());
    begin();
    add_uart();
    assert_non_null(finish());
    assert_int_equal(board.uart, 0x9000000); /* enough to say what is missing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gicv2), cmocka_unit_test(gicv3),   cmocka_unit_test(rtc),
        cmocka_unit_test(ram),   cmocka_unit_test(missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
