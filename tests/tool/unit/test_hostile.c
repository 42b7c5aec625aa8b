/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Damaged inputs: whatever the bytes, a reader says what is wrong or takes them; the sanitizers
 * watch that it reads nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#include <elf.h>
#include <libfdt.h>

#include "dts.h"
#include "elf64.h"
#include "guest_kernel.h"
#include "overlay.h"

#define ROUNDS 20000

static uint64_t seed = 1;

static uint32_t any(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 16) % below;
}

/* A copy of `size` bytes at most, shortened or with some bytes changed, in a block of its own. */
static struct bytes damage(const uint8_t *data, size_t size)
{
    static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff, '"', '<', '{', '}', ';', '\\', '/'};
    size_t kept = any(4) == 0 ? any((uint32_t)size + 1) : size;
    uint8_t *copy = malloc(kept + 1);

    memcpy(copy, data, kept);
    copy[kept] = '\0';
    for (uint32_t edits = any(6); kept > 0 && edits > 0; edits--) {
        copy[any((uint32_t)kept)] = any(2) ? edges[any(sizeof(edges))] : (uint8_t)any(256);
    }
    return (struct bytes){copy, kept};
}

static void test_dts(void **state)
{
    static const char text[] = "/dts-v1/;\n/ { /* a.dts:1 */\n\tc = \"b\\x41c\", <0x01 l:0x02>, "
                               "[00 ff]; /* a.dts:2, b.dts:4 */\n\tvms { /* a:b.dts:5 */\n\t\tl: v "
                               "{ };\n\t}; /* a.dts:9 */\n};\n";

    for (int i = 0; i < ROUNDS; i++) {
        struct bytes damaged = damage((const uint8_t *)text, sizeof(text) - 1);
        struct arena arena = {0};

        dts_parse(&arena, "x/a.dts", (const char *)damaged.data);
        arena_free(&arena);
        free((void *)damaged.data);
    }
}

static void check_kernel(const uint8_t *data, size_t size)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct bytes damaged = damage(data, size);
        struct arena arena = {0};
        uint64_t end = 0;

        /* gzip is another program's business */
        if (damaged.size < 2 || damaged.data[0] != 0x1f) {
            const char *wrong = guest_kernel_check(&arena, "file", damaged, 1 << 30, 1 << 27, &end);

            assert_true(wrong != NULL || end <= UINT64_C(3) << 30);
        }
        arena_free(&arena);
        free((void *)damaged.data);
    }
}

static void test_image(void **state)
{
    uint8_t image[256] = "MZ";

    image[17] = 0x10;
    memcpy(image + 56, "ARM\x64\x40", 5);
    memcpy(image + 64, "PE\0\0", 4);
    image[64 + 6] = 2;
    image[64 + 24 + 16] = 0x40;
    check_kernel(image, sizeof(image));
}

static void make_elf(uint8_t *data)
{
    Elf64_Ehdr header = {.e_ident = ELFMAG,
                         .e_type = ET_EXEC,
                         .e_machine = EM_AARCH64,
                         .e_entry = 0x40100000,
                         .e_phoff = sizeof(header),
                         .e_phentsize = sizeof(Elf64_Phdr),
                         .e_phnum = 2};
    Elf64_Phdr segment = {.p_type = PT_LOAD,
                          .p_offset = 200,
                          .p_vaddr = 0x40100000,
                          .p_paddr = 0x40100000,
                          .p_filesz = 50,
                          .p_memsz = 8192};

    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    memcpy(data, &header, sizeof(header));
    memcpy(data + sizeof(header), &segment, sizeof(segment));
    segment.p_paddr += 0x2000;
    segment.p_vaddr += 0x2000;
    memcpy(data + sizeof(header) + sizeof(segment), &segment, sizeof(segment));
}

static void test_elf_kernel(void **state)
{
    uint8_t elf[256] = {0};

    make_elf(elf);
    check_kernel(elf, sizeof(elf));
}

static void test_elf_parts(void **state)
{
    uint8_t whole[256] = {0};

    make_elf(whole);
    for (int i = 0; i < ROUNDS; i++) {
        struct bytes damaged = damage(whole, sizeof(whole));
        struct arena arena = {0};
        struct elf64 elf;
        uint64_t start, end;

        if (elf64_open(damaged, &elf) == NULL) {
            elf64_virtual(&elf, &start, &end);
            assert_true(start < end);
            assert_true(elf64_trim(&arena, &elf).size <= damaged.size);
            if (end - start < 1 << 20) {
                assert_true(elf64_flatten(&arena, &elf).size >= end - start);
            }
        }
        arena_free(&arena);
        free((void *)damaged.data);
    }
}

static void test_overlay(void **state)
{
    uint8_t blob[1024];

    fdt_create(blob, sizeof(blob));
    fdt_finish_reservemap(blob);
    fdt_begin_node(blob, "");
    fdt_begin_node(blob, "fragment@0");
    fdt_property_string(blob, "target-path", "/");
    fdt_begin_node(blob, "__overlay__");
    fdt_end_node(blob);
    fdt_end_node(blob);
    fdt_end_node(blob);
    fdt_finish(blob);
    for (int i = 0; i < ROUNDS; i++) {
        struct bytes damaged = damage(blob, fdt_totalsize(blob));
        struct arena arena = {0};

        overlay_check(&arena, damaged, 1);
        arena_free(&arena);
        free((void *)damaged.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dts),        cmocka_unit_test(test_image),
        cmocka_unit_test(test_elf_kernel), cmocka_unit_test(test_elf_parts),
        cmocka_unit_test(test_overlay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
