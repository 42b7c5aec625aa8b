/* SPDX-License-Identifier: BSD-2-Clause */
/* As much of the UEFI specification (2.10) as the loader uses, for 64-bit processors. */
#ifndef LOADER_EFI_H
#define LOADER_EFI_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t efi_status;
typedef void *efi_handle;

/* Appendix D */
#define EFI_ERROR(number)     ((UINT64_C(1) << 63) | (number))
#define EFI_SUCCESS           UINT64_C(0)
#define EFI_INVALID_PARAMETER EFI_ERROR(2)
#define EFI_UNSUPPORTED       EFI_ERROR(3)
#define EFI_BUFFER_TOO_SMALL  EFI_ERROR(5)

/* 4.2.1 */
struct efi_table_header {
    uint64_t signature;
    uint32_t revision;
    uint32_t header_size;
    uint32_t crc32;
    uint32_t reserved;
};

/* 12.4.1; text is UCS-2 and ends with 0. */
struct efi_text_output {
    void *reset;
    efi_status (*output_string)(struct efi_text_output *self, const uint16_t *text);
};

/* 4.4.1 */
struct efi_boot_services {
    struct efi_table_header header;
    void *raise_tpl_to_free_pages[4];
    /* 7.2.3: *size is the buffer's size in bytes and becomes the map's. */
    efi_status (*get_memory_map)(uint64_t *size, void *map, uint64_t *key,
                                 uint64_t *descriptor_size, uint32_t *descriptor_version);
    void *allocate_pool_to_unload_image[21];
    /* 7.4.6: EFI_INVALID_PARAMETER if the map is not as it was when `key` was given. */
    efi_status (*exit_boot_services)(efi_handle image, uint64_t key);
};

_Static_assert(offsetof(struct efi_boot_services, get_memory_map) == 56, "4.4.1");
_Static_assert(offsetof(struct efi_boot_services, exit_boot_services) == 232, "4.4.1");

/* 4.6.1; a GUID in the order of its bytes in memory. */
struct efi_configuration_table {
    uint8_t guid[16];
    const void *table;
};

/* 4.3.1 */
struct efi_system_table {
    struct efi_table_header header;
    uint16_t *vendor;
    uint32_t revision;
    efi_handle console_in_handle;
    void *console_in;
    efi_handle console_out_handle;
    struct efi_text_output *console_out; /* NULL = no console */
    efi_handle error_handle;
    struct efi_text_output *error;
    void *runtime_services;
    struct efi_boot_services *boot_services;
    uint64_t tables;
    const struct efi_configuration_table *table;
};

_Static_assert(offsetof(struct efi_system_table, table) == 112, "4.3.1");

/* Entry of the image when firmware starts it as an application. Returns only if that failed, having
 * said why on the firmware's console. */
efi_status efi_main(efi_handle image, struct efi_system_table *system);

#endif
