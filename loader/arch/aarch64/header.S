/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first page of a boot image: header of a Linux arm64 Image (Documentation/arm64/booting.rst)
 * and header of an EFI application (Microsoft PE format; UEFI 2.10, 2.1.1). Both at once works
 * because the first instruction of the one is the signature of the other. The file is laid out as
 * it lies in memory, and relocates itself.
 *
 * Whatever depends on the size of the whole boot image is 0 here and filled in by the tool.
 */

#define PE_MACHINE_ARM64   0xaa64
#define PE_FILE_FLAGS      0x0206 /* executable, no line numbers, no debug information */
#define PE_OPTIONAL_64     0x020b
#define PE_EFI_APPLICATION 10
#define PE_PAGE            4096
#define PE_TEXT_FLAGS      0x60000020 /* code, executable, readable */
#define PE_DATA_FLAGS      0xc0000040 /* initialised data, readable, writable */

        .section .head, "a"
        .global boot_image, boot_image_size, boot_pe_size
boot_image:
        .ascii  "MZ"    /* with the next two bytes: add x13, x18, #0x16, which does no harm */
        .short  0x9100
        b       primary_entry
        .quad   0       /* text_offset */
boot_image_size:
        .quad   0       /* image_size: filled in */
        .quad   0xa     /* flags: little endian, 4 KiB pages, anywhere in memory */
        .quad   0
        .quad   0
        .quad   0
        .ascii  "ARM\x64"
        .long   pe_header - boot_image

        /* COFF file header */
pe_header:
        .ascii  "PE\0\0"
        .short  PE_MACHINE_ARM64
        .short  (section_table_end - section_table) / 40
        .long   0       /* time stamp */
        .long   0, 0    /* no symbols */
        .short  section_table - optional_header
        .short  PE_FILE_FLAGS

optional_header:
        .short  PE_OPTIONAL_64
        .byte   0, 0    /* linker's version */
        .long   boot_text_size
        .long   0       /* size of initialised data: filled in */
        .long   0       /* size of data that is not in the file */
        .long   efi_entry - boot_image
        .long   PE_PAGE /* where code begins */
        .quad   0       /* preferred address: none */
        .long   PE_PAGE /* alignment of sections in memory */
        .long   PE_PAGE /* and in the file */
        .short  0, 0    /* version of the operating system, */
        .short  0, 0    /* of the image, */
        .short  0, 0    /* of the subsystem */
        .long   0
boot_pe_size:
        .long   0       /* size of the image: filled in */
        .long   PE_PAGE /* size of headers */
        .long   0       /* checksum */
        .short  PE_EFI_APPLICATION
        .short  0
        .quad   0, 0    /* stack: the firmware's */
        .quad   0, 0    /* heap: none */
        .long   0
        .long   (section_table - data_directories) / 8
data_directories:
        .quad   0, 0, 0, 0, 0, 0 /* up to base relocations, of which there are none */

section_table:
        .ascii  ".text\0\0\0"
        .long   boot_text_size
        .long   PE_PAGE
        .long   boot_text_size
        .long   PE_PAGE
        .long   0, 0
        .short  0, 0
        .long   PE_TEXT_FLAGS

        /* The loader's data and, behind it, the payload. */
        .ascii  ".data\0\0\0"
        .long   0       /* size in memory: filled in */
        .long   boot_data_offset
        .long   0       /* size in the file: filled in */
        .long   boot_data_offset
        .long   0, 0
        .short  0, 0
        .long   PE_DATA_FLAGS
section_table_end:

        .section .note.GNU-stack, "", @progbits
