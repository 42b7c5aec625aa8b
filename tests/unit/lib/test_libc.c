/* SPDX-License-Identifier: BSD-2-Clause */
/* The board's libc functions against the host's. */
#include "rename.h"

#include <limits.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AREA 160

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % limit;
}

static void fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)random_below(256);
    }
}

static void test_memory_moves(void **state)
{
    _Alignas(16) uint8_t ours[AREA], theirs[AREA], from[AREA];

    for (int round = 0; round < 20000; round++) {
        size_t size = random_below(80), a = random_below(40), b = random_below(40);
        fill(ours, AREA);
        fill(from, AREA);
        memcpy(theirs, ours, AREA);

        assert_ptr_equal(rt_memcpy(ours + a, from + b, size), ours + a);
        memcpy(theirs + a, from + b, size);
        assert_memory_equal(ours, theirs, AREA);

        assert_ptr_equal(rt_memmove(ours + a, ours + b, size), ours + a);
        memmove(theirs + a, theirs + b, size);
        assert_memory_equal(ours, theirs, AREA);

        rt_memset(ours + b, (int)size - 40, size);
        memset(theirs + b, (int)size - 40, size);
        assert_memory_equal(ours, theirs, AREA);
    }
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static void test_memory_looks(void **state)
{
    uint8_t a[32], b[32];

    for (int round = 0; round < 5000; round++) {
        fill(a, sizeof(a));
        memcpy(b, a, sizeof(b));
        b[random_below(32)] ^= (uint8_t)random_below(3);
        size_t size = random_below(33);
        int c = a[random_below(32)];
        assert_int_equal(sign(rt_memcmp(a, b, size)), sign(memcmp(a, b, size)));
        assert_ptr_equal(rt_memchr(a, c, size), memchr(a, c, size));
        assert_ptr_equal(rt_memchr(a, c | 0x100, size), memchr(a, c, size));
    }
}

static void test_strings(void **state)
{
    static const char *const samples[] = {"", "a", "abc", "abd", "abcabc", "\xff", "ab\x80"};
    size_t count = sizeof(samples) / sizeof(samples[0]);

    for (size_t i = 0; i < count; i++) {
        const char *s = samples[i];
        assert_int_equal(rt_strlen(s), strlen(s));
        for (size_t n = 0; n < 8; n++) {
            assert_int_equal(rt_strnlen(s, n), strnlen(s, n));
        }
        for (const char *c = "abc\xff\x80z"; *c; c++) {
            assert_ptr_equal(rt_strchr(s, *c), strchr(s, *c));
            assert_ptr_equal(rt_strrchr(s, *c), strrchr(s, *c));
        }
        assert_ptr_equal(rt_strchr(s, '\0'), s + strlen(s));
        assert_ptr_equal(rt_strrchr(s, '\0'), s + strlen(s));
        for (size_t j = 0; j < count; j++) {
            assert_int_equal(sign(rt_strcmp(s, samples[j])), sign(strcmp(s, samples[j])));
            for (size_t n = 0; n < 8; n++) {
                assert_int_equal(sign(rt_strncmp(s, samples[j], n)),
                                 sign(strncmp(s, samples[j], n)));
            }
        }
    }
}

static void test_strtoul(void **state)
{
    static const char *const samples[] = {"",
                                          "0",
                                          "12",
                                          " \t42x",
                                          "0x",
                                          "0xg",
                                          "0x1F",
                                          "0777",
                                          "089",
                                          "-1",
                                          "+7",
                                          "zz",
                                          "- 1",
                                          "18446744073709551615",
                                          "18446744073709551616",
                                          "99999999999999999999999",
                                          "-0x10",
                                          "x1"};
    static const int bases[] = {0, 2, 8, 10, 16, 36};

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        for (size_t b = 0; b < sizeof(bases) / sizeof(bases[0]); b++) {
            char *ours, *theirs;
            unsigned long expected = strtoul(samples[i], &theirs, bases[b]);
            assert_int_equal(rt_strtoul(samples[i], &ours, bases[b]), expected);
            assert_ptr_equal(ours, theirs);
        }
    }
}

#define SAME(...)                                                                                  \
    do {                                                                                           \
        char ours[64], theirs[64];                                                                 \
        memset(ours, '#', sizeof(ours));                                                           \
        int a = rt_snprintf(ours, sizeof(ours), __VA_ARGS__);                                      \
        int b = snprintf(theirs, sizeof(theirs), __VA_ARGS__);                                     \
        assert_string_equal(ours, theirs);                                                         \
        assert_int_equal(a, b);                                                                    \
    } while (0)

static void test_printf(void **state)
{
    SAME("plain");
    SAME("%s|%10s|%-10s|%.2s|%.*s", "abc", "abc", "abc", "abc", 1, "abc");
    SAME("%c%c", 'a', 'b');
    SAME("%d %i %u", -1, 42, 42u);
    SAME("%5d|%-5d|%05d", -42, -42, -42);
    SAME("%*d|%-*d", 6, 7, 6, 7);
    SAME("%ld %lld %zu %ju", LONG_MIN, LLONG_MAX, SIZE_MAX, UINTMAX_MAX);
    SAME("%hhu %hd", (unsigned char)255, (short)-3);
    SAME("%x %X %08x %lx", 0xbeefu, 0xbeefu, 0xbeefu, 0xdeadbeefcafeul);
    SAME("100%%");
    SAME("%p", (void *)(uintptr_t)0x1234);
    SAME("%d %d %d", INT_MIN, INT_MAX, 0);
}

static void test_printf_bounds(void **state)
{
    char text[8];

    memset(text, '#', sizeof(text));
    assert_int_equal(rt_snprintf(text, 4, "%s", "abcdef"), 6);
    assert_string_equal(text, "abc");
    assert_int_equal(text[4], '#');
    assert_int_equal(rt_snprintf(text, 1, "%d", 12345), 5);
    assert_string_equal(text, "");
    assert_int_equal(rt_snprintf(NULL, 0, "%100d", 1), 100);
    assert_int_equal(rt_snprintf(text, sizeof(text), "%s", "1234567"), 7);
    assert_string_equal(text, "1234567");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_moves), cmocka_unit_test(test_memory_looks),
        cmocka_unit_test(test_strings),      cmocka_unit_test(test_strtoul),
        cmocka_unit_test(test_printf),       cmocka_unit_test(test_printf_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
