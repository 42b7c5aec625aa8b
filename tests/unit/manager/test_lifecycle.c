/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lifecycle.h"

#define HZ UINT64_C(62500000)

static struct life running(enum life_policy policy)
{
    struct life life;

    life_init(&life, policy, HZ);
    assert_int_equal(life_event(&life, LIFE_START, 0), LIFE_DO_BUILD);
    assert_int_equal(life_event(&life, LIFE_READY, 0), LIFE_DO_RUN);
    assert_int_equal(life.state, LIFE_RUNNING);
    return life;
}

static void end_by(enum life_policy policy, enum life_event event, enum life_action then,
                   enum life_state state)
{
    struct life life = running(policy);

    assert_int_equal(life_event(&life, event, 0), LIFE_DO_TEAR_DOWN);
    assert_int_equal(life.state, LIFE_STOPPING);
    assert_int_equal(life_event(&life, LIFE_GONE, 0), then);
    assert_int_equal(life.state, state);
}

static void policies(void **state)
{
    end_by(LIFE_RESTART_NEVER, LIFE_POWER_OFF, LIFE_DO_NOTHING, LIFE_STOPPED);
    end_by(LIFE_RESTART_NEVER, LIFE_FAULT, LIFE_DO_NOTHING, LIFE_FAILED);
    end_by(LIFE_RESTART_NEVER, LIFE_RESET, LIFE_DO_BUILD, LIFE_STARTING);
    end_by(LIFE_RESTART_NEVER, LIFE_STOP, LIFE_DO_NOTHING, LIFE_STOPPED);
    end_by(LIFE_RESTART_ON_FAILURE, LIFE_POWER_OFF, LIFE_DO_NOTHING, LIFE_STOPPED);
    end_by(LIFE_RESTART_ON_FAILURE, LIFE_FAULT, LIFE_DO_BUILD, LIFE_STARTING);
    end_by(LIFE_RESTART_ON_FAILURE, LIFE_STOP, LIFE_DO_NOTHING, LIFE_STOPPED);
    end_by(LIFE_RESTART_ALWAYS, LIFE_POWER_OFF, LIFE_DO_BUILD, LIFE_STARTING);
    end_by(LIFE_RESTART_ALWAYS, LIFE_FAULT, LIFE_DO_BUILD, LIFE_STARTING);
    end_by(LIFE_RESTART_ALWAYS, LIFE_STOP, LIFE_DO_NOTHING, LIFE_STOPPED);
}

static void restarts_are_limited(void **state)
{
    struct life life = running(LIFE_RESTART_ON_FAILURE);

    for (unsigned i = 0; i < LIFE_BURST; i++) {
        assert_int_equal(life_event(&life, LIFE_FAULT, i * HZ), LIFE_DO_TEAR_DOWN);
        assert_int_equal(life_event(&life, LIFE_GONE, i * HZ), LIFE_DO_BUILD);
    }
    assert_int_equal(life_event(&life, LIFE_FAULT, 5 * HZ), LIFE_DO_TEAR_DOWN);
    assert_int_equal(life_event(&life, LIFE_GONE, 5 * HZ), LIFE_DO_NOTHING);
    assert_int_equal(life.state, LIFE_FAILED);
    assert_true(life.limited);
    assert_true(life_over(&life));
    assert_int_equal(life_event(&life, LIFE_START, 6 * HZ), LIFE_DO_BUILD);
}

static void slow_restarts_go_on(void **state)
{
    struct life life = running(LIFE_RESTART_NEVER);

    for (uint64_t i = 0; i < 100; i++) {
        uint64_t now = i * HZ * (LIFE_WINDOW_S / LIFE_BURST + 1);

        assert_int_equal(life_event(&life, LIFE_RESET, now), LIFE_DO_TEAR_DOWN);
        assert_int_equal(life_event(&life, LIFE_GONE, now), LIFE_DO_BUILD);
        assert_int_equal(life_event(&life, LIFE_READY, now), LIFE_DO_RUN);
    }
}

static void pause_and_resume(void **state)
{
    struct life life = running(LIFE_RESTART_NEVER);

    assert_int_equal(life_event(&life, LIFE_RESUME, 0), LIFE_DO_NOTHING);
    assert_int_equal(life_event(&life, LIFE_PAUSE, 0), LIFE_DO_PAUSE);
    assert_int_equal(life.state, LIFE_PAUSING);
    assert_int_equal(life_event(&life, LIFE_PAUSE, 0), LIFE_DO_NOTHING);
    assert_int_equal(life_event(&life, LIFE_RESUME, 0), LIFE_DO_RESUME);
    assert_int_equal(life.state, LIFE_RUNNING);
    assert_int_equal(life_event(&life, LIFE_HELD, 0), LIFE_DO_NOTHING);
    assert_int_equal(life.state, LIFE_RUNNING);
    assert_int_equal(life_event(&life, LIFE_PAUSE, 0), LIFE_DO_PAUSE);
    assert_int_equal(life_event(&life, LIFE_HELD, 0), LIFE_DO_NOTHING);
    assert_int_equal(life.state, LIFE_PAUSED);
    assert_int_equal(life_event(&life, LIFE_PAUSE, 0), LIFE_DO_NOTHING);
    assert_int_equal(life_event(&life, LIFE_RESUME, 0), LIFE_DO_RESUME);
    assert_int_equal(life_event(&life, LIFE_PAUSE, 0), LIFE_DO_PAUSE);
    assert_int_equal(life_event(&life, LIFE_HELD, 0), LIFE_DO_NOTHING);
    assert_int_equal(life_event(&life, LIFE_STOP, 0), LIFE_DO_TEAR_DOWN);
}

/* Whatever comes in whatever order: built and torn down in turns, run only when built. */
static void any_order(void **state)
{
    struct life life;
    bool built = false;
    uint64_t now = 0;

    srand(1);
    life_init(&life, LIFE_RESTART_ALWAYS, HZ);
    for (unsigned i = 0; i < 200000; i++) {
        now += (uint64_t)rand() % (30 * HZ);
        switch (life_event(&life, (enum life_event)(rand() % (LIFE_GONE + 1)), now)) {
        case LIFE_DO_BUILD:
            assert_false(built);
            built = true;
            break;
        case LIFE_DO_TEAR_DOWN:
            assert_true(built);
            built = false;
            break;
        case LIFE_DO_RUN:
        case LIFE_DO_PAUSE:
        case LIFE_DO_RESUME:
            assert_true(built);
            break;
        case LIFE_DO_NOTHING:
            break;
        }
        assert_true(!life_over(&life) || !built);
        assert_non_null(life_state_name(life.state));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies),
        cmocka_unit_test(restarts_are_limited),
        cmocka_unit_test(slow_restarts_go_on),
        cmocka_unit_test(pause_and_resume),
        cmocka_unit_test(any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
