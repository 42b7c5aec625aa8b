/* SPDX-License-Identifier: BSD-2-Clause */
/* Power control (Arm DEN0022) by both conduits, and calls that nobody has heard of. */
#include "runtime/gic.h"

const char guest_name[] = "psci";

#define SMCCC_VERSION 0x80000000u

static void features(void)
{
    static const uint32_t known[] = {PSCI_VERSION,      PSCI_CPU_SUSPEND64,   PSCI_CPU_OFF,
                                     PSCI_CPU_ON64,     PSCI_AFFINITY_INFO64, PSCI_SYSTEM_OFF,
                                     PSCI_SYSTEM_RESET, PSCI_FEATURES};
    int64_t version = psci_call(PSCI_VERSION, 0, 0, 0);

    check("the version is 1.0 or later", version >> 16 == 1);
    bool all = true;
    for (unsigned n = 0; n < sizeof(known) / sizeof(known[0]); n++)
        all &= psci_call(PSCI_FEATURES, known[n], 0, 0) >= 0;
    check("FEATURES knows every mandatory function", all);
    check_equal("FEATURES of an unknown function",
                (uint64_t)psci_call(PSCI_FEATURES, 0x8400001e, 0, 0), (uint64_t)PSCI_NOT_SUPPORTED);
    int64_t type = psci_call(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0);
    check("no trusted system that wants to migrate", type == 2 || type == PSCI_NOT_SUPPORTED);
}

static void unknown(void)
{
    static const uint32_t functions[] = {0x8400001e, 0xc400001e, 0x8400ffff, 0xbf00ffff,
                                         0x82001234, 0xc3001234, 0x00000000, 0xffffffff};
    bool all = true;
    for (unsigned n = 0; n < sizeof(functions) / sizeof(functions[0]); n++) {
        int64_t result =
            psci_uses_smc() ? smc_call(functions[n], 1, 2, 3) : hvc_call(functions[n], 1, 2, 3);
        all &= (int32_t)result == PSCI_NOT_SUPPORTED;
    }
    check("unknown functions return -1", all);
    int64_t version = psci_call(SMCCC_VERSION, 0, 0, 0);
    check("SMCCC_VERSION answers or is unknown", version == -1 || version >= 0x10001);
}

static void cores(void)
{
    uint64_t self = read_sysreg(mpidr_el1) & 0xff00fffffful;
    uint64_t absent = 0x1234567, entry = RAM_BASE;

    check_equal("this core is on", (uint64_t)psci_call(PSCI_AFFINITY_INFO64, self, 0, 0), 0);
    check_equal("AFFINITY_INFO of a core that is not there",
                (uint64_t)psci_call(PSCI_AFFINITY_INFO64, absent, 0, 0),
                (uint64_t)PSCI_INVALID_PARAMETERS);
    check_equal("CPU_ON of this core", (uint64_t)psci_call(PSCI_CPU_ON64, self, entry, 0),
                (uint64_t)PSCI_ALREADY_ON);
    check_equal("CPU_ON of a core that is not there",
                (uint64_t)psci_call(PSCI_CPU_ON64, absent, entry, 0),
                (uint64_t)PSCI_INVALID_PARAMETERS);
}

static void suspend(void)
{
    /* Standby with a timer pending soon: returns when it fires, as wfi does. */
    irq_mask();
    gic_enable(27);
    write_sysreg(cntv_cval_el0, now() + ticks_of_us(5000));
    write_sysreg(cntv_ctl_el0, 1);
    check_equal("CPU_SUSPEND to standby", (uint64_t)psci_call(PSCI_CPU_SUSPEND64, 0, 0, 0), 0);
    write_sysreg(cntv_ctl_el0, 0);
}

/* x4..x17 keep their values over a call (SMCCC 1.1), and x18..x30 always. */
static bool preserves(bool smc)
{
    uint64_t bad = 0;
#define PRESERVED(instruction)                                                                     \
    __asm__ volatile("mov x0, #0x84000000\n\tmov x4, #104\n\tmov x5, #105\n\tmov x6, #106\n\t"     \
                     "mov x7, #107\n\tmov x8, #108\n\tmov x12, #112\n\tmov x17, #117\n\t"          \
                     "mov x18, #118\n\tmov x28, #128\n\t" instruction "\n\t"                       \
                     "sub x4, x4, #104\n\tsub x5, x5, #105\n\tsub x6, x6, #106\n\t"                \
                     "sub x7, x7, #107\n\tsub x8, x8, #108\n\tsub x12, x12, #112\n\t"              \
                     "sub x17, x17, #117\n\tsub x18, x18, #118\n\tsub x28, x28, #128\n\t"          \
                     "orr x4, x4, x5\n\torr x4, x4, x6\n\torr x4, x4, x7\n\torr x4, x4, x8\n\t"    \
                     "orr x4, x4, x12\n\torr x4, x4, x17\n\torr x4, x4, x18\n\torr %0, x4, x28"    \
                     : "=r"(bad)                                                                   \
                     :                                                                             \
                     : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x12", "x17", "x18",  \
                       "x28", "memory")
    if (smc)
        PRESERVED("smc #0");
    else
        PRESERVED("hvc #0");
    return bad == 0;
}

static void conduits(void)
{
    int64_t version = psci_call(PSCI_VERSION, 0, 0, 0);
    bool smc = psci_uses_smc();

    check("registers keep their values over a call", preserves(smc));
    /* The other conduit works as well, or is an undefined instruction: nothing in between. */
    trap_expect();
    int64_t other = smc ? hvc_call(PSCI_VERSION, 0, 0, 0) : smc_call(PSCI_VERSION, 0, 0, 0);
    unsigned traps = trap_end();
    check("the other conduit answers or is undefined",
          traps ? traps == 1 && ESR_EC(trap.esr) == EC_UNKNOWN : other == version);
    if (!traps) {
        check("registers keep their values over it", preserves(!smc));
    } else {
        check("registers keep their values over it", true);
    }
    /* Immediates other than 0 are another service's. */
    trap_expect();
    if (smc)
        __asm__ volatile("mov x0, #0x84000000\n\tsmc #0x1234" ::: "x0", "x1", "x2", "x3", "memory");
    else
        __asm__ volatile("mov x0, #0x84000000\n\thvc #0x1234" ::: "x0", "x1", "x2", "x3", "memory");
    check("an immediate other than 0 does not stop the machine", trap_end() <= 1);
}

/* hvc with every small value in the register that a kernel below might take for a call number. */
static void numbers(void)
{
    trap_expect();
    for (int64_t number = -80; number < 16; number++) {
        register uint64_t x7 __asm__("x7") = (uint64_t)number;
        __asm__ volatile("mov x0, #0x84000000\n\tmov x1, #0\n\thvc #0"
                         : "+r"(x7)::"x0", "x1", "x2", "x3", "x4", "x5", "x6", "memory");
    }
    trap_end();
    check("hvc with any number in x7 does not stop the machine", true);
}

void guest_main(void)
{
    if (!check("there is a GIC", gic_init()))
        return;
    features();
    unknown();
    cores();
    suspend();
    conduits();
    numbers();
}
