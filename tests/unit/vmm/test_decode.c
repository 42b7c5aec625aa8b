/* SPDX-License-Identifier: BSD-2-Clause */
/* Opcodes as `aarch64-linux-gnu-as` makes them. */
#include "machine.h"

#include "arch/aarch64/decode.h"

struct example {
    uint32_t opcode;
    const char *text;
    struct decoded expected;
};

#define ACCESS .kind = DECODE_ACCESS
#define STORE  .store = true
#define WIDE   .wide = true
#define SIGNED .sign_extend = true

static const struct example examples[] = {
    {0x39400020, "ldrb w0, [x1]", {ACCESS, .width = 1, .count = 1, .target = {0}, .base = 1}},
    {0xf9400441,
     "ldr x1, [x2, #8]",
     {ACCESS, WIDE, .width = 8, .count = 1, .target = {1}, .base = 2, .offset = 8}},
    {0xb9000c7f,
     "str wzr, [x3, #12]",
     {ACCESS, STORE, .width = 4, .count = 1, .target = {31}, .base = 3, .offset = 12}},
    {0x39c00020, "ldrsb w0, [x1]", {ACCESS, SIGNED, .width = 1, .count = 1, .base = 1}},
    {0x39800020, "ldrsb x0, [x1]", {ACCESS, SIGNED, WIDE, .width = 1, .count = 1, .base = 1}},
    {0x79800020, "ldrsh x0, [x1]", {ACCESS, SIGNED, WIDE, .width = 2, .count = 1, .base = 1}},
    {0xb9800020, "ldrsw x0, [x1]", {ACCESS, SIGNED, WIDE, .width = 4, .count = 1, .base = 1}},
    {0xb8404420,
     "ldr w0, [x1], #4",
     {ACCESS, .index = DECODE_POST, .width = 4, .count = 1, .base = 1, .offset = 4}},
    {0xb81fcc20,
     "str w0, [x1, #-4]!",
     {ACCESS, STORE, .index = DECODE_PRE, .width = 4, .count = 1, .base = 1, .offset = -4}},
    {0xf85f8020,
     "ldur x0, [x1, #-8]",
     {ACCESS, WIDE, .width = 8, .count = 1, .base = 1, .offset = -8}},
    {0xb8400820, "ldtr w0, [x1]", {ACCESS, .width = 4, .count = 1, .base = 1}},
    {0xb8627820,
     "ldr w0, [x1, x2, lsl #2]",
     {ACCESS, .width = 4, .count = 1, .base = 1, .register_offset = true, .offset_register = 2,
      .extend = 3, .shift = 2}},
    {0x3822c820,
     "strb w0, [x1, w2, sxtw]",
     {ACCESS, STORE, .width = 1, .count = 1, .base = 1, .register_offset = true,
      .offset_register = 2, .extend = 6}},
    {0xa9400821,
     "ldp x1, x2, [x1]",
     {ACCESS, WIDE, .width = 8, .count = 2, .target = {1, 2}, .base = 1}},
    {0x29010c22,
     "stp w2, w3, [x1, #8]",
     {ACCESS, STORE, .width = 4, .count = 2, .target = {2, 3}, .base = 1, .offset = 8}},
    {0x68c10c22,
     "ldpsw x2, x3, [x1], #8",
     {ACCESS, SIGNED, WIDE, .index = DECODE_POST, .width = 4, .count = 2, .target = {2, 3},
      .base = 1, .offset = 8}},
    {0xa9bf7bfd,
     "stp x29, x30, [sp, #-16]!",
     {ACCESS, STORE, WIDE, .index = DECODE_PRE, .width = 8, .count = 2, .target = {29, 30},
      .base = 31, .offset = -16}},
    {0x88dffc20, "ldar w0, [x1]", {ACCESS, .width = 4, .count = 1, .base = 1}},
    {0x089ffc20, "stlrb w0, [x1]", {ACCESS, STORE, .width = 1, .count = 1, .base = 1}},
    {0x99404020, "ldapur w0, [x1, #4]", {ACCESS, .width = 4, .count = 1, .base = 1, .offset = 4}},
};

static void decodes_examples(void **state)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct decoded *e = &examples[i].expected;
        struct decoded d = decode_load_store(examples[i].opcode);
        bool same =
            d.kind == e->kind && d.index == e->index && d.store == e->store &&
            d.sign_extend == e->sign_extend && d.width == e->width && d.count == e->count &&
            d.target[0] == e->target[0] && d.target[1] == e->target[1] && d.base == e->base &&
            d.register_offset == e->register_offset && d.shift == e->shift &&
            (d.register_offset ? d.extend == e->extend && d.offset_register == e->offset_register
                               : d.offset == e->offset) &&
            (d.store || d.wide == e->wide);
        if (!same) {
            fail_msg("%s", examples[i].text);
        }
    }
}

static void refuses_what_no_device_takes(void **state)
{
    static const uint32_t opcodes[] = {
        0x3d800020, /* str q0, [x1] */
        0xbd400020, /* ldr s0, [x1] */
        0xad000420, /* stp q0, q1, [x1] */
        0x4c007020, /* st1 {v0.16b}, [x1] */
        0x885f7c20, /* ldxr w0, [x1] */
        0x88027c20, /* stxr w2, w0, [x1] */
        0x88a27c20, /* cas w2, w0, [x1] */
        0xb8220020, /* ldadd w2, w0, [x1] */
    };
    for (size_t i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++) {
        assert_int_equal(decode_load_store(opcodes[i]).kind, DECODE_UNSUPPORTED);
        assert_int_equal(decode_load_store(opcodes[i]).base, 1);
    }
    assert_int_equal(decode_load_store(0xf9800020).kind, DECODE_PREFETCH); /* prfm */
    assert_int_equal(decode_load_store(0xd503201f).kind, DECODE_OTHER);    /* nop */
    assert_int_equal(decode_load_store(0xd50b7420).kind, DECODE_OTHER);    /* dc zva */
    assert_int_equal(decode_load_store(0x8b020020).kind, DECODE_OTHER);    /* add */
    assert_int_equal(decode_load_store(0).kind, DECODE_OTHER);
}

/* Whatever the opcode, what an emulation relies on holds. */
static void any_opcode_is_sane(void **state)
{
    uint64_t seed = 0x9e3779b97f4a7c15u;
    for (unsigned i = 0; i < 3000000; i++) {
        struct decoded d = decode_load_store((uint32_t)random_next(&seed));
        if (d.kind == DECODE_OTHER) {
            continue;
        }
        assert_true(d.base < 32 && d.target[0] < 32 && d.target[1] < 32 && d.offset_register < 32);
        if (d.kind == DECODE_ACCESS) {
            assert_true(d.count == 1 || d.count == 2);
            assert_true(d.width >= 1 && d.width <= 8 && (d.width & (d.width - 1)) == 0);
            assert_true(d.shift < 4);
            assert_false(d.register_offset && d.index != DECODE_OFFSET);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_examples),
        cmocka_unit_test(refuses_what_no_device_takes),
        cmocka_unit_test(any_opcode_is_sane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
