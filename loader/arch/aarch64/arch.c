/* SPDX-License-Identifier: BSD-2-Clause */
/* Cores, caches and translation of AArch64 for the loader. */
#include "boot.h"
#include "mmu.h"

#include <stddef.h>

#define FDT_MAGIC_BE    0xedfe0dd0u /* 0xd00dfeed as a little-endian load sees it */
#define FDT_DEFAULT     UINT64_C(0x40000000)
#define MPIDR_AFFINITY  UINT64_C(0xff00ffffff)
#define PSCI_CPU_ON     UINT64_C(0xc4000003) /* PSCI 5.1.4, 64-bit calling convention */
#define ARRIVAL_SECONDS 2
#define CORE_STACK      4096

/* What a started core reads with its caches off; offsets are known to start.S. */
struct core_start {
    uint64_t stack; /* top */
    uint64_t root;  /* translation tables */
    uint64_t number;
    uint64_t arrived;
};

static struct mmu_tables early_tables, final_tables;
static struct core_start cores[FACTS_MAX_CPUS];
static _Alignas(16) uint8_t core_stacks[FACTS_MAX_CPUS][CORE_STACK];
static const struct boot_handoff *core_handoff;

/* start.S */
extern const uint8_t secondary_entry[];
_Noreturn void enter_kernel(const struct boot_handoff *handoff, uint64_t number);
void switch_tables(const void *root);
void clean_range(uint64_t start, uint64_t end);
const void *early_map(const void *fdt);
const void *early_fdt(const void *fdt);
_Noreturn void secondary_main(struct core_start *core);

static uint64_t current_level(void)
{
    uint64_t level;

    __asm__ volatile("mrs %0, CurrentEL" : "=r"(level));
    return level >> 2 & 3;
}

bool arch_right_level(void)
{
    return current_level() == 2;
}

/* MMU off. QEMU enters ELF files without x0 and leaves the devicetree at the start of RAM. */
const void *early_fdt(const void *fdt)
{
    const uint32_t *candidate = fdt ? fdt : (const void *)FDT_DEFAULT;

    if ((uint64_t)candidate % 8 != 0 || *candidate != FDT_MAGIC_BE) {
        return NULL;
    }
    return candidate;
}

/* MMU off. Before the devicetree has been read only this program and it are known to be RAM. */
const void *early_map(const void *fdt)
{
    struct range bank[2] = {
        {(uint64_t)boot_image, (uint64_t)boot_image_end},
        {(uint64_t)fdt, (uint64_t)fdt + BOOT_FDT_WINDOW},
    };

    mmu_build(&early_tables, bank, fdt ? 2 : 1, current_level() == 1);
    return early_tables.root;
}

bool arch_map_final(const struct facts *facts)
{
    if (!mmu_build(&final_tables, facts->bank, facts->banks, false)) {
        return false;
    }
    switch_tables(final_tables.root);
    return true;
}

bool arch_map_kernel(const struct plan *plan)
{
    bool done = mmu_add_window(&final_tables, plan->kernel.start, plan->kernel.end, plan->offset);

    switch_tables(final_tables.root);
    return done;
}

void arch_publish(uint64_t start, uint64_t end)
{
    clean_range(start, end);
    __asm__ volatile("ic ialluis\n\tdsb ish\n\tisb" ::: "memory");
}

uint64_t arch_mpidr(void)
{
    uint64_t mpidr;

    __asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
    return mpidr & MPIDR_AFFINITY;
}

static uint64_t now(void)
{
    uint64_t ticks;

    __asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(ticks)::"memory");
    return ticks;
}

static uint64_t ticks_per_second(void)
{
    uint64_t hz;

    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
    return hz;
}

/* SMC calling convention 1.0: x0..x3 in, x0 out, x4..x17 may change. */
static int64_t psci(enum psci_conduit conduit, uint64_t function, uint64_t a, uint64_t b,
                    uint64_t c)
{
    register uint64_t x0 __asm__("x0") = function;
    register uint64_t x1 __asm__("x1") = a;
    register uint64_t x2 __asm__("x2") = b;
    register uint64_t x3 __asm__("x3") = c;

    if (conduit == PSCI_SMC) {
        __asm__ volatile("smc #0"
                         : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"x4", "x5", "x6", "x7", "x8",
                           "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
    } else {
        __asm__ volatile("hvc #0"
                         : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"x4", "x5", "x6", "x7", "x8",
                           "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
    }
    return (int64_t)x0;
}

void arch_prepare_handoff(const struct boot_handoff *handoff)
{
    core_handoff = handoff;
    for (unsigned i = 0; i < FACTS_MAX_CPUS; i++) {
        cores[i] = (struct core_start){
            .stack = (uint64_t)core_stacks[i] + CORE_STACK,
            .root = (uint64_t)final_tables.root,
            .number = i,
        };
    }
    clean_range((uint64_t)boot_image, (uint64_t)boot_image_end);
}

int64_t arch_start_core(enum psci_conduit conduit, uint64_t mpidr, unsigned number)
{
    struct core_start *core = &cores[number];
    uint64_t limit = now() + ARRIVAL_SECONDS * ticks_per_second();

    int64_t result = psci(conduit, PSCI_CPU_ON, mpidr, (uint64_t)secondary_entry, (uint64_t)core);
    if (result != 0) {
        return result;
    }
    while (__atomic_load_n(&core->arrived, __ATOMIC_ACQUIRE) == 0) {
        if (now() > limit) {
            return BOOT_CORE_SILENT;
        }
    }
    return 0;
}

_Noreturn void secondary_main(struct core_start *core)
{
    __atomic_store_n(&core->arrived, 1, __ATOMIC_RELEASE);
    enter_kernel(core_handoff, core->number);
}

_Noreturn void arch_enter_kernel(const struct boot_handoff *handoff, uint64_t number)
{
    enter_kernel(handoff, number);
}

_Noreturn void arch_halt(void)
{
    for (;;) {
        __asm__ volatile("wfe");
    }
}
