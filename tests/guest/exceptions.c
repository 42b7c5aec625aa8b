/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions that a guest causes for itself: they stay at EL1, with the right syndrome. */
#include "runtime/guest.h"

const char guest_name[] = "exceptions";

#define UDF     ".inst 0x00001234"
#define SCTLR_A (1ul << 1)

static void expect(const char *what, unsigned ec)
{
    if (check_equal(what, trap_end(), 1))
        check_equal("  ... its class", ESR_EC(trap.esr), ec);
}

static void from_el1(void)
{
    trap_expect();
    __asm__ volatile("svc #0x1234" ::: "memory");
    expect("svc", EC_SVC);
    check_equal("  ... its immediate", ESR_ISS(trap.esr), 0x1234);
    check_equal("  ... its vector: EL1 with SP_EL1", trap.vector, 4);

    uint64_t at;
    trap_expect();
    __asm__ volatile("adr %0, 1f\n1:\t" UDF : "=r"(at)::"memory");
    expect("an undefined instruction", EC_UNKNOWN);
    check_equal("  ... its address", trap.pc, at);

    trap_expect();
    __asm__ volatile("brk #0x5a5a" ::: "memory");
    expect("brk", EC_BRK);
    check_equal("  ... its immediate", ESR_ISS(trap.esr) & 0xffff, 0x5a5a);

    uint64_t sctlr = read_sysreg(sctlr_el1);
    write_sysreg(sctlr_el1, sctlr | SCTLR_A);
    trap_expect();
    (void)load32(RAM_BASE + 0x200001);
    expect("an unaligned load with alignment checked", EC_DATA_SAME);
    check_equal("  ... its fault code", trap.esr & 0x3f, FSC_ALIGNMENT);
    check_equal("  ... its address", trap.far, RAM_BASE + 0x200001);
    check_equal("  ... it was a read", trap.esr & ISS_WRITE, 0);

    trap_expect();
    store32(RAM_BASE + 0x200002, 0);
    expect("an unaligned store with alignment checked", EC_DATA_SAME);
    check_equal("  ... it was a write", trap.esr & ISS_WRITE, ISS_WRITE);
    write_sysreg(sctlr_el1, sctlr);

    trap_expect();
    __asm__ volatile("adr x30, 1f\n\tmov x0, #0x40000000\n\tadd x0, x0, #2\n\tbr x0\n1:" ::
                         : "x0", "x30", "memory");
    expect("a jump to an unaligned address", EC_PC_ALIGNMENT);
    check_equal("  ... its address", trap.far, RAM_BASE + 2);

    trap_expect();
    __asm__ volatile("mov x1, sp\n\tsub x2, x1, #8\n\tmov sp, x2\n\tldr x0, [sp]\n\tmov sp, x1" ::
                         : "x0", "x1", "x2", "memory");
    /* Whether the check is on after reset is the implementation's. */
    check("a load by an unaligned stack pointer", trap_end() <= 1);
}

static void el0_svc(void)
{
    __asm__ volatile("svc #0x42\n\tsvc #0xe0");
}

static void el0_privileged(void)
{
    __asm__ volatile("mrs x0, sctlr_el1\n\tsvc #0xe0" ::: "x0");
}

static void el0_wfi(void)
{
    __asm__ volatile("wfi\n\tsvc #0xe0");
}

static void el0_unmapped(void)
{
    __asm__ volatile("mov x1, #0x0b000000\n\tldr x0, [x1]\n\tsvc #0xe0" ::: "x0", "x1");
}

static void from_el0(void)
{
    trap_expect();
    guest_call_el0(el0_svc);
    expect("svc from EL0", EC_SVC);
    check_equal("  ... its immediate", ESR_ISS(trap.esr), 0x42);
    check_equal("  ... its vector: EL0", trap.vector, 8);

    trap_expect();
    guest_call_el0(el0_privileged);
    expect("a privileged register from EL0", EC_UNKNOWN);

    /* Wait for interrupt at EL0 is EL1's business first, whoever wants to know after that. */
    write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) & ~(1ul << 16));
    trap_expect();
    guest_call_el0(el0_wfi);
    expect("wfi from EL0 with nTWI clear", EC_WFX);
    write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) | 1ul << 16);

    trap_expect();
    guest_call_el0(el0_unmapped);
    expect("a load from EL0 of an address with nothing behind it", EC_DATA_LOWER);
    check_equal("  ... its fault code", trap.esr & 0x3f, FSC_EXTERNAL);
    check_equal("  ... its vector: EL0", trap.vector, 8);
}

static void context(void)
{
    uint64_t marks[3];
    write_sysreg(tpidr_el0, 0x1111);
    write_sysreg(tpidr_el1, 0x2222);
    write_sysreg(contextidr_el1, 0x3333);
    for (unsigned n = 0; n < 50; n++)
        (void)load32(PL011_BASE + 0xfe0);
    marks[0] = read_sysreg(tpidr_el0);
    marks[1] = read_sysreg(tpidr_el1);
    marks[2] = read_sysreg(contextidr_el1);
    check("system registers keep their values over exits",
          marks[0] == 0x1111 && marks[1] == 0x2222 && marks[2] == 0x3333);
}

void guest_main(void)
{
    from_el1();
    from_el0();
    context();
}
