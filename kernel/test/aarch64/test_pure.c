/* SPDX-License-Identifier: BSD-2-Clause */
/* Address ranges, VMIDs, list register formats and the kernel's own mapping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gic.h"
#include "kmap_page.h"
#include "regions.h"
#include "vmid.h"

#define MODEL 256

/* A list of ranges against an array of bytes. */
static void check_model(const struct region_list *list, const bool *model)
{
    bool seen[MODEL] = {false};
    uint64_t last = 0;

    for (unsigned i = 0; i < list->count; i++) {
        const struct region *r = &list->region[i];
        assert_true(r->start < r->end && r->end <= MODEL);
        assert_true(i == 0 || r->start >= last);
        last = r->end;
        for (uint64_t at = r->start; at < r->end; at++)
            seen[at] = true;
    }
    assert_memory_equal(seen, model, sizeof seen);
}

static void test_regions_random(void **state)
{
    srand(2);
    for (unsigned run = 0; run < 500; run++) {
        struct region_list list = {.count = 0};
        bool model[MODEL];
        memset(model, true, sizeof model);
        assert_true(regions_add(&list, 0, MODEL));
        for (unsigned i = 0; i < 20; i++) {
            uint64_t start = (uint64_t)rand() % MODEL;
            uint64_t end = start + (uint64_t)rand() % (MODEL - start + 1);
            assert_true(regions_remove(&list, start, end));
            for (uint64_t at = start; at < end; at++)
                model[at] = false;
            check_model(&list, model);
        }
    }
}

static void test_regions_full(void **state)
{
    struct region_list list = {.count = 0};

    for (unsigned i = 0; i < MAX_REGIONS; i++)
        assert_true(regions_add(&list, i * 4, i * 4 + 3));
    assert_true(regions_add(&list, 1000, 1000));
    assert_false(regions_add(&list, 1000, 1001));
    assert_false(regions_remove(&list, 1, 2));
}

/* The root task's objects on the reference board with 2 GiB. */
static void test_carve(void **state)
{
    struct region_list list = {.count = 0};
    uint64_t start;

    regions_add(&list, 0x60000000, 0xc0000000);
    assert_true(regions_carve_top(&list, 0x40b880, 0x400000, &start));
    assert_int_equal(start, 0xbf800000);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.region[1].start, 0xbfc0b880);
    assert_false(regions_contain(&list, 0xbf7ff000, 0xbf801000));
    assert_true(regions_contain(&list, 0x60000000, 0xbf800000));
    assert_false(regions_carve_top(&list, 0x80000000, 0x1000, &start));
}

static unsigned cut(uint64_t start, uint64_t end, unsigned *bits, unsigned most)
{
    unsigned n = 0;
    unsigned piece;
    while ((piece = region_piece_bits(start, end, 4, 47)) != 0 && n < most) {
        assert_int_equal(start & ((UINT64_C(1) << piece) - 1), 0);
        start += UINT64_C(1) << piece;
        bits[n++] = piece;
    }
    assert_true(end - start < 16);
    return n;
}

static void test_pieces(void **state)
{
    static const unsigned expected[] = {12, 13, 14, 15};
    unsigned bits[64] = {0};

    assert_int_equal(cut(0, 0x8000000, bits, 64), 1);
    assert_int_equal(bits[0], 27);
    assert_int_equal(cut(0x8001000, 0x8010000, bits, 64), 4);
    assert_memory_equal(bits, expected, sizeof expected);
    assert_int_equal(cut(0xc0000000, UINT64_C(1) << 40, bits, 64), 9);
    assert_int_equal(bits[8], 39);
    assert_int_equal(region_piece_bits(0, UINT64_C(1) << 50, 4, 47), 47);
    assert_int_equal(region_piece_bits(8, 64, 4, 47), 0);
    assert_int_equal(region_piece_bits(16, 16, 4, 47), 0);
}

struct busy {
    bool vmid[VMIDS];
};

static bool is_busy(void *context, unsigned vmid)
{
    return ((struct busy *)context)->vmid[vmid];
}

static void test_vmid_all_then_steal(void **state)
{
    struct vmid_table table = {.last = 0};
    struct busy busy = {.vmid = {false}};

    for (unsigned asid = 1; asid < VMIDS; asid++) {
        unsigned vmid = vmid_choose(&table, is_busy, &busy);
        assert_int_not_equal(vmid, VMID_NONE);
        assert_int_equal(table.owner[vmid], 0);
        vmid_give(&table, vmid, asid);
    }
    busy.vmid[1] = busy.vmid[2] = true;
    assert_int_equal(vmid_choose(&table, is_busy, &busy), 3);
    vmid_give(&table, 3, 1000);
    assert_int_equal(vmid_choose(&table, is_busy, &busy), 4);
    table.owner[200] = 0;
    assert_int_equal(vmid_choose(&table, is_busy, &busy), 200);
}

static void test_lr(void **state)
{
    /* IHI 0048B 5.3.10, IHI 0069 12.4.9. */
    const struct gic_lr_format v2 = GICV2_LR_FORMAT, v3 = GICV3_LR_FORMAT;

    assert_int_equal(gic_lr_pending(v2, 27, 0, 0), 0x1008001b);
    assert_int_equal(gic_lr_pending(v2, 40, 31, 1), 0x5f880028);
    assert_int_equal(gic_lr_pending(v3, 27, 0, 0), 0x400002000000001b);
    assert_int_equal(gic_lr_pending(v3, 8191, 5, 1), 0x5005020000001fff);
    assert_int_equal(gic_lr_without_eoi(v2, 0x5f880028), 0x5f800028);
    assert_int_equal(gic_lr_without_eoi(v3, 0x5005020000001fff), 0x5005000000001fff);
    assert_false(gic_lr_is_active(v2, gic_lr_pending(v2, 27, 0, 0)));
    assert_true(gic_lr_is_active(v2, 0x2000001b));
    assert_false(gic_lr_is_active(v2, 0x3000001b));
    assert_true(gic_lr_is_active(v3, UINT64_C(2) << 62));
    assert_false(gic_lr_is_active(v3, UINT64_C(3) << 62));
}

/* Every page of a small image and around it: what may be written cannot be executed. */
static void test_image_pages(void **state)
{
    static const struct kmap_image image = {
        .boot = 0x2000, .code = 0x4000, .constants = 0x7000, .data = 0x8000};
    static const char booting[] = "ddxxxxxcdd", later[] = "ddddxxxcdd";

    for (unsigned page = 0; page < sizeof booting - 1; page++) {
        for (unsigned late = 0; late < 2; late++) {
            uint64_t use = kmap_page_use(&image, (uint64_t)page << 12, !late);
            bool write = (use & DESC_RO) == 0;
            bool execute = (use & DESC_XN) == 0;
            char kind = execute ? 'x' : write ? 'd' : 'c';
            assert_false(write && execute);
            assert_int_equal(kind, (late ? later : booting)[page]);
        }
    }
    assert_int_equal(DESC_DEVICE & (DESC_XN | DESC_RO), DESC_XN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regions_random),
        cmocka_unit_test(test_regions_full),
        cmocka_unit_test(test_carve),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_vmid_all_then_steal),
        cmocka_unit_test(test_lr),
        cmocka_unit_test(test_image_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
