/* SPDX-License-Identifier: BSD-2-Clause */
/* Payload checks and layout. */
#include "plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MIB    UINT64_C(0x100000)
#define RAM    UINT64_C(0x40000000)
#define LOADER (RAM + 2 * MIB)
#define KERNEL UINT64_C(0x60000000)
#define WINDOW UINT64_C(0x8000000000)

struct scene {
    struct bh_payload payload;
    struct bh_elf kernel;
    struct range bank[2];
    struct plan_input in;
    struct plan plan;
};

static void set_up(struct scene *s)
{
    *s = (struct scene){
        .payload = {.magic = BH_PAYLOAD_MAGIC,
                    .version = BH_PAYLOAD_VERSION,
                    .kernel_offset = 0x1000,
                    .kernel_size = 0x123456,
                    .user_offset = 0x200000,
                    .user_size = 32 * MIB,
                    .user_vaddr = 0x400000,
                    .user_entry = 0x400010},
        .kernel = {.entry = WINDOW + KERNEL,
                   .segments = 1,
                   .segment = {{.file_size = 0x100000,
                                .memory_size = 0x240123,
                                .vaddr = WINDOW + KERNEL,
                                .paddr = KERNEL,
                                .flags = BH_ELF_EXECUTE | BH_ELF_WRITE | BH_ELF_READ}}},
        .bank = {{RAM, RAM + 2048 * MIB}},
    };
    s->in = (struct plan_input){.loader = {LOADER, LOADER + MIB},
                                .payload = &s->payload,
                                .kernel = &s->kernel,
                                .fdt_size = 8017,
                                .bank = s->bank,
                                .banks = 1};
}

static void test_layout(void **state)
{
    struct scene s;

    set_up(&s);
    assert_null(plan_check_payload(&s.payload, 64 * MIB));
    assert_null(plan_layout(&s.in, &s.plan));
    assert_int_equal(s.plan.kernel.start, KERNEL);
    assert_int_equal(s.plan.kernel.end, KERNEL + 0x241000);
    assert_int_equal(s.plan.offset, WINDOW);
    assert_int_equal(s.plan.fdt, KERNEL + 0x241000);
    assert_int_equal(s.plan.user.start, KERNEL + 0x243000);
    assert_int_equal(s.plan.user.end, KERNEL + 0x243000 + 32 * MIB);
}

static void test_payload_refusals(void **state)
{
    struct scene s;

    set_up(&s);
    assert_non_null(plan_check_payload(&s.payload, 63));
    assert_non_null(plan_check_payload(&s.payload, 0x200000 + 32 * MIB - 1));
#define WITH(change)                                                                               \
    do {                                                                                           \
        set_up(&s);                                                                                \
        change;                                                                                    \
        assert_non_null(plan_check_payload(&s.payload, 64 * MIB));                                 \
    } while (0)
    WITH(s.payload.magic ^= 1);
    WITH(s.payload.version = 2);
    WITH(s.payload.kernel_offset = 0);
    WITH(s.payload.kernel_offset = 0x1001);
    WITH(s.payload.kernel_offset = UINT64_MAX & ~UINT64_C(4095));
    WITH(s.payload.kernel_size = 0);
    WITH(s.payload.kernel_size = UINT64_MAX);
    WITH(s.payload.user_offset += 8);
    WITH(s.payload.user_size = 0);
    WITH(s.payload.user_size += 1);
    WITH(s.payload.user_size = UINT64_MAX & ~UINT64_C(4095));
    WITH(s.payload.user_vaddr += 1);
    WITH(s.payload.user_vaddr = UINT64_MAX & ~UINT64_C(4095));
    WITH(s.payload.user_entry = 0x3fffff);
    WITH(s.payload.user_entry = s.payload.user_vaddr + s.payload.user_size);
#undef WITH
}

static void test_layout_refusals(void **state)
{
    struct scene s;

#define WITH(change)                                                                               \
    do {                                                                                           \
        set_up(&s);                                                                                \
        change;                                                                                    \
        assert_non_null(plan_layout(&s.in, &s.plan));                                              \
    } while (0)
    /* no RAM there, or not enough */
    WITH(s.bank[0].end = KERNEL);
    WITH(s.bank[0].end = KERNEL + 30 * MIB);
    WITH(s.in.banks = 0);
    WITH(s.payload.user_size = UINT64_C(1) << 40);
    /* the kernel's place taken by what is still needed: loader, header, kernel file */
    WITH((s.in.loader = (struct range){KERNEL, KERNEL + MIB}));
    WITH((s.in.loader = (struct range){KERNEL + 0x240000, KERNEL + 0x241000}));
    WITH((s.in.loader = (struct range){KERNEL - MIB, KERNEL}));
    WITH((s.in.loader = (struct range){KERNEL - 2 * MIB, KERNEL - MIB}));
    /* the kernel's addresses */
    WITH(s.kernel.entry = WINDOW + KERNEL - 4);
    WITH(s.kernel.segment[0].flags = BH_ELF_READ);
    WITH((s.kernel.segment[0].vaddr += 4096, s.kernel.entry += 4096));
    WITH((s.kernel.segments = 2,
          s.kernel.segment[1] = (struct bh_elf_segment){
              .memory_size = 4096, .vaddr = WINDOW + KERNEL + 4 * MIB, .paddr = KERNEL + 5 * MIB}));
#undef WITH
}

/* A payload that reaches into the kernel's place is fine as long as only its user part does: that
 * moves first. */
static void test_overlapping_user_image(void **state)
{
    struct scene s;

    set_up(&s);
    s.payload.user_size = 500 * MIB;
    s.in.loader = (struct range){KERNEL - 64 * MIB, KERNEL - 63 * MIB};
    assert_null(plan_layout(&s.in, &s.plan));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_payload_refusals),
        cmocka_unit_test(test_layout_refusals),
        cmocka_unit_test(test_overlapping_user_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
