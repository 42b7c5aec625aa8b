/* SPDX-License-Identifier: BSD-2-Clause */
/* Bringing the cores up. Only the boot core reads the devicetree and hands memory out. */
#include "boot.h"

#include "arch.h"
#include "debug.h"
#include "interrupt.h"
#include "layout.h"
#include "memmap.h"
#include "platform.h"
#include "root_task.h"
#include "switch.h"
#include "vspace.h"

#define PSCI_AFFINITY_INFO_64 0xc4000004u
#define PSCI_OFF              1

extern char kernel_stacks[], kernel_vectors[], ki_end[];

/* Exactly as the loader gives them (x0..x5). */
void boot_first_core(word image_start, word image_end, word image_offset, word entry, word dtb,
                     word dtb_size) __attribute__((noreturn));
void boot_other_core(word core) __attribute__((noreturn));

const struct gic_ops *gic;
unsigned gic_num_lr;

static struct {
    bool go;         /* tables, controller and number of cores are ready */
    uint32_t others; /* cores that have arrived */
} start;

static struct {
    struct tcb tcb __attribute__((aligned(1 << seL4_TCBBits)));
} idle[MAX_CPUS];

void boot_fail(const char *why)
{
    debug_printf("keel: cannot boot: %s\n", why);
    debug_halt();
}

static BOOT_CODE void init_this_core(unsigned core)
{
    struct cpu *cpu = &cpus[core];

    WRITE_SYSREG(tpidr_el2, (uintptr_t)cpu);
    WRITE_SYSREG(vbar_el2, (uintptr_t)kernel_vectors);
    isb();
    cpu_init(core, &idle[core].tcb);
    cpu->arch.stack = kernel_stacks + ((core + 1ul) << KERNEL_STACK_BITS);
    switch_init_core(cpu);
    timer_quiet();
    gic->init_core(core);
    interrupt_init_core();
}

/* Has the loader switched this core on, as far as the firmware says? */
static BOOT_CODE bool core_is_on(uint64_t mpidr)
{
    word x[SMC_WORDS] = {PSCI_AFFINITY_INFO_64, mpidr};

    smc(x);
    return (int32_t)x[0] >= 0 && (int32_t)x[0] != PSCI_OFF;
}

/* Cores to wait for: those of the platform that have been switched on, as far as one can ask. */
static BOOT_CODE unsigned count_cores(const struct platform *platform)
{
    unsigned count = 0;

    for (unsigned i = 0; i < platform->num_cpus; i++)
        count += !platform->psci_smc || core_is_on(platform->mpidr[i]);
    return count != 0 ? count : 1;
}

static BOOT_CODE void find_platform(struct platform *platform, word dtb, word dtb_size)
{
    if (dtb != 0 && dtb_size != 0 && dtb + dtb_size > dtb && dtb + dtb_size <= LINEAR_TOP) {
        kmap_linear(dtb, dtb_size, false);
        if (platform_from_fdt(platform, phys_to_kernel(dtb), dtb_size))
            return;
    }
    platform_default(platform);
}

/* Not boot code: that memory is the root task's as soon as every core has been counted. */
static __attribute__((noinline, noreturn)) void begin(void)
{
    kmap_end_boot();
    debug_printf("keel: starting the root task\n");
    trap_first(&cpus[0]);
}

BOOT_CODE void boot_first_core(word image_start, word image_end, word image_offset, word entry,
                               word dtb, word dtb_size)
{
    struct platform platform;
    struct root_image image = {image_start, image_end, image_offset, entry, dtb, dtb_size};

    kmap_init();
    kmap_activate();
    WRITE_SYSREG(vbar_el2, (uintptr_t)kernel_vectors);
    find_platform(&platform, dtb, dtb_size);
    for (unsigned i = 0; i < platform.num_ram; i++)
        kmap_linear(platform.ram[i].base, platform.ram[i].size, false);
    kmap_linear(0, LINEAR_TOP, true);
    arch_log_init(&platform);
    cpu_count = count_cores(&platform);
    debug_printf("keel: %u cores, GICv%u\n", cpu_count, platform.gic_version);

    gic = platform.gic_version == 3 ? &gicv3_ops : &gicv2_ops;
    gic->init(&platform);
    timer_init();
    interrupt_init();
    init_this_core(0);
    root_task_create(&platform, &image, kernel_to_phys(ki_end));

    __atomic_store_n(&start.go, true, __ATOMIC_RELEASE);
    __asm__ volatile("dsb sy\n\tsev");
    while (__atomic_load_n(&start.others, __ATOMIC_ACQUIRE) != cpu_count - 1)
        arch_relax();
    begin();
}

/* Nor are these. */
static __attribute__((noinline, noreturn)) void arrive(unsigned core)
{
    __atomic_fetch_add(&start.others, 1, __ATOMIC_RELEASE);
    trap_first(&cpus[core]);
}

/* Cores that the devicetree does not know wait here for ever. */
static __attribute__((noinline, noreturn)) void park(void)
{
    for (;;)
        __asm__ volatile("wfe");
}

BOOT_CODE void boot_other_core(word core)
{
    while (!__atomic_load_n(&start.go, __ATOMIC_ACQUIRE))
        __asm__ volatile("wfe");
    kmap_activate();
    if (core >= cpu_count)
        park();
    init_this_core((unsigned)core);
    arrive((unsigned)core);
}
