/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot image as an EFI application: end the firmware's boot services, then enter the image
 * again the way a boot loader without UEFI would. What can be found out before that is: later the
 * firmware's console is gone.
 *
 * Nothing of the firmware's is kept. The kernel owns all memory that the devicetree declares, that
 * of runtime services too, which nobody calls any more.
 */
#include "efi.h"

#include "boot.h"
#include "facts.h"
#include "uart.h"

#include <libfdt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_TABLES   1024u
#define MAX_ATTEMPTS 8u
#define MAX_LINE     160

/* EFI_DTB_TABLE_GUID, b1b621d5-f19c-41a5-830b-d9152c69aae0 (4.6.1.3) */
static const uint8_t fdt_guid[16] = {0xd5, 0x21, 0xb6, 0xb1, 0x9c, 0xf1, 0xa5, 0x41,
                                     0x83, 0x0b, 0xd9, 0x15, 0x2c, 0x69, 0xaa, 0xe0};

/* Nobody reads the map; but its key is not to be had without it. */
static _Alignas(8) uint8_t memory_map[0x10000];

__attribute__((format(printf, 2, 3))) static void say(const struct efi_system_table *system,
                                                      const char *format, ...)
{
    char text[MAX_LINE];
    uint16_t wide[MAX_LINE];
    va_list args;

    if (!system->console_out) {
        return;
    }
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    for (unsigned i = 0; i < MAX_LINE; i++) {
        wide[i] = (uint8_t)text[i];
        if (text[i] == '\0') {
            break;
        }
    }
    system->console_out->output_string(system->console_out, u"bulkhead loader: ");
    system->console_out->output_string(system->console_out, wide);
    system->console_out->output_string(system->console_out, u"\r\n");
}

static const void *find_fdt(const struct efi_system_table *system)
{
    for (uint64_t i = 0; i < system->tables && i < MAX_TABLES; i++) {
        if (memcmp(system->table[i].guid, fdt_guid, sizeof(fdt_guid)) == 0) {
            return system->table[i].table;
        }
    }
    return NULL;
}

static bool mapped(const void *start, uint64_t size)
{
    return (uint64_t)start <= BOOT_MAP_END && size <= BOOT_MAP_END - (uint64_t)start;
}

/* All checks that boot_main makes of the devicetree. NULL or a sentence. */
static const char *check_fdt(const void *fdt, struct facts *facts)
{
    if ((uint64_t)fdt % 8 != 0 || fdt_check_header(fdt) != 0 ||
        fdt_totalsize(fdt) > BOOT_FDT_WINDOW || fdt_check_full(fdt, fdt_totalsize(fdt)) != 0) {
        return "it is damaged";
    }
    if (!mapped(fdt, BOOT_FDT_WINDOW)) {
        return "it lies above 512 GiB";
    }
    return facts_read(fdt, facts);
}

static efi_status get_memory_map(const struct efi_system_table *system, uint64_t *size,
                                 uint64_t *key)
{
    uint64_t descriptor_size;
    uint32_t version;

    *size = sizeof(memory_map);
    return system->boot_services->get_memory_map(size, memory_map, key, &descriptor_size, &version);
}

/* False after one line on the firmware's console. */
static bool can_boot(const struct efi_system_table *system, const void *fdt, struct facts *facts)
{
    uint64_t size, key;
    const char *problem;

    if (!arch_right_level()) {
        say(system, "the firmware is at EL1, but a hypervisor needs EL2 "
                    "(QEMU: -M virt,virtualization=on)");
        return false;
    }
    if (!fdt) {
        say(system, "the firmware gives no devicetree; choose that instead of ACPI in its setup "
                    "(QEMU: -M virt,acpi=off)");
        return false;
    }
    problem = check_fdt(fdt, facts);
    if (problem) {
        say(system, "the firmware's devicetree is unusable: %s", problem);
        return false;
    }
    if (boot_image_size != boot_pe_size || !mapped(boot_image, boot_image_size)) {
        say(system, "the boot image is damaged, or loaded above 512 GiB");
        return false;
    }
    if (get_memory_map(system, &size, &key) != EFI_SUCCESS) {
        say(system, "the firmware's memory map has %lu bytes, which is too large",
            (unsigned long)size);
        return false;
    }
    return true;
}

/*
 * The map can change between the two calls, through the firmware's timers, and within the second
 * one. From the first attempt on no other service may be called.
 */
static efi_status end_boot_services(efi_handle image, const struct efi_system_table *system)
{
    efi_status status = EFI_INVALID_PARAMETER;

    for (unsigned i = 0; i < MAX_ATTEMPTS && status == EFI_INVALID_PARAMETER; i++) {
        uint64_t size, key;

        status = get_memory_map(system, &size, &key);
        if (status == EFI_SUCCESS) {
            status = system->boot_services->exit_boot_services(image, key);
        }
    }
    return status;
}

efi_status efi_main(efi_handle image, struct efi_system_table *system)
{
    const void *fdt = find_fdt(system);
    struct facts facts;
    efi_status status;

    if (!can_boot(system, fdt, &facts)) {
        return EFI_UNSUPPORTED;
    }
    status = end_boot_services(image, system);
    if (status != EFI_SUCCESS) {
        uart_init(facts.uart);
        uart_line("the firmware's boot services do not end (status 0x%lx); stopped",
                  (unsigned long)status);
        arch_halt();
    }
    arch_publish((uint64_t)boot_image, (uint64_t)boot_image + boot_image_size);
    arch_publish((uint64_t)fdt, (uint64_t)fdt + fdt_totalsize(fdt));
    arch_enter_image(fdt);
}
