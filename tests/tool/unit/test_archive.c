/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host command writes, the manager's reader finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#include <bulkhead/archive_reader.h>

#include "archive.h"

static uint8_t *flatten(struct arena *arena, const struct image *image)
{
    uint8_t *data = arena_alloc(arena, image->size);

    for (const struct image_piece *at = image->first; at != NULL; at = at->next) {
        memcpy(data + at->offset, at->data.data, at->data.size);
    }
    return data;
}

static void test_round_trip(void **state)
{
    static const char *const texts[] = {"description", "", "a kernel", "x"};
    static const char *const names[] = {"system.dtb", "prog/vmm", "vm/a/kernel", "vm/a/initrd"};
    struct archive_file files[4];
    struct image image = {0};
    struct arena arena = {0};
    struct bh_archive archive;
    struct bh_archive_file found;

    for (int i = 0; i < 4; i++) {
        files[i].name = names[i];
        files[i].data = (struct bytes){(const uint8_t *)texts[i], strlen(texts[i])};
    }
    archive_make(&arena, files, 4, &image);
    assert_int_equal(image.size % BH_ARCHIVE_ALIGN, 0);
    assert_true(bh_archive_open(&archive, flatten(&arena, &image), image.size));
    assert_int_equal(archive.count, 4);
    for (int i = 0; i < 4; i++) {
        assert_true(bh_archive_find(&archive, names[i], &found));
        assert_int_equal(found.size, strlen(texts[i]));
        assert_memory_equal(found.data, texts[i], found.size);
        assert_true(bh_archive_entry_at(&archive, (uint32_t)i, &found));
        assert_string_equal(found.name, names[i]);
    }
    assert_false(bh_archive_find(&archive, "vm/a/overlay", &found));
    arena_free(&arena);
}

static void test_large_index(void **state)
{
    enum { COUNT = 50 };
    struct archive_file files[COUNT];
    struct image image = {0};
    struct arena arena = {0};
    struct bh_archive archive;
    struct bh_archive_file found;

    for (int i = 0; i < COUNT; i++) {
        files[i].name = arena_printf(&arena, "vm/vm%d/kernel", i);
        files[i].data.data = (const uint8_t *)files[i].name;
        files[i].data.size = strlen(files[i].name);
    }
    archive_make(&arena, files, COUNT, &image);
    assert_true(bh_archive_open(&archive, flatten(&arena, &image), image.size));
    for (int i = 0; i < COUNT; i++) {
        assert_true(bh_archive_find(&archive, files[i].name, &found));
        assert_memory_equal(found.data, files[i].name, found.size);
        assert_int_equal((uintptr_t)((const uint8_t *)found.data - archive.base) % 4096, 0);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_large_index),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
