/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "description.h"

#define BLOB_BYTES 65536
#define RAM        UINT64_C(0x40000000)
#define RAM_SIZE   (UINT64_C(512) << 20)

static char blob[BLOB_BYTES];
static struct description description;
static struct description_error error;

static void begin(void)
{
    fdt_create(blob, sizeof(blob));
    fdt_finish_reservemap(blob);
    fdt_begin_node(blob, "");
    fdt_property_string(blob, "compatible", "bulkhead,system");
    fdt_property_u32(blob, "bulkhead,compiled", 1);
    fdt_begin_node(blob, "windows");
    fdt_begin_node(blob, "box");
    fdt_property_u64(blob, "size", 0x3000);
    fdt_end_node(blob);
    fdt_end_node(blob);
    fdt_begin_node(blob, "vms");
}

static void add_vm(const char *name)
{
    const fdt32_t cores[2] = {cpu_to_fdt32(1), cpu_to_fdt32(3)};
    const fdt64_t ram[6] = {
        cpu_to_fdt64(RAM),     cpu_to_fdt64(RAM_SIZE), 0, cpu_to_fdt64(UINT64_C(1) << 32),
        cpu_to_fdt64(2 << 20), cpu_to_fdt64(1)};
    const fdt64_t windows[3] = {cpu_to_fdt64(0), cpu_to_fdt64(UINT64_C(1) << 33), cpu_to_fdt64(1)};
    const fdt32_t priorities[2] = {cpu_to_fdt32(100), cpu_to_fdt32(200)};
    const fdt32_t budgets[2] = {cpu_to_fdt32(8000), cpu_to_fdt32(500)};
    const fdt32_t periods[2] = {cpu_to_fdt32(10000), cpu_to_fdt32(1000)};

    fdt_begin_node(blob, name);
    fdt_property_u32(blob, "cpus", 2);
    fdt_property(blob, "affinity", cores, sizeof(cores));
    fdt_property(blob, "priority", priorities, sizeof(priorities));
    fdt_property(blob, "budget-us", budgets, sizeof(budgets));
    fdt_property(blob, "period-us", periods, sizeof(periods));
    fdt_property(blob, "ram", ram, sizeof(ram));
    fdt_property(blob, "windows", windows, sizeof(windows));
    fdt_property_string(blob, "kernel", "vm/debian/kernel");
    fdt_property_string(blob, "initrd", "vm/debian/initrd");
    fdt_property_string(blob, "bootargs", "console=ttyAMA0");
    fdt_property_string(blob, "restart", "on-failure");
    fdt_end_node(blob);
}

static bool finish(void)
{
    fdt_end_node(blob);
    fdt_end_node(blob);
    fdt_finish(blob);
    fdt_open_into(blob, blob, sizeof(blob));
    return description_read(blob, sizeof(blob), 4, &description, &error);
}

static void good(void **state)
{
    begin();
    add_vm("debian");
    add_vm("b-2");
    assert_true(finish());
    assert_string_equal(error.text, "");
    assert_int_equal(description.vms, 2);
    const struct vm_config *vm = &description.vm[0];

    assert_string_equal(vm->name, "debian");
    assert_int_equal(vm->cpus, 2);
    assert_int_equal(vm->affinity[0], 1);
    assert_int_equal(vm->affinity[1], 3);
    assert_int_equal(vm->priority[0], 100);
    assert_int_equal(vm->priority[1], 200);
    assert_int_equal(vm->budget_us[0], 8000);
    assert_int_equal(vm->budget_us[1], 500);
    assert_int_equal(vm->period_us[0], 10000);
    assert_int_equal(vm->period_us[1], 1000);
    assert_int_equal(vm->memory, RAM_SIZE + (2 << 20));
    assert_int_equal(vm->banks, 2);
    assert_int_equal(vm->bank[0].ipa, RAM);
    assert_false(vm->bank[0].hidden);
    assert_int_equal(vm->bank[1].size, 2 << 20);
    assert_true(vm->bank[1].hidden);
    assert_int_equal(vm->shares, 1);
    assert_int_equal(vm->share[0].ipa, UINT64_C(1) << 33);
    assert_true(vm->share[0].writable);
    assert_int_equal(description.windows, 1);
    assert_string_equal(description.window[0].name, "box");
    assert_int_equal(description.window[0].size, 0x3000);
    assert_false(description.dump_capabilities);
    assert_string_equal(vm->kernel, "vm/debian/kernel");
    assert_string_equal(vm->initrd, "vm/debian/initrd");
    assert_string_equal(vm->overlay, "");
    assert_string_equal(vm->bootargs, "console=ttyAMA0");
    assert_int_equal(vm->restart, LIFE_RESTART_ON_FAILURE);
    assert_string_equal(description.vm[1].name, "b-2");
}

/* Change one property of a good description. */
static bool with(const char *property, const void *value, int size)
{
    begin();
    add_vm("debian");
    finish();
    int node = fdt_path_offset(blob, "/vms/debian");

    fdt_setprop(blob, node, property, value, size);
    return description_read(blob, sizeof(blob), 4, &description, &error);
}

static void refused_u32(const char *property, uint32_t value)
{
    fdt32_t cell = cpu_to_fdt32(value);

    assert_false(with(property, &cell, sizeof(cell)));
    assert_string_equal(error.node, "debian");
    assert_memory_equal(error.text, property, strlen(property));
}

static void refused_each(const char *property, uint32_t first, uint32_t second)
{
    fdt32_t cells[2] = {cpu_to_fdt32(first), cpu_to_fdt32(second)};

    assert_false(with(property, cells, sizeof(cells)));
    assert_memory_equal(error.text, property, strlen(property));
}

static void bad_values(void **state)
{
    const fdt32_t cores[2] = {cpu_to_fdt32(1), cpu_to_fdt32(4)};
    char args[BH_BOOTARGS_MAX + 1];

    refused_u32("cpus", 0);
    refused_u32("cpus", 9);
    refused_u32("affinity", 0);
    refused_u32("priority", 100);
    refused_each("priority", 100, 0);
    refused_each("priority", 201, 100);
    refused_each("period-us", 10000, 99);
    refused_each("budget-us", 19, 500);
    refused_each("budget-us", 10001, 500);
    refused_each("budget-us", 8000, 1001);
    assert_false(with("affinity", cores, sizeof(cores)));
    assert_false(with("kernel", "", 1));
    assert_false(with("kernel", "x", 1));
    assert_false(with("initrd", "a\0b", 4));
    assert_false(with("restart", "sometimes", 10));
    memset(args, 'x', sizeof(args));
    args[sizeof(args) - 1] = '\0';
    assert_false(with("bootargs", args, sizeof(args)));
    assert_true(with("bootargs", args + 1, sizeof(args) - 1));
}

static bool with_triple(const char *property, uint64_t a, uint64_t b, uint64_t c)
{
    fdt64_t triple[3] = {cpu_to_fdt64(a), cpu_to_fdt64(b), cpu_to_fdt64(c)};

    return with(property, triple, sizeof(triple));
}

static void bad_memory(void **state)
{
    char many[(BH_MAX_RAM_BANKS + 1) * 24] = "";

    assert_true(with_triple("ram", RAM, RAM_SIZE, 0));
    assert_true(with_triple("ram", UINT64_C(0x3fffe00000), 2 << 20, 0));
    assert_false(with_triple("ram", RAM, RAM_SIZE, 1));
    assert_false(with_triple("ram", RAM, RAM_SIZE, 2));
    assert_false(with_triple("ram", RAM, RAM_SIZE + 4096, 0));
    assert_false(with_triple("ram", RAM + 4096, RAM_SIZE, 0));
    assert_false(with_triple("ram", 0, RAM_SIZE, 0));
    assert_false(with_triple("ram", RAM, 0, 0));
    assert_false(with_triple("ram", UINT64_C(0x3fffe00000), 4 << 20, 0));
    assert_false(with_triple("ram", RAM, UINT64_C(0xffffffffc0000000), 0));
    assert_false(with("ram", "", 0));
    assert_false(with("ram", many, 8));
    assert_false(with("ram", many, sizeof(many)));
    assert_true(with("windows", "", 0));
    assert_true(with_triple("windows", 0, UINT64_C(0x3fffffd000), 0));
    assert_false(with_triple("windows", 1, UINT64_C(1) << 33, 0));
    assert_false(with_triple("windows", 0, (UINT64_C(1) << 33) + 8, 0));
    assert_false(with_triple("windows", 0, 0x8000000, 0));
    assert_false(with_triple("windows", 0, UINT64_C(1) << 33, 2));
}

static void bad_names(void **state)
{
    static const char *const name[] = {"", "Debian", "1st", "a_b", "seventeen-letters"};

    for (size_t i = 1; i < sizeof(name) / sizeof(name[0]); i++) {
        begin();
        add_vm(name[i]);
        assert_false(finish());
        assert_string_equal(error.node, name[i]);
    }
    begin();
    add_vm("sixteen-letters-");
    assert_true(finish());
}

static void add_vms(unsigned count)
{
    char name[] = "vm-00";

    for (unsigned i = 0; i < count; i++) {
        name[3] = (char)('0' + i / 10);
        name[4] = (char)('0' + i % 10);
        add_vm(name);
    }
}

static void wrong_count(void **state)
{
    begin();
    assert_false(finish());
    begin();
    add_vms(DESCRIPTION_MAX_VMS);
    assert_true(finish());
    begin();
    add_vms(DESCRIPTION_MAX_VMS + 1);
    assert_false(finish());
}

static void no_description(void **state)
{
    assert_false(description_read("", 0, 4, &description, &error));
    memset(blob, 0xa5, sizeof(blob));
    assert_false(description_read(blob, sizeof(blob), 4, &description, &error));
    fdt_create_empty_tree(blob, sizeof(blob));
    assert_false(description_read(blob, sizeof(blob), 4, &description, &error));
    assert_string_not_equal(error.text, "");
}

/* Flipped bits: any verdict, but no access outside of the blob. */
static void damaged(void **state)
{
    begin();
    add_vm("debian");
    assert_true(finish());
    fdt_pack(blob);
    size_t size = fdt_totalsize(blob);

    srand(7);
    for (unsigned i = 0; i < 20000; i++) {
        char *copy = malloc(size);

        memcpy(copy, blob, size);
        for (int n = rand() % 4; n >= 0; n--) {
            copy[(size_t)rand() % size] ^= (char)(1 << rand() % 8);
        }
        description_read(copy, size, 4, &description, &error);
        free(copy);
    }
}

/* Threads that share spin locks and a core cannot keep each other from running. */
static void priority_of_vmm_threads(void **state)
{
    static const struct vm_config vm = {
        .cpus = 5,
        .affinity = {0, 0, 0, 1, 0},
        .priority = {100, 110, 90, 150, 180},
        .budget_us = {10000, 10000, 10000, 10000, 1000},
        .period_us = {10000, 10000, 10000, 10000, 10000},
    };
    static const unsigned expected[] = {111, 111, 111, 151, 181};

    for (unsigned n = 0; n < vm.cpus; n++) {
        assert_int_equal(description_vmm_priority(&vm, n), expected[n]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good),        cmocka_unit_test(bad_values),
        cmocka_unit_test(bad_memory),  cmocka_unit_test(bad_names),
        cmocka_unit_test(wrong_count), cmocka_unit_test(no_description),
        cmocka_unit_test(damaged),     cmocka_unit_test(priority_of_vmm_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
