/* SPDX-License-Identifier: BSD-2-Clause */
/* Each register's behaviour, in both versions, and the devicetree node. */
#include "hw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#define SGI_FRAME(n) ((n)*VGIC_V3_GICR_STRIDE + 0x10000)
#define RD_FRAME(n)  ((n)*VGIC_V3_GICR_STRIDE)

static struct hw hw;

static void v2_identification(void **state)
{
    hw_init(&hw, VGIC_V2, 4, 4);
    assert_int_equal(hw_read(&hw, 0, 0x004, 4), 8 | 3 << 5);
    assert_int_equal(hw_read(&hw, 0, 0x008, 4), 0x4200043b);
    assert_int_equal(hw_read(&hw, 0, 0xfe8, 4) >> 4 & 0xf, 2); /* PIDR2.ArchRev */
    assert_int_equal(hw_read(&hw, 0, 0xff0, 4), 0x0d);
    assert_int_equal(hw_read(&hw, 0, 0xffc, 4), 0xb1);
    hw_write(&hw, 0, 0x004, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0x004, 4), 8 | 3 << 5);
}

static void v3_identification(void **state)
{
    hw_init(&hw, VGIC_V3, 4, 4);
    assert_int_equal(hw_read(&hw, 0, 0x004, 4), 8 | 9 << 19 | 1 << 24 | 1 << 25);
    assert_int_equal(hw_read(&hw, 0, 0xffe8, 4) >> 4 & 0xf, 3);
    assert_int_equal(hw_gicr_read(&hw, 0, RD_FRAME(3) + 0xffe8, 4) >> 4 & 0xf, 3);
    for (uint64_t n = 0; n < 4; n++) {
        uint64_t last = n == 3 ? 1 << 4 : 0;
        assert_true(hw_gicr_read(&hw, 0, RD_FRAME(n) + 8, 8) == (n << 32 | n << 8 | last));
        assert_int_equal(hw_gicr_read(&hw, 0, RD_FRAME(n) + 8, 4), n << 8 | last);
        assert_int_equal(hw_gicr_read(&hw, 0, RD_FRAME(n) + 12, 4), n);
    }
    assert_int_equal(hw_gicr_read(&hw, 0, RD_FRAME(0), 4), 0);
    assert_int_equal(hw_gicr_read(&hw, 0, RD_FRAME(0) + 0x70, 8), 0);
}

static void reset_values(void **state)
{
    hw_init(&hw, VGIC_V2, 2, 4);
    assert_int_equal(hw_read(&hw, 0, 0x000, 4), 0);
    assert_int_equal(hw_read(&hw, 0, 0x100, 4), 0xffff); /* SGIs cannot be disabled */
    assert_int_equal(hw_read(&hw, 0, 0xc00, 4), 0xaaaaaaaa);
    assert_int_equal(hw_read(&hw, 0, 0xc04, 4), 0);
    hw_init(&hw, VGIC_V3, 2, 4);
    assert_int_equal(hw_read(&hw, 0, 0x000, 4), 0x50); /* DS, ARE */
    assert_int_equal(hw_gicr_read(&hw, 1, SGI_FRAME(1) + 0x100, 4), 0);
    assert_int_equal(hw_gicr_read(&hw, 1, SGI_FRAME(1) + 0xc00, 4), 0xaaaaaaaa);
    assert_int_equal(hw_gicr_read(&hw, 1, RD_FRAME(1) + 0x14, 4), 6);
}

static void control(void **state)
{
    hw_init(&hw, VGIC_V2, 1, 4);
    hw_write(&hw, 0, 0, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0, 4), 3);
    hw_write(&hw, 0, 0, 1, 1);
    assert_int_equal(hw_read(&hw, 0, 0, 1), 1);
    hw_init(&hw, VGIC_V3, 1, 4);
    hw_write(&hw, 0, 0, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0, 4), 0x53);
    hw_write(&hw, 0, 0, 4, 0);
    assert_int_equal(hw_read(&hw, 0, 0, 4), 0x50);
}

/* Set and clear registers see the same bits; private ones are banked, shared ones are not. */
static void set_and_clear(void **state)
{
    static const uint64_t pairs[][2] = {{0x100, 0x180}, {0x200, 0x280}, {0x300, 0x380}};

    hw_init(&hw, VGIC_V2, 2, 4);
    for (unsigned i = 0; i < 3; i++) {
        uint64_t set = pairs[i][0];
        uint64_t clear = pairs[i][1];
        uint64_t sgis = i == 0 ? 0xffff : 0;
        hw_write(&hw, 0, set, 4, 0x80010000);
        assert_int_equal(hw_read(&hw, 0, set, 4), 0x80010000 | sgis);
        assert_int_equal(hw_read(&hw, 0, clear, 4), 0x80010000 | sgis);
        assert_int_equal(hw_read(&hw, 1, set, 4), sgis);
        hw_write(&hw, 0, clear, 4, 0x00010000);
        assert_int_equal(hw_read(&hw, 0, set, 4), 0x80000000 | sgis);
        hw_write(&hw, 0, set + 4, 4, 0xf0f0f0f0);
        assert_int_equal(hw_read(&hw, 1, set + 4, 4), 0xf0f0f0f0);
        hw_write(&hw, 1, clear + 6, 1, 0xff);
        assert_int_equal(hw_read(&hw, 0, set + 4, 4), 0xf000f0f0);
        hw_write(&hw, 0, set + 8, 2, 0x8001);
        assert_int_equal(hw_read(&hw, 0, set + 8, 4), 0x00008001);
    }
}

static void v2_sgi_bits_are_fixed(void **state)
{
    hw_init(&hw, VGIC_V2, 1, 4);
    hw_write(&hw, 0, 0x180, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0x100, 4), 0xffff);
    hw_write(&hw, 0, 0x200, 4, 0xffff);
    assert_int_equal(hw_read(&hw, 0, 0x200, 4), 0);
    hw_write(&hw, 0, 0xc00, 4, 0);
    assert_int_equal(hw_read(&hw, 0, 0xc00, 4), 0xaaaaaaaa);
}

static void v3_private_registers(void **state)
{
    hw_init(&hw, VGIC_V3, 3, 4);
    hw_gicr_write(&hw, 0, SGI_FRAME(2) + 0x100, 4, 0x0800ffff);
    assert_int_equal(hw_gicr_read(&hw, 1, SGI_FRAME(2) + 0x180, 4), 0x0800ffff);
    assert_int_equal(hw_gicr_read(&hw, 1, SGI_FRAME(1) + 0x180, 4), 0);
    hw_gicr_write(&hw, 2, SGI_FRAME(2) + 0x180, 4, 0x0000ffff);
    assert_int_equal(hw_gicr_read(&hw, 1, SGI_FRAME(2) + 0x100, 4), 0x08000000);
    /* The distributor shows none of them. */
    hw_write(&hw, 2, 0x100, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 2, 0x100, 4), 0);
    hw_write(&hw, 2, 0x400, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 2, 0x400, 4), 0);
    hw_write(&hw, 2, 0x80, 4, UINT32_MAX);
    assert_int_equal(hw_gicr_read(&hw, 2, SGI_FRAME(2) + 0x80, 4), 0);
    hw_gicr_write(&hw, 0, RD_FRAME(1) + 0x14, 4, 0);
    assert_int_equal(hw_gicr_read(&hw, 0, RD_FRAME(1) + 0x14, 4), 0);
    hw_gicr_write(&hw, 0, RD_FRAME(1) + 0x14, 4, UINT32_MAX);
    assert_int_equal(hw_gicr_read(&hw, 0, RD_FRAME(1) + 0x14, 4), 6);
}

static void priorities(void **state)
{
    hw_init(&hw, VGIC_V2, 2, 4);
    hw_write(&hw, 0, 0x400 + 33, 1, 0xff);
    assert_int_equal(hw_read(&hw, 0, 0x420, 4), 0x0000f800); /* 32 levels */
    hw_write(&hw, 0, 0x420, 4, 0x10a02030);
    assert_int_equal(hw_read(&hw, 1, 0x423, 1), 0x10);
    assert_int_equal(hw_read(&hw, 1, 0x422, 2), 0x10a0);
    hw_write(&hw, 1, 0x400, 4, 0x88888888);
    assert_int_equal(hw_read(&hw, 0, 0x400, 4), 0);
    assert_int_equal(hw_read(&hw, 0, 0x51c, 4), 0);
    hw_write(&hw, 0, 0x51c, 4, UINT32_MAX); /* INTID 284..287, the last ones */
    assert_int_equal(hw_read(&hw, 0, 0x51c, 4), 0xf8f8f8f8);
    hw_write(&hw, 0, 0x520, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0x520, 4), 0);
    hw_init(&hw, VGIC_V3, 2, 4);
    hw_gicr_write(&hw, 0, SGI_FRAME(1) + 0x41b, 1, 0xa5);
    assert_int_equal(hw_gicr_read(&hw, 0, SGI_FRAME(1) + 0x418, 4), 0xa0000000);
}

static void configuration(void **state)
{
    hw_init(&hw, VGIC_V2, 1, 4);
    hw_write(&hw, 0, 0xc08, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0xc08, 4), 0xaaaaaaaa);
    hw_write(&hw, 0, 0xc09, 1, 0);
    assert_int_equal(hw_read(&hw, 0, 0xc08, 4), 0xaaaa00aa);
    hw_write(&hw, 0, 0xc04, 4, 0x02800000); /* PPI 28, and 27, whose line is sampled */
    assert_int_equal(hw_read(&hw, 0, 0xc04, 4), 0x02000000);
}

static void v2_targets(void **state)
{
    hw_init(&hw, VGIC_V2, 4, 4);
    assert_int_equal(hw_read(&hw, 2, 0x800, 4), 0x04040404);
    assert_int_equal(hw_read(&hw, 3, 0x81f, 1), 0x08);
    hw_write(&hw, 2, 0x800, 4, 0);
    assert_int_equal(hw_read(&hw, 2, 0x800, 4), 0x04040404);
    assert_int_equal(hw_read(&hw, 0, 0x820, 4), 0);
    hw_write(&hw, 0, 0x821, 1, 0xff);
    assert_int_equal(hw_read(&hw, 0, 0x820, 4), 0x00000f00); /* only what exists */
    hw_write(&hw, 0, 0x91c, 4, 0x01020408);
    assert_int_equal(hw_read(&hw, 0, 0x91c, 4), 0x01020408);
    hw_write(&hw, 0, 0x920, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0x920, 4), 0);
    hw_init(&hw, VGIC_V2, 1, 4);
    hw_write(&hw, 0, 0x820, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0x820, 4), 0);
    assert_int_equal(hw_read(&hw, 0, 0x800, 4), 0);
}

static void v3_routing(void **state)
{
    hw_init(&hw, VGIC_V3, 4, 4);
    hw_write(&hw, 0, 0x6000 + 8 * 32, 8, UINT64_MAX);
    assert_true(hw_read(&hw, 0, 0x6100, 8) == UINT64_C(0xff00ffffff)); /* no IRM */
    hw_write(&hw, 0, 0x6100, 4, 3);
    assert_true(hw_read(&hw, 0, 0x6100, 8) == UINT64_C(0xff00000003));
    hw_write(&hw, 0, 0x6104, 4, 0);
    assert_true(hw_read(&hw, 0, 0x6100, 8) == 3);
    hw_write(&hw, 0, 0x6000 + 8 * 287, 8, 2);
    assert_true(hw_read(&hw, 0, 0x6000 + 8 * 287, 8) == 2);
    hw_write(&hw, 0, 0x6000 + 8 * 288, 8, 2);
    assert_true(hw_read(&hw, 0, 0x6000 + 8 * 288, 8) == 0);
    hw_write(&hw, 0, 0x820, 4, UINT32_MAX); /* ITARGETSR is RES0 */
    assert_int_equal(hw_read(&hw, 0, 0x820, 4), 0);
}

static void v2_sgi_sources(void **state)
{
    hw_init(&hw, VGIC_V2, 4, 4); /* distributor off: everything stays pending */
    hw_write(&hw, 3, 0xf00, 4, 1 << 16 | 5);
    hw_write(&hw, 1, 0xf00, 4, 0xf << 16 | 5);
    assert_int_equal(hw_read(&hw, 0, 0xf14, 4), 0x00000a00);
    assert_int_equal(hw_read(&hw, 0, 0xf25, 1), 0x0a);
    assert_int_equal(hw_read(&hw, 2, 0xf25, 1), 0x02);
    assert_int_equal(hw_read(&hw, 0, 0x200, 4), 1 << 5);
    hw_write(&hw, 0, 0xf15, 1, 0x02);
    assert_int_equal(hw_read(&hw, 0, 0xf14, 4), 0x00000800);
    assert_int_equal(hw_read(&hw, 0, 0x200, 4), 1 << 5);
    hw_write(&hw, 0, 0xf14, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0x200, 4), 0);
    hw_write(&hw, 0, 0xf2c, 4, 0xff000001);
    assert_int_equal(hw_read(&hw, 0, 0xf1c, 4), 0x0f000001);
    assert_int_equal(hw_read(&hw, 0, 0x200, 4), 0x9000);
}

static void v2_sgi_filters(void **state)
{
    static const struct {
        uint32_t value;
        unsigned receivers;
    } cases[] = {{0x00050003, 5}, {0x01000003, 0xb}, {0x02ff0003, 4}, {0x03ff0003, 0}};

    for (unsigned i = 0; i < 4; i++) {
        hw_init(&hw, VGIC_V2, 4, 4);
        hw_write(&hw, 2, 0xf00, 4, cases[i].value);
        for (unsigned n = 0; n < 4; n++) {
            assert_int_equal(hw_read(&hw, n, 0x200, 4), (cases[i].receivers >> n & 1) << 3);
        }
    }
}

static void send(unsigned vcpu, enum vgic_sgi_reg reg, uint64_t value)
{
    hw.current = vcpu;
    vgic_write_sgi(&hw.vgic, vcpu, reg, value);
    hw_flush(&hw, vcpu);
}

static unsigned pending_on(unsigned intid)
{
    unsigned receivers = 0;

    for (unsigned n = 0; n < hw.vcpus; n++) {
        uint64_t pending = hw_gicr_read(&hw, n, SGI_FRAME(n) + 0x200, 4);
        receivers |= (unsigned)(pending >> intid & 1) << n;
        hw_gicr_write(&hw, n, SGI_FRAME(n) + 0x280, 4, UINT32_MAX);
    }
    return receivers;
}

static void v3_sgi_registers(void **state)
{
    hw_init(&hw, VGIC_V3, 4, 4);
    send(0, VGIC_ICC_SGI1R, UINT64_C(7) << 24 | 0xa);
    assert_int_equal(pending_on(7), 0xa);
    send(1, VGIC_ICC_SGI1R, UINT64_C(1) << 40 | UINT64_C(7) << 24);
    assert_int_equal(pending_on(7), 0xd);
    send(0, VGIC_ICC_SGI1R, UINT64_C(1) << 16 | UINT64_C(7) << 24 | 0xf); /* other Aff1 */
    send(0, VGIC_ICC_SGI1R, UINT64_C(1) << 44 | UINT64_C(7) << 24 | 0xf); /* other range */
    send(0, VGIC_ICC_SGI1R, UINT64_C(7) << 24 | 0xfff0);                  /* no such vCPUs */
    assert_int_equal(pending_on(7), 0);
    /* Group 0 registers reach group 0 only; SGI1R reaches both (DS = 1). */
    hw_gicr_write(&hw, 0, SGI_FRAME(1) + 0x80, 4, 1 << 7);
    send(0, VGIC_ICC_SGI0R, UINT64_C(7) << 24 | 0xf);
    assert_int_equal(pending_on(7), 0xd);
    send(0, VGIC_ICC_ASGI1R, UINT64_C(7) << 24 | 0xf);
    assert_int_equal(pending_on(7), 0xd);
    send(0, VGIC_ICC_SGI1R, UINT64_C(7) << 24 | 0xf);
    assert_int_equal(pending_on(7), 0xf);
    /* A GICv2 has no such registers. */
    hw_init(&hw, VGIC_V2, 2, 4);
    send(0, VGIC_ICC_SGI1R, UINT64_C(7) << 24 | 3);
    assert_int_equal(hw_read(&hw, 1, 0x200, 4), 0);
}

static void configuration_is_checked(void **state)
{
    struct vgic_config good = hw.vgic.cfg;
    struct vgic_config bad[9];
    static struct vgic vgic;

    for (unsigned i = 0; i < 9; i++) {
        bad[i] = good;
    }
    bad[0].version = (enum vgic_version)1;
    bad[1].nr_vcpus = 0;
    bad[2].nr_vcpus = 9;
    bad[3].nr_spis = 0;
    bad[4].nr_spis = 33;
    bad[5].nr_spis = 288;
    bad[6].nr_lrs = 0;
    bad[7].nr_lrs = 17;
    bad[8].sampled_ppis = 1;
    for (unsigned i = 0; i < 9; i++) {
        assert_int_equal(vgic_init(&vgic, &bad[i]), -1);
    }
    assert_int_equal(vgic_init(&vgic, &good), 0);
}

static void smaller_controller(void **state)
{
    hw_init(&hw, VGIC_V2, 1, 4);
    struct vgic_config cfg = hw.vgic.cfg;
    cfg.nr_spis = 64;
    assert_int_equal(vgic_init(&hw.vgic, &cfg), 0);
    assert_int_equal(hw_read(&hw, 0, 0x004, 4), 2);
    hw_write(&hw, 0, 0x108, 4, UINT32_MAX);
    hw_write(&hw, 0, 0x10c, 4, UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0x108, 4), UINT32_MAX);
    assert_int_equal(hw_read(&hw, 0, 0x10c, 4), 0);
    vgic_set_level(&hw.vgic, 0, 96, true);
    vgic_pulse(&hw.vgic, 0, 96);
    assert_int_equal(hw_read(&hw, 0, 0x20c, 4), 0);
}

static void check_node(enum vgic_version version, unsigned vcpus, const char *compatible,
                       const uint32_t *reg)
{
    static char fdt[4096];
    int length;

    hw_init(&hw, version, vcpus, 4);
    assert_int_equal(fdt_create(fdt, sizeof(fdt)), 0);
    assert_int_equal(fdt_finish_reservemap(fdt), 0);
    assert_int_equal(fdt_begin_node(fdt, ""), 0);
    assert_int_equal(vgic_fdt(&hw.vgic, fdt, 7), 0);
    assert_int_equal(fdt_end_node(fdt), 0);
    assert_int_equal(fdt_finish(fdt), 0);
    int node = fdt_node_offset_by_phandle(fdt, 7);
    assert_int_equal(node, fdt_path_offset(fdt, "/intc@8000000"));
    assert_int_equal(fdt_node_check_compatible(fdt, node, compatible), 0);
    assert_non_null(fdt_getprop(fdt, node, "interrupt-controller", NULL));
    const fdt32_t *cells = fdt_getprop(fdt, node, "reg", &length);
    assert_int_equal(length, 32);
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(fdt32_to_cpu(cells[i]), reg[i]);
    }
    cells = fdt_getprop(fdt, node, "#interrupt-cells", &length);
    assert_int_equal(fdt32_to_cpu(cells[0]), 3);
    /* No room is an error, not an overrun. */
    assert_int_equal(fdt_create(fdt, 128), 0);
    assert_int_equal(fdt_finish_reservemap(fdt), 0);
    assert_int_equal(fdt_begin_node(fdt, ""), 0);
    assert_true(vgic_fdt(&hw.vgic, fdt, 7) < 0);
}

static void devicetree(void **state)
{
    const uint32_t v2[] = {0, 0x08000000, 0, 0x1000, 0, 0x08010000, 0, 0x2000};
    const uint32_t v3[] = {0, 0x08000000, 0, 0x10000, 0, 0x080a0000, 0, 0x60000};

    check_node(VGIC_V2, 2, "arm,cortex-a15-gic", v2);
    check_node(VGIC_V3, 3, "arm,gic-v3", v3);
}

static void count_line(void *arg, const char *line)
{
    assert_true(strlen(line) > 3 && strlen(line) < 160);
    ++*(unsigned *)arg;
}

static void dump(void **state)
{
    unsigned lines = 0;

    hw_init(&hw, VGIC_V2, 2, 4);
    hw_write(&hw, 0, 0x000, 4, 3);
    hw_write(&hw, 0, 0xf00, 4, 0x03 << 16);
    vgic_dump(&hw.vgic, count_line, &lines);
    assert_true(lines >= 6); /* controller, vCPUs with their banks, a loaded list register */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v2_identification),  cmocka_unit_test(v3_identification),
        cmocka_unit_test(reset_values),       cmocka_unit_test(control),
        cmocka_unit_test(set_and_clear),      cmocka_unit_test(v2_sgi_bits_are_fixed),
        cmocka_unit_test(priorities),         cmocka_unit_test(v3_private_registers),
        cmocka_unit_test(configuration),      cmocka_unit_test(v2_targets),
        cmocka_unit_test(v3_routing),         cmocka_unit_test(v2_sgi_sources),
        cmocka_unit_test(v2_sgi_filters),     cmocka_unit_test(v3_sgi_registers),
        cmocka_unit_test(smaller_controller), cmocka_unit_test(configuration_is_checked),
        cmocka_unit_test(devicetree),         cmocka_unit_test(dump),
    };

    return cmocka_run_group_tests_name("vgic registers", tests, NULL, NULL);
}
