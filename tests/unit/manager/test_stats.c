/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stats.h"

#define HZ UINT64_C(62500000) /* 16 ns */

static char printed[8192];
static unsigned lines;

static void take(void *context, const char *line)
{
    assert_ptr_equal(context, printed);
    assert_true(strlen(line) <= STATS_LINE_MAX);
    strcat(strcat(printed, line), "\n");
    lines++;
}

static const char *print(const struct bh_stats_vcpu *counts, uint64_t tick_hz)
{
    printed[0] = '\0';
    lines = 0;
    stats_print(counts, tick_hz, take, printed);
    return printed;
}

static void nothing_counted_prints_nothing(void **state)
{
    struct bh_stats_vcpu counts = {.decoded = 0};

    assert_string_equal(print(&counts, HZ), "");
}

static void all_kinds(void **state)
{
    struct bh_stats_vcpu counts = {
        .exits = {[BH_EXIT_MMIO] = 12, [BH_EXIT_IDLE] = 3, [BH_EXIT_OTHER] = 1},
        .decoded = 2,
        .injected = 44,
        .locks = {.waits = 5, .spins = 678},
    };

    counts.latency[32] = 1; /* 0 ticks */
    counts.latency[31] = 2; /* 1 */
    counts.latency[22] = 3; /* 512 to 1023 */
    counts.latency[12] = 4;
    counts.latency[0] = 5; /* 2^31 to 2^32 - 1 */
    assert_string_equal(print(&counts, HZ),
                        "  exits         mmio 12, idle 3, other 1, decoded 2\n"
                        "  answered in   <16 ns: 1, <32 ns: 2, <16 us: 3, <16 ms: 4, <68719 ms: 5\n"
                        "  interrupts    injected 44\n"
                        "  locks         waits 5, spins 678\n");
}

static void lines_are_broken(void **state)
{
    struct bh_stats_vcpu counts;

    memset(&counts, 0xff, sizeof(counts));
    print(&counts, 1);
    assert_true(lines > 10);
    for (unsigned i = 0; i < BH_STATS_BUCKETS; i++) {
        counts.latency[i] = 1;
    }
    print(&counts, UINT64_MAX);
    assert_non_null(strstr(printed, "\n                <"));
}

/* Whatever a VMM writes: bounded lines of printable characters, and its neighbours' counters do not
 * depend on it. */
static void hostile_pages(void **state)
{
    static struct bh_stats page;
    struct bh_stats_vcpu counts;

    srand(5);
    for (unsigned round = 0; round < 3000; round++) {
        uint8_t *bytes = (uint8_t *)&page;

        for (size_t i = 0; i < sizeof(page); i++) {
            bytes[i] = (uint8_t)(rand() % 4 ? rand() : 0xff);
        }
        assert_false(stats_read(&page, 0, &counts)); /* not a page of this version */
        page.magic = BH_STATS_MAGIC;
        assert_true(stats_read(&page, round % BH_STATS_VCPUS, &counts));
        assert_memory_equal(&counts, &page.vcpu[round % BH_STATS_VCPUS], sizeof(counts));
        for (const char *c = print(&counts, HZ); *c; c++) {
            assert_true((*c >= ' ' && *c <= '~') || *c == '\n');
        }
        assert_true(strlen(printed) < 3000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_counted_prints_nothing),
        cmocka_unit_test(all_kinds),
        cmocka_unit_test(lines_are_broken),
        cmocka_unit_test(hostile_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
