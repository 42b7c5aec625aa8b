/* SPDX-License-Identifier: BSD-2-Clause */
/* The EFI application under a firmware made of functions below. */
#include "boot.h"
#include "efi.h"
#include "uart.h"

#include <libfdt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IMAGE_SIZE 0x3000u
#define MANY       2000u

/* How efi_main ended, if it did not return. */
#define ENTERED 1
#define HALTED  2

const uint8_t boot_image[0x1000], boot_image_end[1];
const uint64_t boot_image_size = IMAGE_SIZE;
const uint32_t boot_pe_size = IMAGE_SIZE;

static struct {
    jmp_buf end;
    bool el2;
    char console[512], uart[256];
    unsigned stale; /* so many keys are stale when they are used */
    uint64_t key, map_size;
    unsigned maps, exits;
    efi_status exit_status;
    uint64_t published[2];
    unsigned publications;
    const void *entered;
} fake;

/* Linked at low addresses, so that the devicetree is where the loader can map it. */
static _Alignas(8) uint8_t fdt[4096];
static struct efi_configuration_table tables[MANY];

static const uint8_t dtb_guid[16] = {0xd5, 0x21, 0xb6, 0xb1, 0x9c, 0xf1, 0xa5, 0x41,
                                     0x83, 0x0b, 0xd9, 0x15, 0x2c, 0x69, 0xaa, 0xe0};

bool arch_right_level(void)
{
    return fake.el2;
}

void arch_publish(uint64_t start, uint64_t end)
{
    assert_true(fake.exits > 0);
    assert_in_range(fake.publications, 0, 1);
    fake.published[fake.publications++] = end - start;
}

_Noreturn void arch_enter_image(const void *tree)
{
    fake.entered = tree;
    longjmp(fake.end, ENTERED);
}

_Noreturn void arch_halt(void)
{
    longjmp(fake.end, HALTED);
}

void uart_init(uint64_t base)
{
    assert_int_equal(base, 0x9000000);
}

void uart_line(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(fake.uart, sizeof(fake.uart), format, args);
    va_end(args);
}

static efi_status output(struct efi_text_output *self, const uint16_t *text)
{
    size_t used = strlen(fake.console);

    assert_int_equal(fake.exits, 0); /* no console afterwards */
    for (; *text != 0; text++) {
        assert_true(used + 1 < sizeof(fake.console));
        fake.console[used++] = (char)*text;
    }
    return EFI_SUCCESS;
}

static efi_status get_map(uint64_t *size, void *map, uint64_t *key, uint64_t *descriptor_size,
                          uint32_t *version)
{
    fake.maps++;
    if (*size < fake.map_size) {
        *size = fake.map_size;
        return EFI_BUFFER_TOO_SMALL;
    }
    memset(map, 0xa5, fake.map_size);
    *size = fake.map_size;
    *key = ++fake.key;
    *descriptor_size = 48;
    *version = 1;
    return EFI_SUCCESS;
}

static efi_status exit_services(efi_handle image, uint64_t key)
{
    fake.exits++;
    assert_ptr_equal(image, &fake);
    assert_int_equal(key, fake.key);
    if (fake.stale > 0) {
        fake.stale--;
        return EFI_INVALID_PARAMETER;
    }
    return fake.exit_status;
}

static struct efi_text_output console = {.output_string = output};
static struct efi_boot_services services = {.get_memory_map = get_map,
                                            .exit_boot_services = exit_services};
static struct efi_system_table firmware;

static void make_fdt(void)
{
    int node;

    assert_int_equal(fdt_create_empty_tree(fdt, sizeof(fdt)), 0);
    fdt_setprop_u32(fdt, 0, "#address-cells", 2);
    fdt_setprop_u32(fdt, 0, "#size-cells", 2);
    node = fdt_add_subnode(fdt, 0, "memory@40000000");
    fdt_setprop_string(fdt, node, "device_type", "memory");
    fdt_setprop_u64(fdt, node, "reg", 0x40000000);
    fdt_appendprop_u64(fdt, node, "reg", 0x80000000);
    node = fdt_add_subnode(fdt, 0, "cpus");
    fdt_setprop_u32(fdt, node, "#address-cells", 1);
    fdt_setprop_u32(fdt, node, "#size-cells", 0);
    node = fdt_add_subnode(fdt, node, "cpu@0");
    fdt_setprop_string(fdt, node, "device_type", "cpu");
    fdt_setprop_u32(fdt, node, "reg", 0);
    node = fdt_add_subnode(fdt, 0, "pl011@9000000");
    fdt_setprop_string(fdt, node, "compatible", "arm,pl011");
    assert_int_equal(fdt_setprop_u64(fdt, node, "reg", 0x9000000), 0);
}

static int setup(void **state)
{
    memset(&fake, 0, sizeof(fake));
    memset(tables, 0x11, sizeof(tables));
    make_fdt();
    fake.el2 = true;
    fake.map_size = 4800;
    memcpy(tables[2].guid, dtb_guid, sizeof(dtb_guid));
    tables[2].table = fdt;
    firmware = (struct efi_system_table){
        .console_out = &console, .boot_services = &services, .tables = 3, .table = tables};
    return 0;
}

/* 0 if efi_main returned EFI_UNSUPPORTED. */
static int boot(void)
{
    int end = setjmp(fake.end);

    if (end == 0) {
        assert_true(efi_main(&fake, &firmware) == EFI_UNSUPPORTED);
    }
    return end;
}

static void refused(const char *line)
{
    char expected[256];

    assert_int_equal(boot(), 0);
    snprintf(expected, sizeof(expected), "bulkhead loader: %s\r\n", line);
    assert_string_equal(fake.console, expected);
    assert_int_equal(fake.exits, 0);
}

static void test_boot(void **state)
{
    assert_int_equal(boot(), ENTERED);
    assert_ptr_equal(fake.entered, fdt);
    assert_int_equal(fake.exits, 1);
    assert_int_equal(fake.publications, 2);
    assert_int_equal(fake.published[0], IMAGE_SIZE);
    assert_int_equal(fake.published[1], sizeof(fdt));
    assert_string_equal(fake.console, "");
}

static void test_stale_key(void **state)
{
    fake.stale = 3;
    assert_int_equal(boot(), ENTERED);
    assert_int_equal(fake.exits, 4);
}

static void test_keys_are_always_stale(void **state)
{
    fake.stale = 1000000;
    assert_int_equal(boot(), HALTED);
    assert_in_range(fake.exits, 2, 100);
    assert_string_equal(fake.uart, "the firmware's boot services do not end (status "
                                   "0x8000000000000002); stopped");
    assert_int_equal(fake.publications, 0);
}

static void test_services_do_not_end(void **state)
{
    fake.exit_status = EFI_ERROR(7);
    assert_int_equal(boot(), HALTED);
    assert_int_equal(fake.exits, 1);
    assert_non_null(strstr(fake.uart, "0x8000000000000007"));
}

static void test_map_too_large(void **state)
{
    fake.map_size = 0x10001;
    refused("the firmware's memory map has 65537 bytes, which is too large");
}

static void test_wrong_level(void **state)
{
    fake.el2 = false;
    refused("the firmware is at EL1, but a hypervisor needs EL2 (QEMU: -M virt,virtualization=on)");
}

static void test_no_fdt(void **state)
{
    const char *line = "the firmware gives no devicetree; choose that instead of ACPI in its setup "
                       "(QEMU: -M virt,acpi=off)";

    firmware.tables = 2;
    refused(line);
    setup(NULL);
    firmware.tables = 0;
    firmware.table = NULL;
    refused(line);
    setup(NULL);
    memset(tables[2].guid, 0x11, sizeof(tables[2].guid));
    firmware.tables = UINT64_MAX; /* the search has an end all the same */
    refused(line);
}

static void test_damaged_fdt(void **state)
{
    const char *line = "the firmware's devicetree is unusable: it is damaged";

    fdt[0] ^= 1;
    refused(line);
    setup(NULL);
    tables[2].table = fdt + 4;
    refused(line);
    setup(NULL);
    fdt_set_totalsize(fdt, BOOT_FDT_WINDOW + 8);
    refused(line);
    setup(NULL);
    memset(fdt + fdt_off_dt_struct(fdt), 0xff, 16);
    refused(line);
}

static void test_fdt_lacks_something(void **state)
{
    fdt_del_node(fdt, fdt_path_offset(fdt, "/memory@40000000"));
    refused("the firmware's devicetree is unusable: there is no memory node");
}

static void test_no_console(void **state)
{
    firmware.console_out = NULL;
    assert_int_equal(boot(), ENTERED);
    setup(NULL);
    firmware.console_out = NULL;
    fake.el2 = false;
    assert_int_equal(boot(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_boot, setup),
        cmocka_unit_test_setup(test_stale_key, setup),
        cmocka_unit_test_setup(test_keys_are_always_stale, setup),
        cmocka_unit_test_setup(test_services_do_not_end, setup),
        cmocka_unit_test_setup(test_map_too_large, setup),
        cmocka_unit_test_setup(test_wrong_level, setup),
        cmocka_unit_test_setup(test_no_fdt, setup),
        cmocka_unit_test_setup(test_damaged_fdt, setup),
        cmocka_unit_test_setup(test_fdt_lacks_something, setup),
        cmocka_unit_test_setup(test_no_console, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
