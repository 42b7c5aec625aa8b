/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest.h"

#define BLOCK   1ul         /* valid, block */
#define AF      (1ul << 10) /* accessed */
#define INNER   (3ul << 8)  /* inner shareable */
#define NC      (1ul << 2)  /* attribute index 1 */
#define GIB     (1ul << 30)
#define MAIR    0x44fful /* 0: write-back, 1: normal not cacheable */
#define TCR     (25ul | 1ul << 8 | 1ul << 10 | 3ul << 12 | 1ul << 23 | 2ul << 32) /* 39 bits, 4 KiB */
#define SCTLR_M (1ul << 0)
#define SCTLR_A (1ul << 1)
#define SCTLR_C (1ul << 2)
#define SCTLR_I (1ul << 12)

static uint64_t table[512] __attribute__((aligned(4096)));

void mmu_enable(void)
{
    for (unsigned n = 0; n < 512; n++)
        table[n] = n * GIB | BLOCK | AF | NC;
    table[RAM_BASE / GIB] = RAM_BASE | BLOCK | AF | INNER;

    mmu_enable_core();
}

void mmu_enable_core(void)
{
    __asm__ volatile("dsb sy\n\ttlbi vmalle1\n\tdsb sy\n\tisb" ::: "memory");
    write_sysreg(mair_el1, MAIR);
    write_sysreg(tcr_el1, TCR);
    write_sysreg(ttbr0_el1, table);
    write_sysreg(sctlr_el1, (read_sysreg(sctlr_el1) | SCTLR_M | SCTLR_C | SCTLR_I) & ~SCTLR_A);
}
