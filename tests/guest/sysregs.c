/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System registers that a guest may try: identification reads, the rest gives a value or is
 * undefined, and none of it stops the machine or loses what other registers hold.
 */
#include "runtime/guest.h"

const char guest_name[] = "sysregs";

static unsigned undefined, other;

static void count(void)
{
    if (!trap_end())
        return;
    if (ESR_EC(trap.esr) == EC_UNKNOWN)
        undefined++;
    else
        other++;
}

#define READ(name)                                                                                 \
    do {                                                                                           \
        trap_expect();                                                                             \
        (void)read_sysreg(name);                                                                   \
        count();                                                                                   \
    } while (0)
#define WRITE(name, value)                                                                         \
    do {                                                                                           \
        trap_expect();                                                                             \
        write_sysreg(name, value);                                                                 \
        count();                                                                                   \
    } while (0)

static void identification(void)
{
    trap_expect();
    (void)read_sysreg(midr_el1);
    (void)read_sysreg(revidr_el1);
    (void)read_sysreg(id_aa64pfr0_el1);
    (void)read_sysreg(id_aa64pfr1_el1);
    (void)read_sysreg(id_aa64dfr0_el1);
    (void)read_sysreg(id_aa64isar0_el1);
    (void)read_sysreg(id_aa64isar1_el1);
    (void)read_sysreg(id_aa64mmfr0_el1);
    (void)read_sysreg(id_aa64mmfr1_el1);
    (void)read_sysreg(ctr_el0);
    (void)read_sysreg(dczid_el0);
    (void)read_sysreg(clidr_el1);
    (void)read_sysreg(s3_0_c0_c4_3); /* not given to any register: reads as zero */
    (void)read_sysreg(id_mmfr0_el1);
    check_equal("identification registers read", trap_end(), 0);
    check("EL1 runs AArch64", (read_sysreg(id_aa64pfr0_el1) >> 4 & 0xf) >= 1);
    WRITE(csselr_el1, 0);
    READ(ccsidr_el1);
}

static void performance_monitor(void)
{
    READ(pmcr_el0);
    WRITE(pmcr_el0, 0x7);
    READ(pmccntr_el0);
    WRITE(pmcntenset_el0, ~0ul);
    WRITE(pmintenset_el1, ~0ul);
    WRITE(pmuserenr_el0, ~0ul);
    READ(pmceid0_el0);
    WRITE(pmintenclr_el1, ~0ul);
    WRITE(pmcr_el0, 0);
}

static void debug(void)
{
    WRITE(oslar_el1, 0);
    READ(oslsr_el1);
    WRITE(osdlr_el1, 0);
    READ(mdscr_el1);
    WRITE(mdscr_el1, 0);
    WRITE(dbgbvr0_el1, 0x1000);
    WRITE(dbgbcr0_el1, 0);
    WRITE(dbgwvr0_el1, 0x1000);
    WRITE(dbgwcr0_el1, 0);
    READ(mdccsr_el0);
}

static void timers(void)
{
    READ(cntpct_el0);
    READ(cntp_ctl_el0);
    READ(cntp_cval_el0);
    WRITE(cntp_cval_el0, ~0ul);
    WRITE(cntp_ctl_el0, 3);
    WRITE(cntp_ctl_el0, 0);
    READ(cntps_ctl_el1);
    WRITE(cntkctl_el1, 0x3);
}

static void interrupt_controller(void)
{
    READ(s3_0_c12_c12_5); /* ICC_SRE_EL1 */
    WRITE(s3_0_c12_c12_5, 0);
    READ(s3_0_c12_c12_0); /* ICC_IAR1_EL1 */
    WRITE(s3_0_c12_c12_1, 1023);
    WRITE(s3_0_c12_c11_5, ~0ul);             /* ICC_SGI1R_EL1: everyone, everywhere */
    WRITE(s3_0_c12_c11_5, 0xff00ff00fffful); /* cores that are not there */
    WRITE(s3_0_c12_c11_6, 1ul << 24);        /* ICC_ASGI1R_EL1 */
    WRITE(s3_0_c12_c11_7, 1ul << 24);        /* ICC_SGI0R_EL1 */
    READ(s3_0_c12_c12_4);
    WRITE(s3_0_c12_c12_4, ~0ul);
}

static void others(void)
{
    WRITE(cpacr_el1, 3ul << 24 | 3ul << 20 | 3ul << 16); /* SME, FP, SVE: EL1 traps none of them */
    READ(hcr_el2);
    WRITE(hcr_el2, 0);
    READ(vttbr_el2);
    READ(scr_el3);
    READ(actlr_el1);
    WRITE(actlr_el1, 0);
    READ(s3_1_c15_c2_0); /* implementation's own */
    WRITE(s3_1_c15_c2_0, 0);
    READ(s3_0_c15_c0_0);
    READ(s3_0_c5_c3_0);  /* ERRIDR_EL1 */
    READ(s3_0_c10_c4_7); /* LORID_EL1 */
    READ(s3_0_c1_c2_0);  /* ZCR_EL1 */
    READ(s3_3_c2_c4_0);  /* RNDR */
    READ(s3_0_c1_c0_5);  /* RGSR_EL1 */
    READ(s3_0_c2_c1_0);  /* APIAKeyLo_EL1 */
}

void guest_main(void)
{
    identification();
    performance_monitor();
    debug();
    timers();
    interrupt_controller();
    others();
    write_sysreg(tpidr_el0, 0x55aa);
    check("the others give a value or are undefined", other == 0);
    check_equal("the core goes on", read_sysreg(tpidr_el0), 0x55aa);
}
