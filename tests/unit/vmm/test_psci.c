/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"

#include "arch/aarch64/psci.h"

#define SMC ((uint64_t)ESR_EC_SMC64 << 26 | ESR_IL)

static int set_up(void **state)
{
    machine_new(2, 4);
    return 0;
}

static int tear_down(void **state)
{
    machine_free();
    return 0;
}

static int64_t smc(uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3)
{
    uint64_t pc = machine_reg(VCPU_REG_PC);
    machine_set_reg(0, function);
    machine_set_reg(1, x1);
    machine_set_reg(2, x2);
    machine_set_reg(3, x3);
    machine_set_reg(17, 0x1717);
    trap_exit(SMC);
    assert_int_equal(machine_reg(VCPU_REG_PC), pc + 4);
    assert_int_equal(machine_reg(17), 0x1717);
    return (int64_t)machine_reg(0);
}

static void versions_and_features(void **state)
{
    assert_int_equal(smc(PSCI_VERSION, 0, 0, 0), 0x10001);
    assert_int_equal(smc(SMCCC_VERSION, 0, 0, 0), 0x10001);
    assert_int_equal(smc(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0), 2);
    static const uint32_t present[] = {PSCI_VERSION,
                                       PSCI_CPU_SUSPEND,
                                       PSCI_CPU_OFF,
                                       PSCI_CPU_ON,
                                       PSCI_CPU_ON | SMCCC_64BIT,
                                       PSCI_AFFINITY_INFO | SMCCC_64BIT,
                                       PSCI_SYSTEM_OFF,
                                       PSCI_SYSTEM_RESET,
                                       PSCI_SYSTEM_RESET2 | SMCCC_64BIT,
                                       PSCI_FEATURES,
                                       SMCCC_VERSION};
    for (size_t i = 0; i < sizeof(present) / sizeof(present[0]); i++) {
        assert_int_equal(smc(PSCI_FEATURES, present[i], 0, 0), 0);
    }
    static const uint32_t absent[] = {0x84000005, 0x84000007, 0x8400000b,
                                      0xc4000000, 0x84000fff, 0};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        assert_int_equal(smc(PSCI_FEATURES, absent[i], 0, 0), -1);
    }
    assert_int_equal(smc(SMCCC_ARCH_FEATURES, SMCCC_VERSION, 0, 0), 0);
    assert_int_equal(smc(SMCCC_ARCH_FEATURES, 0x80008000, 0, 0), -1);
}

static void unknown_calls_are_answered(void **state)
{
    uint64_t seed = 99;
    for (unsigned i = 0; i < 100000; i++) {
        uint32_t function = (uint32_t)random_next(&seed) | 0x20000000;
        machine_set_reg(VCPU_REG_PC, CODE);
        assert_int_equal(smc(function, random_next(&seed), 0, 0), -1);
    }
    assert_null(fake.failure);
}

static void hvc_is_answered_too(void **state)
{
    machine_set_reg(0, PSCI_VERSION);
    hypercall_exit();
    assert_int_equal(machine_reg(0), 0x10001);
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE); /* the host had moved it already */
}

static void cpu_on_checks_its_arguments(void **state)
{
    const uint64_t on = PSCI_CPU_ON | SMCCC_64BIT;
    assert_int_equal(smc(on, 0, CODE, 0), PSCI_ALREADY_ON);
    assert_int_equal(smc(on, 4, CODE, 0), PSCI_INVALID_PARAMETERS);
    assert_int_equal(smc(on, 0x100, CODE, 0), PSCI_INVALID_PARAMETERS);
    assert_int_equal(smc(on, UINT64_MAX, CODE, 0), PSCI_INVALID_PARAMETERS);
    assert_int_equal(smc(on, 1, 0x1000, 0), PSCI_INVALID_ADDRESS);
    assert_int_equal(smc(on, 1, CODE + 2, 0), PSCI_INVALID_ADDRESS);
    assert_int_equal(fake.vcpu[1].kicks, 0);
}

static void cpu_on_starts_once(void **state)
{
    const uint64_t on = PSCI_CPU_ON | SMCCC_64BIT;
    assert_int_equal(smc(PSCI_AFFINITY_INFO, 1, 0, 0), PSCI_AFFINITY_OFF);
    assert_int_equal(smc(on, 1, CODE + 0x40, 0x123456789abc), 0);
    assert_int_equal(fake.vcpu[1].kicks, 1);
    assert_int_equal(smc(on, 1, CODE, 0), PSCI_ON_PENDING);
    assert_int_equal(smc(PSCI_AFFINITY_INFO, 1, 0, 0), PSCI_AFFINITY_ON_PENDING);

    exit_wait_for_start(machine_vcpu(1));
    assert_int_equal(fake.vcpu[1].reg[VCPU_REG_PC], CODE + 0x40);
    assert_int_equal(fake.vcpu[1].reg[0], 0x123456789abc);
    assert_int_equal(fake.vcpu[1].starts, 1);
    assert_int_equal(smc(on, 1, CODE, 0), PSCI_ALREADY_ON);
    assert_int_equal(smc(PSCI_AFFINITY_INFO, 1, 0, 0), PSCI_AFFINITY_ON);
    assert_int_equal(smc(PSCI_AFFINITY_INFO, 1, 1, 0), PSCI_INVALID_PARAMETERS);
    /* The 32-bit form takes only the low words. */
    assert_int_equal(smc(PSCI_CPU_ON, UINT64_C(0xffffffff00000002), CODE, UINT64_MAX), 0);
    exit_wait_for_start(machine_vcpu(2));
    assert_int_equal(fake.vcpu[2].reg[0], UINT32_MAX);
}

static uint64_t sibling_starts_vcpu_0(struct vcpu *vcpu)
{
    assert_int_equal(vcpu->power, VCPU_OFF);
    vcpu->start_entry = CODE + 0x80;
    vcpu->start_argument = 5;
    vcpu->power = VCPU_STARTING;
    return HOST_EVENT_KICK;
}

static void cpu_off_waits_for_cpu_on(void **state)
{
    fake.on_block = sibling_starts_vcpu_0;
    machine_set_reg(0, PSCI_CPU_OFF);
    trap_exit(SMC);
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 0x80);
    assert_int_equal(machine_reg(0), 5);
    assert_int_equal(machine_vcpu(0)->power, VCPU_ON);
}

static void system_calls(void **state)
{
    smc(PSCI_SYSTEM_OFF, 0, 0, 0);
    assert_int_equal(fake.power_offs, 1);
    smc(PSCI_SYSTEM_RESET, 0, 0, 0);
    smc(PSCI_SYSTEM_RESET2, 0, 0, 0);
    smc(PSCI_SYSTEM_RESET2 | SMCCC_64BIT, 0x80000000, 0, 0);
    assert_int_equal(fake.resets, 3);
    assert_int_equal(smc(PSCI_SYSTEM_RESET2, 1, 0, 0), PSCI_INVALID_PARAMETERS);
    assert_int_equal(fake.resets, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(versions_and_features), TEST(unknown_calls_are_answered),
        TEST(hvc_is_answered_too),   TEST(cpu_on_checks_its_arguments),
        TEST(cpu_on_starts_once),    TEST(cpu_off_waits_for_cpu_on),
        TEST(system_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
