/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading what dtc prints: values, types, places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#include "dts.h"

static const char sample[] = "/dts-v1/;\n"
                             "/memreserve/\t0x0000000000001000 0x0000000000000002;\n"
                             "\n"
                             "/ { /* inc/c.dtsi:1, b.dts:3 */\n"
                             "\n"
                             "\tl: v@1,2 { /* inc/c.dtsi:2, b.dts:4 */\n"
                             "\t\ty = \"a\\tb\\x41\\\"\\n /* no */ {\", \"\"; /* inc/c.dtsi:2 */\n"
                             "\t\tz = lab: <0xffffffff foo2:0x02>, [01 02]; /* b.dts:7 */\n"
                             "\t\tq = /bits/ 64 <0x100000000>; /* b.dts:8 */\n"
                             "\t\tflag; /* b.dts:9 */\n"
                             "\t\tphandle = <0x01>;\n"
                             "\t}; /* inc/c.dtsi:2, b.dts:6 */\n"
                             "}; /* inc/c.dtsi:3, b.dts:7 */\n";

static void test_sample(void **state)
{
    struct arena arena = {0};
    const struct dts_node *root = dts_parse(&arena, "sys/b.dts", sample), *node;
    const struct dts_property *property;

    assert_non_null(root);
    assert_string_equal(root->file, "sys/inc/c.dtsi");
    assert_int_equal(root->line, 1);
    node = dts_child(root, "v@1,2");
    assert_non_null(node);
    assert_string_equal(node->path, "/v@1,2");
    assert_int_equal(node->line, 2);

    property = dts_property(node, "y");
    assert_int_equal(property->values->kind, DTS_STRING);
    assert_string_equal(property->values->string, "a\tbA\"\n /* no */ {");
    assert_string_equal(property->values->next->string, "");
    assert_null(property->values->next->next);

    property = dts_property(node, "z");
    assert_string_equal(property->file, "sys/b.dts");
    assert_int_equal(property->line, 7);
    assert_int_equal(property->values->cell, 0xffffffff);
    assert_int_equal(property->values->next->cell, 2);
    assert_int_equal(property->values->next->next->kind, DTS_BYTES);

    assert_true(dts_property(node, "q")->values->cell == UINT64_C(0x100000000));
    assert_null(dts_property(node, "flag")->values);
    assert_int_equal(dts_property(node, "phandle")->line, 0);
    assert_null(dts_property(node, "other"));
    arena_free(&arena);
}

static void test_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "/dts-v1/;",
        "/dts-v1/; / {",
        "/dts-v1/; / { };x",
        "/dts-v1/; / { a = <1> };",
        "/dts-v1/; / { a = <1; };",
        "/dts-v1/; / { a = \"\\x00\"; };",
        "/dts-v1/; / { a = \"b; };",
        "/dts-v1/; / { a = [00; };",
        "/dts-v1/; / { a = <99999999999999999999999>; };",
        "/dts-v1/; / { a = ; };",
        "/dts-v1/; /memreserve/ 1",
    };
    struct arena arena = {0};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_null(dts_parse(&arena, "x.dts", texts[i]));
    }
    arena_free(&arena);
}

/* The parser calls itself once per level: a bound keeps it from running out of stack. */
static void test_depth(void **state)
{
    struct arena arena = {0};
    char text[16384] = "/dts-v1/; / {";

    for (int i = 0; i < 4000; i++) {
        strcat(text, "a {");
    }
    assert_null(dts_parse(&arena, "x.dts", text));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_depth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
