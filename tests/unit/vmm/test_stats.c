/* SPDX-License-Identifier: BSD-2-Clause */
/* What is counted about a vCPU, and what it does while the manager holds it. */
#include "machine.h"

#include <string.h>

#define UART    0x09000000u
#define NOTHING 0x0b000000u
#define WFI     ((uint64_t)ESR_EC_WFX << 26 | ESR_IL)
#define SMC     ((uint64_t)ESR_EC_SMC64 << 26 | ESR_IL)
#define VERSION 0x84000000u

static int set_up(void **state)
{
    machine_new(2, 2);
    return 0;
}

static int tear_down(void **state)
{
    machine_free();
    return 0;
}

static struct bh_stats_vcpu *stats(void)
{
    return &machine.stats.vcpu[0];
}

static void only(enum bh_exit_reason reason, uint64_t count)
{
    for (unsigned i = 0; i < BH_EXIT_REASONS; i++) {
        assert_int_equal(stats()->exits[i], i == reason ? count : 0);
    }
    memset(stats(), 0, sizeof(*stats()));
}

static uint64_t kick(struct vcpu *vcpu)
{
    fake.now += 1000000;
    uint64_t value = 2u << 24 | 3; /* SGI 3 for itself */
    vgic_dist_access(&machine.board.vgic, 0, 0xf00, 4, true, &value);
    return HOST_EVENT_KICK;
}

static void each_exit_has_one_reason(void **state)
{
    uint64_t on = 3;

    memory_exit(data_abort(4, 0, false, false, false), UART + 0xff0);
    only(BH_EXIT_MMIO, 1);
    memory_exit(data_abort(4, 0, false, false, false), NOTHING);
    only(BH_EXIT_ABORT, 1);
    machine_set_reg(VCPU_REG_PC, CODE);
    machine_set_reg(VCPU_REG_SPSR, 0x3c5);
    machine_set_reg((enum vcpu_reg)1, UART + 0xff0);
    instruction_exit(0x29400420, UART + 0xff0, false); /* ldp w0, w1, [x1] */
    assert_int_equal(stats()->decoded, 1);
    only(BH_EXIT_MMIO, 1);
    machine_set_reg(VCPU_REG_X0, VERSION);
    trap_exit(SMC);
    only(BH_EXIT_HYPERCALL, 1);
    trap_exit((uint64_t)ESR_EC_SYSREG << 26 | ESR_IL | 0x3ffffe);
    only(BH_EXIT_UNDEFINED, 1);
    vgic_dist_access(&machine.board.vgic, 0, 0, 4, true, &on);
    fake.on_block = kick;
    trap_exit(WFI);
    assert_int_equal(stats()->exits[BH_EXIT_EVENT], 1);
    stats()->exits[BH_EXIT_EVENT] = 0;
    assert_int_equal(stats()->injected, 1);
    only(BH_EXIT_IDLE, 1);
}

static void guest_runs(struct vcpu *vcpu, struct host_exit *exit)
{
    exit->kind = HOST_EXIT_EVENT;
    fake.now += 5000;
}

/* vcpu_run() measures from the arrival to the next answer. */
static void measured(uint64_t ticks, unsigned bucket)
{
    fake.on_resume = guest_runs;
    vcpu_run(machine_vcpu(0));
    memset(stats(), 0, sizeof(*stats()));
    fake.now += ticks;
    vcpu_run(machine_vcpu(0));
    for (unsigned i = 0; i < BH_STATS_BUCKETS; i++) {
        assert_int_equal(stats()->latency[i], i == bucket);
    }
}

static void latency_buckets(void **state)
{
    measured(0, 32);
    measured(1, 31);
    measured(2, 30);
    measured(3, 30);
    measured(4, 29);
    measured(1023, 22);
    measured(1024, 21);
    measured(UINT32_MAX, 0);
    fake.now = UINT32_MAX - 5; /* the half that is kept wraps meanwhile */
    measured(100, 25);
}

static void waiting_is_left_out(void **state)
{
    uint64_t on = 3;

    vgic_dist_access(&machine.board.vgic, 0, 0, 4, true, &on);
    measured(0, 32);
    memset(stats(), 0, sizeof(*stats()));
    fake.on_block = kick;
    fake.now += 4;
    trap_exit(WFI);
    assert_int_equal(stats()->latency[29], 1); /* until it waited */
    fake.now += 100;
    vcpu_run(machine_vcpu(0));
    assert_int_equal(stats()->latency[25], 1); /* from the event on */
}

static struct lock *held;

static void let_go(void)
{
    held->held = 0;
}

static void lock_waits(void **state)
{
    uint64_t value = 0;

    held = &machine.board.uart.lock;
    held->held = 1;
    fake.on_relax = let_go;
    memory_exit(data_abort(4, 0, false, false, false), UART + 0x18);
    assert_int_equal(stats()->locks.waits, 1);
    assert_int_equal(stats()->locks.spins, LOCK_PATIENCE);

    held = &machine.board.vgic.lock;
    held->held = 1;
    vgic_dist_access(&machine.board.vgic, 0, 4, 4, false, &value);
    assert_int_equal(stats()->locks.waits, 2);
    assert_int_equal(stats()->locks.spins, 2 * LOCK_PATIENCE);
    vgic_dist_access(&machine.board.vgic, 1, 4, 4, false, &value);
    assert_int_equal(stats()->locks.waits, 2);
    assert_int_equal(machine.stats.vcpu[1].locks.waits, 0);
}

/* A thread that is told so asks, and takes the time it is given from the guest's counter. */
static void control(void **state)
{
    struct host_exit exit = {.kind = HOST_EXIT_EVENT, .events = HOST_EVENT_CONTROL};

    fake.vcpu[1].sysreg[VCPU_CNTVOFF] = 7;
    fake.vcpu[1].held = 1000;
    exit_handle(machine_vcpu(1), &exit);
    assert_int_equal(fake.vcpu[1].controls, 2);
    assert_int_equal(fake.vcpu[1].sysreg[VCPU_CNTVOFF], 1007);
    assert_int_equal(fake.vcpu[0].controls, 0);
    exit.events = HOST_EVENT_KICK;
    exit_handle(machine_vcpu(1), &exit);
    assert_int_equal(fake.vcpu[1].controls, 2);
    assert_int_equal(machine.stats.magic, BH_STATS_MAGIC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_exit_has_one_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(latency_buckets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(waiting_is_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lock_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(control, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
