/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every offset of every frame, each width, reads and writes of several values: the result is a
 * value or an error as the table below says, nothing is read beyond the width, and the controller
 * still works.
 */
#include "hw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct hw hw;

/* Where the specification has registers that take a byte, or a doubleword. */
static bool v3_dist_width(uint64_t offset, unsigned width)
{
    bool bytes = (offset >= 0x400 && offset < 0x7fc) || (offset >= 0x800 && offset < 0xbfc);
    bool words = offset < 0x14 || (offset >= 0x80 && offset < 0x400) || bytes ||
                 (offset >= 0xc00 && offset < 0xf04) || offset >= 0xffd0;
    bool doublewords = offset >= 0x6100 && offset < 0x7fe0;

    return width == 4 || (!words && !doublewords) || (bytes && width == 1) ||
           (doublewords && width == 8);
}

static bool v3_redist_width(uint64_t offset, unsigned width)
{
    bool sgi = (offset & 0x10000) != 0;
    offset &= 0xffff;
    if (!sgi) {
        bool doublewords = (offset >= 8 && offset < 0x10) || (offset >= 0x70 && offset < 0x80);
        bool words = offset < 0x18 || offset >= 0xffd0;
        return width == 4 || (doublewords ? width == 8 : !words);
    }
    bool bytes = offset >= 0x400 && offset < 0x420;
    bool words = bytes || (offset >= 0xc00 && offset < 0xc08) || (offset & ~3ull) == 0xd00 ||
                 (offset & ~3ull) == 0xe00;
    for (uint64_t reg = 0x80; reg < 0x400; reg += 0x80) {
        words = words || (offset & ~3ull) == reg;
    }
    return width == 4 || !words || (bytes && width == 1);
}

static bool allowed(bool redist, uint64_t offset, unsigned width)
{
    if (width != 1 && width != 2 && width != 4 && width != 8) {
        return false;
    }
    if (offset % width != 0) {
        return false;
    }
    if (hw.vgic.cfg.version == VGIC_V2) {
        return width != 8 && (width == 4 || offset < 0xf00 || offset >= 0xf04);
    }
    return redist ? v3_redist_width(offset, width) : v3_dist_width(offset, width);
}

static void one(bool redist, unsigned vcpu, uint64_t offset, unsigned width, bool write,
                uint64_t data)
{
    uint64_t value = data;
    uint64_t before = hw.vgic.cpu[vcpu].stats.bad_accesses;

    hw.current = vcpu;
    enum region_result result =
        redist ? vgic_redist_access(&hw.vgic, vcpu, offset, width, write, &value)
               : vgic_dist_access(&hw.vgic, vcpu, offset, width, write, &value);
    hw_flush(&hw, vcpu);
    if (!allowed(redist, offset, width)) {
        assert_int_equal(result, REGION_ERROR);
        assert_int_equal(hw.vgic.cpu[vcpu].stats.bad_accesses, before + 1);
        return;
    }
    assert_int_equal(result, REGION_HANDLED);
    if (write) {
        assert_true(value == data);
    } else if (width < 8) {
        assert_int_equal(value >> 8 * width, 0);
    }
}

static void sweep(bool redist, uint64_t size)
{
    static const uint64_t data[] = {UINT64_MAX, 0, UINT64_C(0x5a5aa5a50ff0f00f), 1};

    for (unsigned i = 0; i < 4; i++) {
        for (uint64_t offset = 0; offset < size; offset++) {
            unsigned vcpu = (unsigned)(offset >> 2) % hw.vcpus;
            for (unsigned width = 1; width <= 8; width++) {
                one(redist, vcpu, offset, width, false, UINT64_MAX);
                one(redist, vcpu, offset, width, true, data[i]);
            }
        }
    }
}

/* Takes what is loaded and sends one more, which must come through. */
static void still_alive(unsigned vcpu)
{
    uint64_t rd = vcpu * VGIC_V3_GICR_STRIDE + 0x10000;
    bool v3 = hw.vgic.cfg.version == VGIC_V3;
    unsigned intid;

    hw_write(&hw, vcpu, 0, 4, 3);
    for (uint64_t n = 0; n < 0x24; n += 4) {
        hw_write(&hw, vcpu, 0x180 + n, 4, UINT32_MAX);
        hw_write(&hw, vcpu, 0x280 + n, 4, UINT32_MAX);
        hw_write(&hw, vcpu, 0x380 + n, 4, UINT32_MAX);
    }
    if (v3) {
        hw_gicr_write(&hw, vcpu, rd + 0x180, 4, UINT32_MAX);
        hw_gicr_write(&hw, vcpu, rd + 0x280, 4, UINT32_MAX);
        hw_gicr_write(&hw, vcpu, rd + 0x380, 4, UINT32_MAX);
        hw_gicr_write(&hw, vcpu, rd + 0x100, 4, 1 << 9);
    }
    hw_write(&hw, vcpu, 0xf10, 4, v3 ? 0 : UINT32_MAX);
    hw_write(&hw, vcpu, 0xf14, 4, v3 ? 0 : UINT32_MAX);
    hw_write(&hw, vcpu, 0xf18, 4, v3 ? 0 : UINT32_MAX);
    hw_write(&hw, vcpu, 0xf1c, 4, v3 ? 0 : UINT32_MAX);
    while ((intid = hw_iar(&hw, vcpu)) != SPURIOUS) {
        hw_eoi(&hw, vcpu, intid);
    }
    if (v3) {
        vgic_write_sgi(&hw.vgic, vcpu, VGIC_ICC_SGI1R, UINT64_C(9) << 24 | 1u << vcpu);
        hw_flush(&hw, vcpu);
    } else {
        hw_write(&hw, vcpu, 0xf00, 4, 0x02000009);
    }
    assert_int_equal(hw_iar(&hw, vcpu), 9);
    hw_eoi(&hw, vcpu, 9);
    assert_false(vgic_deliverable(&hw.vgic, vcpu));
}

static void sweep_version(enum vgic_version version)
{
    static const unsigned counts[] = {1, 3, 8};

    for (unsigned i = 0; i < 3; i++) {
        hw_init(&hw, version, counts[i], 4);
        sweep(false, version == VGIC_V2 ? VGIC_V2_GICD_SIZE : VGIC_V3_GICD_SIZE);
        if (version == VGIC_V3) {
            sweep(true, VGIC_V3_GICR_STRIDE * (counts[i] < 3 ? counts[i] : 2));
        }
        for (unsigned n = 0; n < counts[i]; n++) {
            still_alive(n);
        }
    }
}

static void sweep_v2(void **state)
{
    sweep_version(VGIC_V2);
}

static void sweep_v3(void **state)
{
    sweep_version(VGIC_V3);
}

static void outside(void **state)
{
    uint64_t value = 0;

    hw_init(&hw, VGIC_V2, 2, 4);
    assert_int_equal(vgic_dist_access(&hw.vgic, 0, 0x1000, 4, false, &value), REGION_UNHANDLED);
    assert_int_equal(vgic_redist_access(&hw.vgic, 0, 0, 4, false, &value), REGION_UNHANDLED);
    assert_int_equal(vgic_dist_access(&hw.vgic, 2, 0, 4, false, &value), REGION_ERROR);
    hw_init(&hw, VGIC_V3, 2, 4);
    assert_int_equal(vgic_dist_access(&hw.vgic, 0, 0x10000, 4, false, &value), REGION_UNHANDLED);
    assert_int_equal(vgic_dist_access(&hw.vgic, 0, UINT64_MAX, 1, true, &value), REGION_UNHANDLED);
    assert_int_equal(vgic_redist_access(&hw.vgic, 0, 2 * VGIC_V3_GICR_STRIDE, 4, false, &value),
                     REGION_UNHANDLED);
    assert_int_equal(vgic_redist_access(&hw.vgic, 0, UINT64_MAX - 3, 4, false, &value),
                     REGION_UNHANDLED);
    assert_int_equal(vgic_redist_access(&hw.vgic, 9, 0, 4, false, &value), REGION_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweep_v2),
        cmocka_unit_test(sweep_v3),
        cmocka_unit_test(outside),
    };

    return cmocka_run_group_tests_name("vgic sweep", tests, NULL, NULL);
}
