/* SPDX-License-Identifier: BSD-2-Clause */
/* The devicetree that a guest gets. */
#include "machine.h"

#include <bulkhead/labels.h>
#include <bulkhead/overlay.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const void *tree;

static bool boot(unsigned gic_version, unsigned vcpus, const void *overlay, size_t overlay_size)
{
    static const uint8_t kernel[16] = {1};
    static const uint8_t initrd[100] = {2};
    machine_new(gic_version, vcpus);
    machine.config.kernel = (struct boot_blob){kernel, sizeof(kernel)};
    machine.config.initrd = (struct boot_blob){initrd, sizeof(initrd)};
    machine.config.overlay = (struct boot_blob){overlay, overlay_size};
    machine.config.bootargs = "console=ttyAMA0 quiet";
    bool done = board_load(&machine.board, &machine.config);
    tree = guest_memory_at(&machine.board.vm.memory, machine.board.layout.devicetree, 8);
    return done;
}

static const char *text_of(const char *path, const char *property)
{
    return fdt_getprop(tree, fdt_path_offset(tree, path), property, NULL);
}

static uint64_t cell(const char *path, const char *property, unsigned index)
{
    int length = 0;
    const fdt32_t *cells = fdt_getprop(tree, fdt_path_offset(tree, path), property, &length);
    assert_non_null(cells);
    assert_true(length >= (int)((index + 1) * 4));
    return fdt32_to_cpu(cells[index]);
}

static void common_nodes(unsigned gic_version, unsigned vcpus)
{
    assert_true(boot(gic_version, vcpus, NULL, 0));
    assert_int_equal(fdt_check_full(tree, BOARD_DTB_ROOM), 0);
    assert_string_equal(text_of("/chosen", "bootargs"), "console=ttyAMA0 quiet");
    assert_string_equal(text_of("/chosen", "stdout-path"), "/pl011@9000000");
    assert_int_equal(cell("/chosen", "linux,initrd-start", 1), machine.board.layout.initrd.base);
    assert_int_equal(cell("/chosen", "linux,initrd-end", 1),
                     machine.board.layout.initrd.base + 100);
    assert_int_equal(cell("/memory@40000000", "reg", 1), RAM_BASE);
    assert_int_equal(cell("/memory@40000000", "reg", 3), RAM_SIZE);
    assert_string_equal(text_of("/psci", "method"), "smc");
    assert_int_equal(cell("/timer", "interrupts", 7), 11);
    assert_int_equal(cell("/timer", "interrupts", 8),
                     gic_version == 2 ? ((1u << vcpus) - 1) << 8 | 4 : 4);
    assert_int_equal(cell("/pl011@9000000", "interrupts", 1), 1);
    assert_int_equal(cell("/pl031@9010000", "interrupts", 1), 2);
    assert_int_equal(cell("/pl011@9000000", "clocks", 0), cell("/apb-pclk", "phandle", 0));
    assert_true(fdt_node_offset_by_phandle(tree, (uint32_t)cell("/", "interrupt-parent", 0)) > 0);

    char path[24];
    for (unsigned i = 0; i < vcpus; i++) {
        snprintf(path, sizeof(path), "/cpus/cpu@%u", i);
        assert_int_equal(cell(path, "reg", 0), i);
        assert_string_equal(text_of(path, "enable-method"), "psci");
    }
    snprintf(path, sizeof(path), "/cpus/cpu@%u", vcpus);
    assert_true(fdt_path_offset(tree, path) < 0);
    /* What cannot be virtualised is not offered. */
    assert_true(fdt_node_offset_by_compatible(tree, -1, "arm,armv8-pmuv3") < 0);
    machine_free();
}

static void gicv2(void **state)
{
    common_nodes(2, 1);
    common_nodes(2, 8);
}

static void gicv3(void **state)
{
    common_nodes(3, 1);
    common_nodes(3, 8);
}

static int end_nodes(void *blob, unsigned count)
{
    int error = 0;
    while (count-- > 0) {
        error |= fdt_end_node(blob);
    }
    return error;
}

/* __overlay__ { added = "yes"; } on the root, as dtc makes it from target-path = "/". */
static size_t make_overlay(void *blob, size_t size)
{
    int error = fdt_create(blob, (int)size);
    error |= fdt_finish_reservemap(blob);
    error |= fdt_begin_node(blob, "");
    error |= fdt_begin_node(blob, "fragment@0");
    error |= fdt_property_string(blob, "target-path", "/");
    error |= fdt_begin_node(blob, "__overlay__");
    error |= fdt_property_string(blob, "added", "yes");
    error |= fdt_begin_node(blob, "chosen");
    error |= fdt_property_string(blob, "bootargs", "mine");
    error |= end_nodes(blob, 4);
    error |= fdt_finish(blob);
    assert_int_equal(error, 0);
    return fdt_totalsize(blob);
}

/* Nodes in nodes, `depth` of them with the root. */
static size_t make_deep_overlay(void *blob, size_t size, unsigned depth)
{
    int error = fdt_create(blob, (int)size);
    error |= fdt_finish_reservemap(blob);
    error |= fdt_begin_node(blob, "");
    error |= fdt_begin_node(blob, "fragment@0");
    error |= fdt_property_string(blob, "target-path", "/");
    error |= fdt_begin_node(blob, "__overlay__");
    for (unsigned i = 3; i < depth; i++) {
        error |= fdt_begin_node(blob, "n");
    }
    error |= end_nodes(blob, depth);
    error |= fdt_finish(blob);
    assert_int_equal(error, 0);
    return fdt_totalsize(blob);
}

/* libfdt merges by recursion, and a VMM thread's stack is small. */
static void overlay_depth_is_bounded(void **state)
{
    static uint64_t blob[BOARD_OVERLAY_SPACE / 8];
    size_t size = make_deep_overlay(blob, sizeof(blob), BH_OVERLAY_DEPTH);
    assert_true(boot(2, 1, blob, size));
    machine_free();
    for (unsigned depth = BH_OVERLAY_DEPTH + 1; depth < 2600; depth = 2 * depth + 1) {
        size = make_deep_overlay(blob, sizeof(blob), depth);
        assert_false(boot(2, 1, blob, size));
        assert_string_equal(machine.board.layout.error, "devicetree overlay: FDT_ERR_BADSTRUCTURE");
        machine_free();
    }
}

static void overlay_wins(void **state)
{
    static uint64_t blob[128];
    size_t size = make_overlay(blob, sizeof(blob));
    uint8_t before[sizeof(blob)];
    memcpy(before, blob, sizeof(blob));
    assert_true(boot(2, 1, blob, size));
    assert_string_equal(text_of("/", "added"), "yes");
    assert_string_equal(text_of("/chosen", "bootargs"), "mine");
    assert_memory_equal(before, blob, sizeof(blob)); /* it may be in read-only memory */
    machine_free();
}

/* &LABEL { marked; }; as dtc makes it: the target is patched once the label is known. */
static size_t make_label_overlay(void *blob, size_t size, const char *label)
{
    int error = fdt_create(blob, (int)size);
    error |= fdt_finish_reservemap(blob);
    error |= fdt_begin_node(blob, "");
    error |= fdt_begin_node(blob, "fragment@0");
    error |= fdt_property_u32(blob, "target", 0xffffffff);
    error |= fdt_begin_node(blob, "__overlay__");
    error |= fdt_property(blob, "marked", NULL, 0);
    error |= end_nodes(blob, 2);
    error |= fdt_begin_node(blob, "__fixups__");
    error |= fdt_property_string(blob, label, "/fragment@0:target:0");
    error |= end_nodes(blob, 2);
    error |= fdt_finish(blob);
    assert_int_equal(error, 0);
    return fdt_totalsize(blob);
}

/* The node that the guest's devicetree calls `label` is `path`, and an overlay finds it. */
static void check_label(unsigned gic_version, const char *label, const char *path)
{
    static uint64_t blob[128];
    size_t size = make_label_overlay(blob, sizeof(blob), label);
    assert_true(boot(gic_version, 8, blob, size));
    const char *symbol = text_of("/__symbols__", label);
    assert_non_null(symbol);
    assert_true(path == NULL || strcmp(symbol, path) == 0);
    assert_non_null(text_of(symbol, "marked"));
    machine_free();
}

static void overlay_by_label(void **state)
{
    static const char *const labels[] = BH_LABELS;
    unsigned count = sizeof(labels) / sizeof(labels[0]);
    for (unsigned gic_version = 2; gic_version <= 3; gic_version++) {
        for (unsigned i = 0; i < count; i++) {
            check_label(gic_version, labels[i], NULL);
        }
        check_label(gic_version, "uart0", "/pl011@9000000");
        check_label(gic_version, "rtc", "/pl031@9010000");
        check_label(gic_version, "gic", "/intc@8000000");
        check_label(gic_version, "cpu0", "/cpus/cpu@0");
        check_label(gic_version, "cpu7", "/cpus/cpu@7");
    }

    /* And there are no labels that the host command does not know of. */
    assert_true(boot(2, 8, NULL, 0));
    unsigned symbols = 0;
    int property;
    fdt_for_each_property_offset(property, tree, fdt_path_offset(tree, "/__symbols__"))
    {
        symbols++;
    }
    assert_int_equal(symbols, count + 8);
    machine_free();
}

static void overlay_by_unknown_label(void **state)
{
    static uint64_t blob[128];
    size_t size = make_label_overlay(blob, sizeof(blob), "uart1");
    assert_false(boot(2, 1, blob, size));
    assert_string_equal(machine.board.layout.error, "devicetree overlay: FDT_ERR_NOTFOUND");
    machine_free();
}

static void damaged_overlays(void **state)
{
    static uint64_t blob[128];
    size_t size = make_overlay(blob, sizeof(blob));
    uint64_t seed = 5;
    for (unsigned i = 0; i < 3000; i++) {
        size_t length = random_next(&seed) % 2 == 0 ? size : random_next(&seed) % size;
        uint8_t *damaged = malloc(length + 1);
        memcpy(damaged, blob, length);
        for (unsigned flips = random_next(&seed) % 6; flips > 0 && length > 0; flips--) {
            damaged[random_next(&seed) % length] ^= (uint8_t)(1u << random_next(&seed) % 8);
        }
        if (!boot(2, 1, damaged, length)) {
            assert_true(strncmp(machine.board.layout.error, "devicetree", 10) == 0);
        }
        machine_free();
        free(damaged);
    }
    static uint8_t large[BOARD_OVERLAY_SPACE + 1];
    assert_false(boot(2, 1, large, sizeof(large)));
    machine_free();
}

/* A second bank that is told of and a third that is not; two windows. */
static void memory_layout(void **state)
{
    static uint8_t more[2][0x1000];
    static const uint8_t kernel[16] = {1};
    machine_new(2, 1);
    struct guest_memory *memory = &machine.board.vm.memory;
    assert_true(guest_memory_add(memory, UINT64_C(0x100000000), 0x1000, more[0]));
    assert_true(guest_memory_add(memory, UINT64_C(0x200000000), 0x1000, more[1]));
    memory->bank[2].hidden = true;
    machine.config.window[0] = (struct guest_window){"box", 0x80000000, 0x10000, true};
    machine.config.window[1] = (struct guest_window){"log", UINT64_C(0x300000000), 0x1000, false};
    machine.config.windows = 2;
    machine.config.kernel = (struct boot_blob){kernel, sizeof(kernel)};
    assert_true(board_load(&machine.board, &machine.config));
    tree = guest_memory_at(memory, machine.board.layout.devicetree, 8);

    assert_int_equal(cell("/memory@40000000", "reg", 1), RAM_BASE);
    assert_int_equal(cell("/memory@100000000", "reg", 0), 1);
    assert_int_equal(cell("/memory@100000000", "reg", 3), 0x1000);
    assert_true(fdt_path_offset(tree, "/memory@200000000") < 0);
    assert_string_equal(text_of("/reserved-memory/window@80000000", "label"), "box");
    assert_int_equal(cell("/reserved-memory/window@80000000", "reg", 1), 0x80000000);
    assert_int_equal(cell("/reserved-memory/window@80000000", "reg", 3), 0x10000);
    assert_non_null(text_of("/reserved-memory/window@80000000", "no-map"));
    assert_null(text_of("/reserved-memory/window@80000000", "read-only"));
    assert_non_null(text_of("/reserved-memory/window@300000000", "read-only"));
    machine_free();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gicv2),
                                       cmocka_unit_test(gicv3),
                                       cmocka_unit_test(overlay_depth_is_bounded),
                                       cmocka_unit_test(overlay_wins),
                                       cmocka_unit_test(overlay_by_label),
                                       cmocka_unit_test(overlay_by_unknown_label),
                                       cmocka_unit_test(damaged_overlays),
                                       cmocka_unit_test(memory_layout)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
