/* SPDX-License-Identifier: BSD-2-Clause */
/* A vCPU without limit gives its equals their turns, whatever its guest does. */
#include "core/turn.h"

#include "machine.h"

#define TURN 1000u

static uint64_t guest_ticks; /* that the guest runs between two exits */

static void guest_exits(struct vcpu *vcpu, struct host_exit *exit)
{
    exit->kind = HOST_EXIT_EVENT;
    fake.now += guest_ticks;
}

static int set_up(void **state)
{
    machine_new(2, 1);
    fake.on_resume = guest_exits;
    guest_ticks = 10;
    fake.now = 5000;
    turn_init(machine_vcpu(0), TURN);
    return 0;
}

static int tear_down(void **state)
{
    machine_free();
    return 0;
}

static void run_until(uint64_t end)
{
    while (fake.now < end) {
        vcpu_run(machine_vcpu(0));
    }
}

static void busy_guest_ends_each_turn(void **state)
{
    run_until(5000 + TURN * 7 / 8 - 1);
    assert_int_equal(fake.turns_given, 0);
    run_until(5000 + 10 * TURN);
    assert_in_range(fake.turns_given, 10, 12);
}

/* Between two exits the kernel ends its turn, if that is over, and another vCPU has one. */
static void guest_computes(struct vcpu *vcpu, struct host_exit *exit)
{
    static uint64_t used;
    bool over = used % TURN + guest_ticks >= TURN;

    guest_exits(vcpu, exit);
    used += guest_ticks;
    fake.now += over ? TURN : 0;
}

/* Its exits are so rare that the kernel ends its turns. */
static void computing_guest_keeps_its_turns(void **state)
{
    fake.on_resume = guest_computes;
    guest_ticks = TURN * 2 / 5;
    run_until(5000 + 200 * TURN);
    assert_int_equal(fake.turns_given, 0);
}

/* Nobody else has run between two exits: the kernel's end of the turn may have come in the first.
 */
static void exits_at_the_end_of_turns_only(void **state)
{
    for (guest_ticks = TURN - 100; guest_ticks < TURN * 11 / 8; guest_ticks++) {
        unsigned before = fake.turns_given;
        vcpu_run(machine_vcpu(0));
        vcpu_run(machine_vcpu(0));
        assert_int_equal(fake.turns_given, before + 1);
    }
}

/* However it goes about it, from the end of a turn that the kernel has seen. */
static void busy_guest_has_no_turn_more(void **state)
{
    for (unsigned n = 0; n < 100; n++) {
        guest_ticks = n % 3 == 0 ? TURN * 19 / 10 : TURN + n;
        vcpu_run(machine_vcpu(0));
        uint64_t begin = fake.now;
        unsigned before = fake.turns_given;
        guest_ticks = 1;
        while (fake.turns_given == before) {
            vcpu_run(machine_vcpu(0));
        }
        assert_in_range(fake.now - begin, 0, TURN);
    }
}

/* An event's work is on the thread's own time: ending that would not end the vCPU's turn. */
static void events_do_not_count(void **state)
{
    fake.vcpu_runs = true;
    run_until(5000 + TURN - 10);
    assert_int_equal(fake.turns_given, 0);
    fake.vcpu_runs = false;
    run_until(5000 + TURN);
    assert_int_equal(fake.turns_given, 1);
}

static void long_sleep_is_not_held_against_it(void **state)
{
    fake.now += UINT64_C(1) << 40;
    run_until(fake.now + TURN / 2);
    assert_int_equal(fake.turns_given, 0);
    run_until(fake.now + TURN);
    assert_in_range(fake.turns_given, 1, 2);
}

static void reservation_takes_no_turns(void **state)
{
    turn_init(machine_vcpu(0), 0);
    run_until(5000 + 100 * TURN);
    assert_int_equal(fake.turns_given, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(busy_guest_ends_each_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(computing_guest_keeps_its_turns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(exits_at_the_end_of_turns_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(busy_guest_has_no_turn_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(events_do_not_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_sleep_is_not_held_against_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reservation_takes_no_turns, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
