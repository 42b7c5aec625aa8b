/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions delivered to the guest, and trapped instructions. */
#include "machine.h"

#define SPAN  (UINT64_C(1) << 23)
#define DSSBS (UINT64_C(1) << 44)

static int set_up(void **state)
{
    machine_new(3, 2);
    return 0;
}

static int tear_down(void **state)
{
    machine_free();
    return 0;
}

static uint64_t sysreg(enum vcpu_sysreg reg)
{
    return fake.vcpu[0].sysreg[reg];
}

/* PSTATE at the access -> vector offset and exception class. */
static void data_abort_vectors(void **state)
{
    static const struct {
        uint64_t spsr;
        uint64_t offset;
        uint64_t class;
    } cases[] = {
        {0x3c4, 0x000, ESR_EC_DABORT_SAME},      {0x3c5, 0x200, ESR_EC_DABORT_SAME},
        {0x3c0, 0x400, ESR_EC_DABORT_LOWER},     {0x1d0, 0x600, ESR_EC_DABORT_LOWER},
        {0x60000005, 0x200, ESR_EC_DABORT_SAME},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        machine_set_reg(VCPU_REG_PC, CODE);
        machine_set_reg(VCPU_REG_SPSR, cases[i].spsr);
        memory_exit(data_abort(4, 3, true, false, false), 0x1000);
        assert_int_equal(machine_reg(VCPU_REG_PC), VECTORS + cases[i].offset);
        assert_int_equal(sysreg(VCPU_ELR_EL1), CODE);
        assert_int_equal(sysreg(VCPU_SPSR_EL1), cases[i].spsr);
        assert_int_equal(sysreg(VCPU_ESR_EL1) >> 26, cases[i].class);
        assert_int_equal(sysreg(VCPU_ESR_EL1) & 0x3f, 0x10);
        assert_true((sysreg(VCPU_ESR_EL1) & ESR_WNR) != 0);
        assert_int_equal(machine_reg(VCPU_REG_SPSR) & 0x3df, 0x3c5);
        assert_int_equal(machine_reg(VCPU_REG_SPSR) >> 28, cases[i].spsr >> 28);
    }
}

static void pstate_on_entry(void **state)
{
    fake.vcpu[0].sysreg[VCPU_SCTLR_EL1] &= ~SPAN;
    fake.vcpu[0].sysreg[VCPU_SCTLR_EL1] |= DSSBS;
    memory_exit(data_abort(4, 3, false, false, false), 0x1000);
    assert_int_equal(machine_reg(VCPU_REG_SPSR), UINT64_C(0x3c5) | 1u << 22 | 1u << 12);
}

/* FAR is the virtual address if the instruction tells it, else marked as not valid. */
static void fault_address(void **state)
{
    machine_set_reg(1, 0x0c000010);
    uint32_t opcode = 0xb9400420; /* ldr w0, [x1, #4] */
    guest_memory_write(&machine.board.vm.memory, CODE, &opcode, 4);
    memory_exit(data_abort(4, 0, false, false, false), 0x0c000014);
    assert_int_equal(sysreg(VCPU_FAR_EL1), 0x0c000014);
    assert_true((sysreg(VCPU_ESR_EL1) & ESR_FNV) == 0);

    machine_set_reg(VCPU_REG_PC, 0x10); /* no instruction to be read there */
    memory_exit(data_abort(4, 0, false, false, false), 0x0c000014);
    assert_true((sysreg(VCPU_ESR_EL1) & ESR_FNV) != 0);
}

static void instruction_abort(void **state)
{
    machine_set_reg(VCPU_REG_PC, 0x0bad0000);
    memory_exit((uint64_t)ESR_EC_IABORT_LOWER << 26 | ESR_IL | 6, 0x0bad0000);
    assert_true(took_exception(UINT32_MAX, 0x86000010));
    assert_int_equal(sysreg(VCPU_FAR_EL1), 0x0bad0000);
    machine_set_reg(VCPU_REG_PC, 0x0bad0000);
    machine_set_reg(VCPU_REG_SPSR, 0);
    memory_exit((uint64_t)ESR_EC_IABORT_LOWER << 26 | ESR_IL | ESR_S1PTW | 6, 0x0bad0000);
    assert_true(took_exception(UINT32_MAX, 0x82000014));
}

static void walk_abort(void **state)
{
    memory_exit(data_abort(4, 0, false, false, false) | ESR_S1PTW, 0x0bad0000);
    assert_true(took_exception(UINT64_C(0x3f), 0x14));
}

static uint64_t sysreg_trap(unsigned op0, unsigned op1, unsigned crn, unsigned crm, unsigned op2,
                            unsigned rt, bool read)
{
    return (uint64_t)ESR_EC_SYSREG << 26 | ESR_IL | (uint64_t)op0 << 20 | (uint64_t)op2 << 17 |
           (uint64_t)op1 << 14 | (uint64_t)crn << 10 | (uint64_t)rt << 5 | (uint64_t)crm << 1 |
           (read ? 1u : 0u);
}

static void sgi_goes_to_the_sibling(void **state)
{
    uint64_t value = 0;
    uint64_t enable = 0xffff;
    struct vgic *vgic = &machine.board.vgic;
    vgic_vcpu_online(vgic, 1, true);
    value = 2;
    vgic_dist_access(vgic, 0, 0, 4, true, &value); /* GICD_CTLR.EnableGrp1 */
    for (unsigned i = 0; i < 2; i++) {
        uint64_t all = UINT32_MAX;
        vgic_redist_access(vgic, i, i * VGIC_V3_GICR_STRIDE + 0x10080, 4, true, &all);
        vgic_redist_access(vgic, i, i * VGIC_V3_GICR_STRIDE + 0x10100, 4, true, &enable);
        uint64_t awake = 0;
        vgic_redist_access(vgic, i, i * VGIC_V3_GICR_STRIDE + 0x14, 4, true, &awake);
    }
    vgic_flush(vgic, 1); /* a kick is sent once for what it has not seen yet */
    machine_vcpu(1)->busy = 0;
    machine_set_reg(7, UINT64_C(5) << 24 | 2); /* SGI 5 to 0.0.0.1 */
    trap_exit(sysreg_trap(3, 0, 12, 11, 5, 7, false));
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 4);
    assert_true(vgic_deliverable(vgic, 1));
    assert_int_equal(fake.vcpu[1].kicks, 1);
}

static void known_registers(void **state)
{
    fake.now = 1234;
    trap_exit(sysreg_trap(3, 3, 14, 0, 1, 4, true)); /* CNTPCT_EL0 */
    assert_int_equal(machine_reg(4), 1234);
    trap_exit(sysreg_trap(3, 0, 12, 12, 5, 5, true)); /* ICC_SRE_EL1 */
    assert_int_equal(machine_reg(5), 7);
    trap_exit(sysreg_trap(3, 0, 12, 12, 5, 31, false));
    machine_set_reg(6, 99);
    trap_exit(sysreg_trap(3, 3, 9, 12, 0, 6, true)); /* PMCR_EL0 */
    assert_int_equal(machine_reg(6), 0);
    trap_exit(sysreg_trap(2, 0, 0, 2, 2, 6, false)); /* MDSCR_EL1 */
    trap_exit(sysreg_trap(3, 3, 9, 12, 0, 31, true));
    assert_int_equal(machine_reg(VCPU_REG_PC), CODE + 24);
    trap_exit(sysreg_trap(3, 3, 14, 2, 1, 0, true)); /* CNTP_CTL_EL0 */
    assert_true(took_exception(UINT32_MAX, 0x02000000));
}

/* Every trap syndrome ends in progress or an exception. */
static void any_trap(void **state)
{
    uint64_t seed = 7;
    for (unsigned i = 0; i < 200000; i++) {
        machine_set_reg(VCPU_REG_PC, CODE);
        machine_set_reg(VCPU_REG_SPSR, random_next(&seed) & 0xf00003c5);
        uint64_t syndrome = random_next(&seed) & UINT32_MAX;
        unsigned class = (unsigned)(syndrome >> 26);
        if (class == ESR_EC_WFX || class == ESR_EC_SMC64) {
            continue; /* may block or end the machine */
        }
        trap_exit(syndrome);
        assert_true(machine_reg(VCPU_REG_PC) != CODE);
    }
    assert_null(fake.failure);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(data_abort_vectors), TEST(pstate_on_entry), TEST(fault_address),
        TEST(instruction_abort),  TEST(walk_abort),      TEST(sgi_goes_to_the_sibling),
        TEST(known_registers),    TEST(any_trap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
