/* SPDX-License-Identifier: BSD-2-Clause */
/* Readers of file formats: archive, ELF, gzip. Each gets sound files, then damaged ones. */
#include <bulkhead/archive_reader.h>
#include <bulkhead/elf.h>
#include <bulkhead/gunzip.h>
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static uint32_t seed = 1;

static uint32_t random_below(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % limit;
}

/* An exact copy on the heap, where the sanitizer guards both ends. */
static void *exact_copy(const void *bytes, size_t size)
{
    void *copy = malloc(size > 0 ? size : 1);

    assert_non_null(copy);
    memcpy(copy, bytes, size);
    return copy;
}

/* --- archive ------------------------------------------------------------------------------- */

#define ARCHIVE_SIZE (4 * BH_ARCHIVE_ALIGN)

struct archive_head {
    struct bh_archive_header header;
    struct bh_archive_entry entry[2];
};

static uint8_t *new_archive(void)
{
    uint8_t *bytes = calloc(1, ARCHIVE_SIZE);
    struct archive_head head = {
        .header = {.magic = BH_ARCHIVE_MAGIC,
                   .version = BH_ARCHIVE_VERSION,
                   .count = 2,
                   .size = ARCHIVE_SIZE},
        .entry = {{.name = "system.dtb", .offset = 4096, .size = 5000},
                  {.name = "vm/a/kernel", .offset = 12288, .size = 4096}},
    };

    assert_non_null(bytes);
    memcpy(bytes, &head, sizeof(head));
    bytes[4096] = 'd';
    bytes[12288] = 'k';
    return bytes;
}

static void test_archive(void **state)
{
    uint8_t *bytes = new_archive();
    struct bh_archive archive;
    struct bh_archive_file file;

    assert_true(bh_archive_open(&archive, bytes, ARCHIVE_SIZE));
    assert_true(bh_archive_find(&archive, "vm/a/kernel", &file));
    assert_int_equal(file.size, 4096);
    assert_int_equal(*(const char *)file.data, 'k');
    assert_true(bh_archive_entry_at(&archive, 0, &file));
    assert_string_equal(file.name, "system.dtb");
    assert_false(bh_archive_entry_at(&archive, 2, &file));
    assert_false(bh_archive_find(&archive, "vm/a/kerne", &file));
    assert_false(bh_archive_find(&archive, "", &file));
    free(bytes);
}

static void expect_refused(uint8_t *bytes, uint64_t available)
{
    struct bh_archive archive;
    struct bh_archive_file file;

    assert_false(bh_archive_open(&archive, bytes, available));
    assert_false(bh_archive_find(&archive, "system.dtb", &file));
    free(bytes);
}

static void test_archive_refusals(void **state)
{
    expect_refused(new_archive(), 0);
    expect_refused(new_archive(), ARCHIVE_SIZE - 1);
#define WITH(change)                                                                               \
    do {                                                                                           \
        uint8_t *bytes = new_archive();                                                            \
        struct archive_head *head = (struct archive_head *)bytes;                                  \
        change;                                                                                    \
        expect_refused(bytes, ARCHIVE_SIZE);                                                       \
    } while (0)
    WITH(head->header.magic++);
    WITH(head->header.version++);
    WITH(head->header.size = 16);
    WITH(head->header.size--);
    WITH(head->header.size = UINT64_MAX & ~UINT64_C(4095));
    WITH(head->header.count = UINT32_MAX);
    WITH(head->header.count = 512);
    WITH(head->entry[0].offset = 0); /* the header itself */
    WITH(head->entry[1].offset++);
    WITH(head->entry[1].offset = ARCHIVE_SIZE + BH_ARCHIVE_ALIGN);
    WITH(head->entry[1].size++);
    WITH(head->entry[1].size = UINT64_MAX - 4095);
    WITH(head->entry[1].name[0] = '\0');
    WITH(memset(head->entry[1].name, 'a', BH_ARCHIVE_NAME_MAX));
#undef WITH
}

/* --- ELF ----------------------------------------------------------------------------------- */

struct elf_file {
    Elf64_Ehdr header;
    Elf64_Phdr segment[3];
    uint8_t data[256];
};

static struct elf_file sound_elf(void)
{
    struct elf_file file = {
        .header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_AARCH64,
                   .e_version = 1,
                   .e_entry = 0x400010,
                   .e_phoff = offsetof(struct elf_file, segment),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 3},
        .segment = {{.p_type = PT_LOAD,
                     .p_flags = PF_R | PF_X,
                     .p_offset = offsetof(struct elf_file, data),
                     .p_vaddr = 0x400000,
                     .p_paddr = 0x60000000,
                     .p_filesz = 100,
                     .p_memsz = 100},
                    {.p_type = PT_NOTE, .p_offset = UINT64_MAX, .p_filesz = UINT64_MAX},
                    {.p_type = PT_LOAD,
                     .p_flags = PF_R | PF_W,
                     .p_offset = offsetof(struct elf_file, data) + 128,
                     .p_vaddr = 0x401000,
                     .p_paddr = 0x60001000,
                     .p_filesz = 128,
                     .p_memsz = 4096}},
    };
    return file;
}

static void test_elf(void **state)
{
    struct elf_file file = sound_elf();
    struct bh_elf elf;

    assert_int_equal(bh_elf_open(&elf, &file, sizeof(file), EM_AARCH64), BH_ELF_OK);
    assert_int_equal(elf.segments, 2);
    assert_int_equal(elf.entry, 0x400010);
    assert_int_equal(elf.segment[0].flags, BH_ELF_READ | BH_ELF_EXECUTE);
    assert_ptr_equal(elf.segment[0].data, file.data);
    assert_int_equal(elf.segment[1].memory_size, 4096);
    assert_int_equal(elf.segment[1].paddr, 0x60001000);
    file.segment[0].p_memsz = file.segment[0].p_filesz = 0;
    assert_int_equal(bh_elf_open(&elf, &file, sizeof(file), EM_AARCH64), BH_ELF_OK);
    assert_int_equal(elf.segments, 1);
}

static void test_elf_refusals(void **state)
{
    struct bh_elf elf;

#define WITH(change, result)                                                                       \
    do {                                                                                           \
        struct elf_file file = sound_elf();                                                        \
        change;                                                                                    \
        assert_int_equal(bh_elf_open(&elf, &file, sizeof(file), EM_AARCH64), result);              \
    } while (0)
    WITH(file.header.e_ident[0] = 0, BH_ELF_NOT_ELF);
    WITH(file.header.e_ident[EI_CLASS] = ELFCLASS32, BH_ELF_NOT_ELF);
    WITH(file.header.e_ident[EI_DATA] = ELFDATA2MSB, BH_ELF_NOT_ELF);
    WITH(file.header.e_type = ET_REL, BH_ELF_NOT_ELF);
    WITH(file.header.e_phentsize = 32, BH_ELF_NOT_ELF);
    WITH(file.header.e_machine = EM_X86_64, BH_ELF_WRONG_MACHINE);
    WITH(file.header.e_phoff = UINT64_MAX, BH_ELF_TRUNCATED);
    WITH(file.header.e_phnum = 1000, BH_ELF_TRUNCATED);
    WITH(file.header.e_phnum = 0, BH_ELF_NO_SEGMENT);
    WITH(file.segment[2].p_offset = UINT64_MAX, BH_ELF_TRUNCATED);
    WITH(file.segment[2].p_filesz = 129, BH_ELF_TRUNCATED);
    WITH(file.segment[2].p_memsz = 100, BH_ELF_BAD_SEGMENT);
    WITH(file.segment[2].p_vaddr = UINT64_MAX - 10, BH_ELF_BAD_SEGMENT);
    WITH(file.segment[2].p_paddr = UINT64_MAX - 10, BH_ELF_BAD_SEGMENT);
    WITH(file.segment[2].p_vaddr = 0x400063, BH_ELF_OVERLAP);
    WITH(file.segment[2].p_vaddr = 0x300000, BH_ELF_OVERLAP);
#undef WITH
    struct elf_file file = sound_elf();
    for (size_t size = 0; size < sizeof(file); size++) {
        void *copy = exact_copy(&file, size);
        assert_int_not_equal(bh_elf_open(&elf, copy, size, EM_AARCH64), BH_ELF_OK);
        free(copy);
    }
}

static void test_elf_noise(void **state)
{
    struct bh_elf elf;
    volatile uint8_t sink = 0;

    for (int round = 0; round < 50000; round++) {
        struct elf_file file = sound_elf();
        for (uint32_t i = 0; i <= random_below(4); i++) {
            ((uint8_t *)&file)[random_below(offsetof(struct elf_file, data))] ^=
                (uint8_t)(1u << random_below(8));
        }
        struct elf_file *copy = exact_copy(&file, sizeof(file));
        if (bh_elf_open(&elf, copy, sizeof(*copy), EM_AARCH64) == BH_ELF_OK) {
            for (uint32_t i = 0; i < elf.segments; i++) {
                for (uint64_t b = 0; b < elf.segment[i].file_size; b++) {
                    sink = sink ^ elf.segment[i].data[b];
                }
            }
        }
        free(copy);
    }
}

/* --- gzip ---------------------------------------------------------------------------------- */

#define TEXT_SIZE 100000

static uint8_t *new_text(void)
{
    uint8_t *text = malloc(TEXT_SIZE);

    assert_non_null(text);
    for (size_t i = 0; i < TEXT_SIZE; i++) {
        text[i] = (uint8_t)(i % 977 < 500 ? i % 13 : random_below(256));
    }
    return text;
}

static uint8_t *new_gzip(const uint8_t *text, size_t *size)
{
    uint8_t *packed = malloc(TEXT_SIZE + 1000);
    z_stream stream = {.next_in = (uint8_t *)text,
                       .avail_in = TEXT_SIZE,
                       .next_out = packed,
                       .avail_out = TEXT_SIZE + 1000};

    assert_non_null(packed);
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *size = stream.total_out;
    deflateEnd(&stream);
    return packed;
}

static void test_gunzip(void **state)
{
    uint8_t *text = new_text();
    size_t packed_size, length;
    uint8_t *packed = new_gzip(text, &packed_size);
    uint8_t *workspace = malloc(BH_GUNZIP_WORKSPACE);
    uint8_t *out = malloc(TEXT_SIZE);

    assert_true(bh_is_gzip(packed, packed_size));
    assert_int_equal(bh_gunzip(out, TEXT_SIZE, packed, packed_size, workspace, &length),
                     BH_GUNZIP_OK);
    assert_int_equal(length, TEXT_SIZE);
    assert_memory_equal(out, text, TEXT_SIZE);

    assert_int_equal(bh_gunzip(out, TEXT_SIZE, text, TEXT_SIZE, workspace, &length),
                     BH_GUNZIP_NOT_GZIP);
    assert_int_equal(bh_gunzip(out, TEXT_SIZE, packed, 10, workspace, &length), BH_GUNZIP_NOT_GZIP);
    assert_int_equal(bh_gunzip(out, TEXT_SIZE, packed, packed_size / 2, workspace, &length),
                     BH_GUNZIP_CORRUPT);
    free(out);
    out = malloc(1000);
    assert_int_equal(bh_gunzip(out, 1000, packed, packed_size, workspace, &length),
                     BH_GUNZIP_TOO_LARGE);
    assert_int_equal(length, 1000);
    free(out);
    free(workspace);
    free(packed);
    free(text);
}

/* A file of several members is what they unpack to, one after the other; what else follows is not
 * looked at. */
static void test_gunzip_members(void **state)
{
    uint8_t *text = new_text();
    size_t packed_size, length;
    uint8_t *packed = new_gzip(text, &packed_size);
    size_t size = 3 * packed_size + 100;
    uint8_t *file = calloc(1, size);
    uint8_t *workspace = malloc(BH_GUNZIP_WORKSPACE);
    uint8_t *out = malloc(3 * TEXT_SIZE);

    for (unsigned i = 0; i < 3; i++) {
        memcpy(file + i * packed_size, packed, packed_size);
    }
    assert_int_equal(bh_gunzip(out, 3 * TEXT_SIZE, file, size, workspace, &length), BH_GUNZIP_OK);
    assert_int_equal(length, 3 * TEXT_SIZE);
    for (unsigned i = 0; i < 3; i++) {
        assert_memory_equal(out + i * TEXT_SIZE, text, TEXT_SIZE);
    }
    assert_int_equal(bh_gunzip(out, 2 * TEXT_SIZE, file, size, workspace, &length),
                     BH_GUNZIP_TOO_LARGE);
    assert_int_equal(
        bh_gunzip(out, 3 * TEXT_SIZE, file, 2 * packed_size + packed_size / 2, workspace, &length),
        BH_GUNZIP_CORRUPT);
    free(out);
    free(workspace);
    free(file);
    free(packed);
    free(text);
}

static void test_gunzip_noise(void **state)
{
    uint8_t *text = new_text();
    size_t packed_size, length;
    uint8_t *packed = new_gzip(text, &packed_size);
    uint8_t *workspace = malloc(BH_GUNZIP_WORKSPACE);
    uint8_t *out = malloc(TEXT_SIZE);

    for (int round = 0; round < 500; round++) {
        uint8_t *bad = exact_copy(packed, packed_size);
        uint32_t at = random_below((uint32_t)packed_size - 30) + 20;
        bad[at] ^= (uint8_t)(1u << random_below(8));
        if (bh_gunzip(out, TEXT_SIZE, bad, packed_size, workspace, &length) == BH_GUNZIP_OK) {
            /* The checksum stands: the flipped bit did not matter. */
            assert_memory_equal(out, text, TEXT_SIZE);
        }
        free(bad);
    }
    free(out);
    free(workspace);
    free(packed);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_archive),      cmocka_unit_test(test_archive_refusals),
        cmocka_unit_test(test_elf),          cmocka_unit_test(test_elf_refusals),
        cmocka_unit_test(test_elf_noise),    cmocka_unit_test(test_gunzip),
        cmocka_unit_test(test_gunzip_noise), cmocka_unit_test(test_gunzip_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
