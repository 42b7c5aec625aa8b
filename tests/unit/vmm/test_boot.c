/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernels of every form, well-formed and hostile. */
#include "machine.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define IMAGE_BYTES 4096u

static _Alignas(16) uint8_t workspace[BH_GUNZIP_WORKSPACE];
static struct boot_layout layout;
static struct guest_memory memory;
static uint8_t *ram;

static int set_up(void **state)
{
    ram = calloc(1, RAM_SIZE);
    memory = (struct guest_memory){.banks = 0};
    assert_true(guest_memory_add(&memory, RAM_BASE, RAM_SIZE, ram));
    return 0;
}

static int tear_down(void **state)
{
    free(ram);
    return 0;
}

static bool load(const void *bytes, size_t size)
{
    struct boot_blob blob = {bytes, size};
    return boot_load_kernel(&memory, &blob, workspace, &layout);
}

static void put64(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, sizeof(value));
}

static void make_image(uint8_t *image, uint64_t text_offset, uint64_t size)
{
    for (unsigned i = 0; i < IMAGE_BYTES; i++) {
        image[i] = (uint8_t)(i * 7);
    }
    put64(image + 8, text_offset);
    put64(image + 16, size);
    put64(image + 24, 0xa);
    memcpy(image + 56, "ARM\x64", 4);
}

static void flat(void **state)
{
    assert_true(load("hello", 5));
    assert_int_equal(layout.entry, RAM_BASE + 0x80000);
    assert_memory_equal(ram + 0x80000, "hello", 5);
    uint8_t *large = calloc(1, RAM_SIZE);
    assert_false(load(large, RAM_SIZE));
    assert_string_equal(layout.error, "flat kernel does not fit into the VM's memory");
    free(large);
    assert_false(load("", 0));
}

static void image(void **state)
{
    uint8_t bytes[IMAGE_BYTES];
    make_image(bytes, 0, 0x20000);
    assert_true(load(bytes, sizeof(bytes)));
    assert_int_equal(layout.entry, RAM_BASE);
    assert_int_equal(layout.kernel.size, 0x20000);
    assert_memory_equal(ram, bytes, sizeof(bytes));
    make_image(bytes, 0x80000, 0x20000);
    assert_true(load(bytes, sizeof(bytes)));
    assert_int_equal(layout.entry, RAM_BASE + 0x80000);
    make_image(bytes, 0, 0); /* an old kernel */
    assert_true(load(bytes, sizeof(bytes)));
    assert_int_equal(layout.entry, RAM_BASE + 0x80000);

    static const uint64_t bad[][2] = {{0, RAM_SIZE + 1},
                                      {RAM_SIZE, 1},
                                      {UINT64_MAX, 0x1000},
                                      {0x1000, UINT64_MAX},
                                      {UINT64_MAX - 0x1000, UINT64_MAX}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        make_image(bytes, bad[i][0], bad[i][1]);
        assert_false(load(bytes, sizeof(bytes)));
        assert_string_equal(layout.error, "kernel Image does not fit into the VM's memory");
    }
    make_image(bytes, 0, 0x20000);
    bytes[24] |= 1;
    assert_false(load(bytes, sizeof(bytes)));
    assert_string_equal(layout.error, "kernel Image is big endian");
}

static size_t pack(uint8_t *out, size_t out_size, const uint8_t *in, size_t size)
{
    z_stream stream = {.next_in = (uint8_t *)(uintptr_t)in,
                       .avail_in = (uInt)size,
                       .next_out = out,
                       .avail_out = (uInt)out_size};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t length = stream.total_out;
    deflateEnd(&stream);
    return length;
}

static void packed_image(void **state)
{
    uint8_t bytes[IMAGE_BYTES];
    uint8_t packed[2 * IMAGE_BYTES];
    make_image(bytes, 0x1000, 0x20000);
    size_t size = pack(packed, sizeof(packed), bytes, sizeof(bytes));
    assert_true(load(packed, size));
    assert_int_equal(layout.entry, RAM_BASE + 0x1000);
    assert_memory_equal(ram + 0x1000, bytes, sizeof(bytes));
    assert_int_equal(ram[0] | ram[100] | ram[0xfff], 0);

    for (size_t cut = 20; cut < size; cut += 7) {
        assert_false(load(packed, cut));
        assert_string_equal(layout.error, "packed kernel is damaged or truncated");
    }
    packed[size / 2] ^= 0xff;
    assert_false(load(packed, size));
    assert_string_equal(layout.error, "packed kernel is damaged or truncated");
    size = pack(packed, sizeof(packed), (const uint8_t *)"no kernel", 9);
    assert_false(load(packed, size));
    assert_string_equal(layout.error, "packed kernel is not an arm64 Image");

    uint8_t *zeroes = calloc(1, RAM_SIZE + 4096);
    uint8_t *bomb = malloc(RAM_SIZE);
    size = pack(bomb, RAM_SIZE, zeroes, RAM_SIZE + 4096);
    assert_false(load(bomb, size));
    assert_string_equal(layout.error, "unpacked kernel does not fit into the VM's memory");
    free(bomb);
    free(zeroes);
}

/* An ELF with one segment at physical address paddr. */
static size_t make_elf(uint8_t *elf, uint64_t vaddr, uint64_t paddr, uint64_t memory_size,
                       uint64_t entry)
{
    static const uint8_t start[20] = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0,  0,
                                      0,    0,   0,   0,   0, 0, 2, 0, 183};
    memset(elf, 0, 256);
    memcpy(elf, start, sizeof(start));
    elf[20] = 1;
    put64(elf + 24, entry);
    put64(elf + 32, 64); /* program headers */
    elf[52] = 64;
    elf[54] = 56;
    elf[56] = 1;
    elf[64] = 1; /* PT_LOAD */
    elf[68] = 5;
    put64(elf + 72, 128); /* offset */
    put64(elf + 80, vaddr);
    put64(elf + 88, paddr);
    put64(elf + 96, 100);
    put64(elf + 104, memory_size);
    memset(elf + 128, 0xaa, 100);
    return 256;
}

static void elf(void **state)
{
    uint8_t bytes[256];
    const uint64_t high = UINT64_C(0xffff000000000000);
    memset(ram, 0x55, RAM_SIZE);
    assert_true(load(bytes, make_elf(bytes, high, RAM_BASE + 0x3000, 0x200, high + 0x10)));
    assert_int_equal(layout.entry, RAM_BASE + 0x3010);
    assert_int_equal(layout.kernel.base, RAM_BASE + 0x3000);
    assert_int_equal(ram[0x3000 + 99], 0xaa);
    assert_int_equal(ram[0x3000 + 100], 0);
    assert_int_equal(ram[0x3000 + 0x1ff], 0);
    assert_int_equal(ram[0x3000 + 0x200], 0x55);

    assert_false(load(bytes, make_elf(bytes, high, RAM_BASE - 1, 0x200, high)));
    assert_false(load(bytes, make_elf(bytes, high, RAM_BASE + RAM_SIZE - 8, 0x200, high)));
    assert_false(load(bytes, make_elf(bytes, high, UINT64_MAX - 8, 0x200, high)));
    assert_false(load(bytes, make_elf(bytes, high, RAM_BASE, UINT64_MAX / 2, high)));
    assert_false(load(bytes, make_elf(bytes, high, RAM_BASE, 0x200, high + 0x200)));
    assert_string_equal(layout.error, "kernel ELF has its entry point outside its segments");
}

static void placement(void **state)
{
    uint8_t initrd[5000];
    memset(initrd, 0xcd, sizeof(initrd));
    struct boot_blob blob = {initrd, sizeof(initrd)};
    assert_true(load("hello", 5));
    assert_true(boot_place_rest(&memory, &blob, 0x10000, &layout));
    assert_true(layout.devicetree % 0x200000 == 0);
    assert_true(layout.devicetree + 0x10000 <= RAM_BASE + RAM_SIZE);
    assert_true(layout.initrd.base >= layout.kernel.base + layout.kernel.size);
    assert_true(layout.initrd.base + layout.initrd.size <= layout.devicetree);
    assert_int_equal(ram[layout.initrd.base - RAM_BASE + 4999], 0xcd);

    blob.size = UINT64_MAX;
    assert_false(boot_place_rest(&memory, &blob, 0x10000, &layout));
    assert_string_equal(layout.error, "no room for the initrd above the kernel");
    blob.size = 0;
    layout.kernel.size = RAM_SIZE - 0x80000;
    assert_false(boot_place_rest(&memory, &blob, 0x10000, &layout));
    layout.kernel.size -= 0x10000;
    assert_true(boot_place_rest(&memory, &blob, 0x10000, &layout));
}

/* Damaged headers of all forms: an answer, and nothing outside the guest's memory touched. */
static void damaged_headers(void **state)
{
    uint64_t seed = 1234567;
    uint8_t *bytes = malloc(IMAGE_BYTES);
    for (unsigned i = 0; i < 20000; i++) {
        size_t size = IMAGE_BYTES;
        uint8_t packed[2 * IMAGE_BYTES];
        switch (random_next(&seed) % 3) {
        case 0:
            make_image(bytes, random_next(&seed) >> (random_next(&seed) % 64),
                       random_next(&seed) >> (random_next(&seed) % 64));
            break;
        case 1:
            size = make_elf(bytes, random_next(&seed), RAM_BASE + random_next(&seed) % RAM_SIZE,
                            random_next(&seed) >> (random_next(&seed) % 64), random_next(&seed));
            break;
        default:
            make_image(bytes, 0, 0x10000);
            size = pack(packed, sizeof(packed), bytes, 512);
            memcpy(bytes, packed, size);
            break;
        }
        for (unsigned flips = random_next(&seed) % 4; flips > 0; flips--) {
            bytes[random_next(&seed) % (size < 160 ? size : 160)] ^= (uint8_t)random_next(&seed);
        }
        size -= random_next(&seed) % size / (1 + random_next(&seed) % 64);
        uint8_t *exact = malloc(size); /* so that the sanitizer sees reads behind the end */
        memcpy(exact, bytes, size);
        struct boot_blob none = {NULL, 0};
        if (load(exact, size)) {
            assert_non_null(guest_memory_at(&memory, layout.kernel.base, layout.kernel.size));
            boot_place_rest(&memory, &none, 0x10000, &layout);
        } else {
            assert_true(layout.error[0] != 0);
        }
        free(exact);
    }
    free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(flat), TEST(image),     TEST(packed_image),
                                       TEST(elf),  TEST(placement), TEST(damaged_headers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
