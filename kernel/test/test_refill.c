/* SPDX-License-Identifier: BSD-2-Clause */
/* Refills against a timeline: what has run must never exceed the budget in any period. */
#include "world.h"

#define RUNS 600

struct run {
    ticks start;
    ticks length;
};

static struct {
    struct sched_context head;
    struct refill more[30];
} object;

static struct sched_context *const sc = &object.head;
static struct run log_of[RUNS];
static unsigned runs;
static unsigned seed = 7;

static unsigned pick(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % n;
}

/* The rules at the top of refill.c. */
static void check_rules(ticks budget)
{
    ticks sum = 0;
    unsigned index = sc->refill_head;

    assert_in_range(sc->refill_count, 1, sc->refill_max);
    assert_true(refill_head(sc)->amount >= min_budget);
    for (unsigned i = 0; i < sc->refill_count; i++) {
        unsigned next = index + 1 == sc->refill_max ? 0 : index + 1;
        const struct refill *r = &sc->refills[index];
        sum += r->amount;
        if (i + 1 < sc->refill_count)
            assert_true(r->time + r->amount <= sc->refills[next].time);
        index = next;
    }
    assert_int_equal(sum, budget);
}

static ticks used_within(ticks from, ticks to)
{
    ticks used = 0;
    for (unsigned i = 0; i < runs; i++) {
        ticks start = max_word(log_of[i].start, from);
        ticks end = min_word(log_of[i].start + log_of[i].length, to);
        if (start < end)
            used += end - start;
    }
    return used;
}

static void timeline(unsigned max, ticks budget, ticks period)
{
    ticks now = 1000;

    runs = 0;
    refill_start(sc, max, budget, period, now);
    while (runs < RUNS) {
        if (!refill_ready(sc, now)) {
            now = refill_head(sc)->time + pick(3) * pick(200);
            continue;
        }
        refill_unblock(sc, now);
        check_rules(budget);
        assert_true(refill_sufficient(sc, 0));
        ticks length =
            pick(4) == 0 ? refill_head(sc)->amount : 1 + pick((unsigned)refill_head(sc)->amount);
        log_of[runs++] = (struct run){now, length};
        now += length;
        refill_charge(sc, length);
        check_rules(budget);
        if (pick(2))
            now += pick((unsigned)period);
    }
    for (unsigned i = 0; i < runs; i++) {
        assert_true(used_within(log_of[i].start, log_of[i].start + period) <= budget);
        ticks end = log_of[i].start + log_of[i].length;
        assert_true(used_within(end - period, end) <= budget);
    }
}

static void test_bandwidth(void **state)
{
    min_budget = 20 * US;
    for (unsigned round = 0; round < 60; round++) {
        ticks budget = min_budget + pick(2000);
        ticks period = budget + 1 + pick(8000);
        timeline(2 + pick(30), budget, period);
    }
}

static void test_overrun(void **state)
{
    min_budget = 20 * US;
    refill_start(sc, 4, 1000, 5000, 100);
    refill_charge(sc, 1300); /* 300 more than there was */
    check_rules(1000);
    assert_false(refill_ready(sc, 5100));
    assert_int_equal(refill_head(sc)->time, 5400);

    /* However much it was, it is all paid back, in no time. */
    refill_start(sc, 4, 1000, 5000, 100);
    refill_charge(sc, 300);
    refill_charge(sc, UINT64_C(1000) * 1000000000 + 100);
    check_rules(1000);
    assert_int_equal(refill_head(sc)->time, 500 + UINT64_C(5000) * 1000000000);
    assert_int_equal(refill_head(sc)->amount, 600);

    /* The least budget in the longest period that there is: time does not begin anew. */
    word most = UINT64_MAX / 62500 / 8;
    for (word periods = 4096; periods <= 1 << 20; periods++) {
        refill_start(sc, 4, min_budget, most * 62500 / 1000, 100);
        refill_charge(sc, periods * min_budget + 1);
        check_rules(min_budget);
        assert_true(refill_head(sc)->time > UINT64_MAX / 4);
    }
}

static void test_full_budget_in_time(void **state)
{
    min_budget = 20 * US;
    refill_start(sc, 8, 1000, 5000, 0);
    refill_charge(sc, 1000);
    assert_int_equal(refill_head(sc)->time, 5000);
    assert_int_equal(refill_head(sc)->amount, 1000);
}

static void test_split(void **state)
{
    min_budget = 20 * US;
    refill_start(sc, 8, 1000, 5000, 0);
    refill_charge(sc, 400);
    assert_int_equal(refill_head(sc)->amount, 600);
    assert_int_equal(sc->refill_count, 2);
    refill_unblock(sc, 2000);
    assert_int_equal(refill_head(sc)->time, 2000);
    refill_charge(sc, 600);
    assert_int_equal(refill_head(sc)->time, 5000);
    assert_int_equal(refill_head(sc)->amount, 400);
}

static void test_round_robin(void **state)
{
    min_budget = 20 * US;
    refill_start(sc, 2, 1000, 0, 0);
    refill_charge(sc, 500);
    assert_false(refill_renew(sc, 500));
    refill_charge(sc, 400);
    assert_true(refill_renew(sc, 900));
    assert_int_equal(refill_head(sc)->amount, 1000);
    assert_true(refill_ready(sc, 0));
}

static void test_update(void **state)
{
    min_budget = 20 * US;
    for (unsigned i = 0; i < 500; i++) {
        ticks budget = min_budget + pick(2000);
        ticks next = min_budget + pick(3000);
        refill_start(sc, 6, budget, budget + 1000, 0);
        refill_charge(sc, pick((unsigned)budget));
        refill_update(sc, 2 + pick(8), next, next + 1 + pick(2000), 500);
        check_rules(next);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bandwidth),   cmocka_unit_test(test_overrun),
        cmocka_unit_test(test_split),       cmocka_unit_test(test_full_budget_in_time),
        cmocka_unit_test(test_round_robin), cmocka_unit_test(test_update),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
