/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "deadline.h"

#define HZ UINT64_C(62500000)

static void in_order(void **state)
{
    struct deadlines d;

    deadlines_init(&d);
    assert_true(deadlines_next(&d) == DEADLINE_NONE);
    assert_int_equal(deadlines_pop(&d, UINT64_MAX), -1);
    assert_true(deadlines_set(&d, 3, 300));
    assert_true(deadlines_set(&d, 1, 100));
    assert_true(deadlines_set(&d, 2, 200));
    assert_int_equal(deadlines_next(&d), 100);
    assert_int_equal(deadlines_pop(&d, 99), -1);
    assert_int_equal(deadlines_pop(&d, 250), 1);
    assert_int_equal(deadlines_pop(&d, 250), 2);
    assert_int_equal(deadlines_pop(&d, 250), -1);
    assert_true(deadlines_set(&d, 3, 50));
    assert_int_equal(deadlines_next(&d), 50);
    assert_true(deadlines_set(&d, 3, DEADLINE_NONE));
    assert_true(deadlines_next(&d) == DEADLINE_NONE);
}

static void no_such_client(void **state)
{
    struct deadlines d;

    deadlines_init(&d);
    assert_false(deadlines_set(&d, BH_TIMER_MAX_CLIENTS, 1));
    assert_false(deadlines_set(&d, UINT64_MAX, 1));
    assert_true(deadlines_next(&d) == DEADLINE_NONE);
}

static uint64_t naive_next(const uint64_t *at)
{
    uint64_t next = DEADLINE_NONE;

    for (unsigned i = 0; i < BH_TIMER_MAX_CLIENTS; i++) {
        next = at[i] < next ? at[i] : next;
    }
    return next;
}

static void random_against_model(void **state)
{
    uint64_t at[BH_TIMER_MAX_CLIENTS];
    struct deadlines d;
    uint64_t now = 0;

    srand(99);
    deadlines_init(&d);
    for (unsigned i = 0; i < BH_TIMER_MAX_CLIENTS; i++) {
        at[i] = DEADLINE_NONE;
    }
    for (unsigned step = 0; step < 200000; step++) {
        unsigned client = (unsigned)rand() % BH_TIMER_MAX_CLIENTS;
        uint64_t deadline = rand() % 8 ? now + (uint64_t)rand() % 1000 : DEADLINE_NONE;
        int due;

        at[client] = deadline;
        assert_true(deadlines_set(&d, client, deadline));
        now += (uint64_t)rand() % 60;
        while ((due = deadlines_pop(&d, now)) >= 0) {
            assert_int_equal(at[due], naive_next(at));
            assert_true(at[due] <= now);
            at[due] = DEADLINE_NONE;
        }
        assert_true(naive_next(at) > now);
        assert_true(deadlines_next(&d) == naive_next(at));
    }
}

static void delays(void **state)
{
    assert_int_equal(deadline_delay_us(1000, 1000, HZ), DEADLINE_MIN_US);
    assert_int_equal(deadline_delay_us(1000, 0, HZ), DEADLINE_MIN_US);
    assert_int_equal(deadline_delay_us(0, HZ, HZ), 1000000);
    assert_int_equal(deadline_delay_us(0, HZ + 1, HZ), 1000001); /* never too early */
    assert_int_equal(deadline_delay_us(0, UINT64_MAX, HZ), DEADLINE_MAX_US);
    assert_int_equal(deadline_delay_us(0, UINT64_MAX, UINT64_C(1000000000)), DEADLINE_MAX_US);
    assert_int_equal(deadline_delay_us(0, 3599 * UINT64_C(1000000000), UINT64_C(1000000000)),
                     UINT64_C(3599000000));
}

/* Always above the kernel's smallest, always below the period. */
static void budgets(void **state)
{
    for (uint64_t delay = DEADLINE_MIN_US; delay < 100000; delay += delay / 16 + 1) {
        assert_true(deadline_budget_us(delay) >= 30);
        assert_true(deadline_budget_us(delay) < delay);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order),
        cmocka_unit_test(no_such_client),
        cmocka_unit_test(random_against_model),
        cmocka_unit_test(delays),
        cmocka_unit_test(budgets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
