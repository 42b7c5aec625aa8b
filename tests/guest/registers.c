/* SPDX-License-Identifier: BSD-2-Clause */
/* The SIMD registers and the floating-point status over exits, interrupts and waits. */
#include "runtime/gic.h"

const char guest_name[] = "registers";

void vector_fill(const void *from);
void vector_read(void *to);
uint32_t vector_load(uint64_t address);

static uint64_t wanted[64] __attribute__((aligned(16)));
static uint64_t found[64] __attribute__((aligned(16)));
static volatile unsigned ticks;

static void handler(struct frame *frame)
{
    unsigned intid = gic_acknowledge();
    write_sysreg(cntv_cval_el0, now() + ticks_of_us(1000));
    ticks = ticks + 1;
    gic_end(intid);
}

static void fill(uint64_t salt)
{
    for (unsigned n = 0; n < 64; n++)
        wanted[n] = (n + 1) * 0x0101010101010101ul ^ salt;
    vector_fill(wanted);
    write_sysreg(s3_3_c4_c4_0, 0x03000000); /* FPCR */
    write_sysreg(s3_3_c4_c4_1, 0x0000001f); /* FPSR */
}

static bool same(void)
{
    vector_read(found);
    for (unsigned n = 0; n < 64; n++)
        if (found[n] != wanted[n])
            return false;
    return read_sysreg(s3_3_c4_c4_0) == 0x03000000 && read_sysreg(s3_3_c4_c4_1) == 0x1f;
}

void guest_main(void)
{
    if (!check("there is a GIC", gic_init()))
        return;

    trap_expect();
    vector_fill(wanted);
    check("SIMD instructions trap or work at first", trap_end() <= 16);
    write_sysreg(cpacr_el1, 3ul << 20);

    fill(0);
    check("they keep their values", same());
    for (unsigned n = 0; n < 500; n++)
        (void)load32(PL011_BASE + 0xfe0);
    check("over MMIO", same());

    fill(0x5555);
    for (unsigned n = 0; n < 100; n++)
        psci_call(PSCI_VERSION, 0, 0, 0);
    check("over calls", same());

    fill(0xaaaa);
    irq_handler = handler;
    gic_enable(27);
    write_sysreg(cntv_cval_el0, now() + ticks_of_us(1000));
    write_sysreg(cntv_ctl_el0, 1);
    irq_unmask();
    while (ticks < 50)
        __asm__ volatile("wfi" ::: "memory");
    irq_mask();
    write_sysreg(cntv_ctl_el0, 0);
    check("over waits and interrupts", same());
}
