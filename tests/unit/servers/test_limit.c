/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "limit.h"

#define HZ       UINT64_C(62500000)
#define INTERVAL (HZ * BH_TIMER_CALL_US / 1000000)

static void burst_then_rate(void **state)
{
    struct limit limit;
    uint64_t now = 1000;

    limit_init(&limit, HZ);
    for (unsigned i = 0; i < BH_TIMER_BURST; i++) {
        assert_int_equal(limit_call(&limit, 0, now), now);
    }
    for (unsigned i = 0; i < 100; i++, now += INTERVAL) {
        assert_int_equal(limit_call(&limit, 0, now), now + INTERVAL);
    }
    /* Nobody else pays for it. */
    assert_int_equal(limit_call(&limit, 1, now), now);
}

static void in_time_is_never_late(void **state)
{
    struct limit limit;
    uint64_t now = 0;

    limit_init(&limit, HZ);
    for (unsigned i = 0; i < 10000; i++, now += INTERVAL) {
        assert_int_equal(limit_call(&limit, 3, now), now);
    }
}

static void a_rest_gives_one_burst(void **state)
{
    struct limit limit;
    uint64_t now = UINT64_C(1) << 40;

    limit_init(&limit, HZ);
    for (unsigned round = 0; round < 3; round++, now += 1000 * INTERVAL) {
        for (unsigned i = 0; i < BH_TIMER_BURST; i++) {
            assert_int_equal(limit_call(&limit, 0, now), now);
        }
        assert_true(limit_call(&limit, 0, now) > now);
    }
}

/* A client that waits for each answer, calling as fast as it can or after random pauses. */
static void never_more_than_its_share(void **state)
{
    struct limit limit;
    uint64_t now = 0;

    limit_init(&limit, HZ);
    for (unsigned calls = 0; calls < 100000; calls++) {
        assert_true(calls <= now / INTERVAL + BH_TIMER_BURST);
        now = limit_call(&limit, 7, now + (uint64_t)rand() % (INTERVAL / 2));
    }
}

/* A VMM that does not wait for answers owes no more than one that does: the VMM that is started in
 * its place is the same client. */
static void a_flood_is_forgotten_after_a_rest(void **state)
{
    struct limit limit;
    uint64_t now = 1000;

    limit_init(&limit, HZ);
    for (unsigned i = 0; i < 1000000; i++) {
        assert_true(limit_call(&limit, 2, now) <= now + BH_TIMER_BURST * INTERVAL);
    }
    now += 2 * BH_TIMER_BURST * INTERVAL;
    for (unsigned i = 0; i < BH_TIMER_BURST; i++) {
        assert_int_equal(limit_call(&limit, 2, now), now);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burst_then_rate),
        cmocka_unit_test(in_time_is_never_late),
        cmocka_unit_test(a_rest_gives_one_burst),
        cmocka_unit_test(never_more_than_its_share),
        cmocka_unit_test(a_flood_is_forgotten_after_a_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
