/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that means harm: every offset of every emulated page, at every width, as load and as
 * store, then addresses at random. Aborts and values are both fine; a machine that stops is not.
 * Interrupts stay masked: what the stores make pending nobody takes.
 */
#include "runtime/gic.h"

const char guest_name[] = "hostile";

#define PAGE 0x1000ul

static unsigned long accesses;
static uint64_t noise = 0x9e3779b97f4a7c15;

static uint64_t next_noise(void)
{
    noise ^= noise << 13;
    noise ^= noise >> 7;
    noise ^= noise << 17;
    return noise;
}

static void load_all(uint64_t at)
{
    (void)load8(at);
    (void)load16(at);
    (void)load32(at);
    (void)load64(at);
    accesses += 4;
}

static void store_all(uint64_t at, uint64_t value)
{
    store8(at, (uint8_t)value);
    store16(at, (uint16_t)value);
    store32(at, (uint32_t)value);
    store64(at, value);
    accesses += 4;
}

static void pairs(uint64_t at)
{
    uint64_t base = at;
    __asm__ volatile("ldp x2, x3, [%0]\n\tldp w2, w3, [%0]" ::"r"(at) : "x2", "x3", "memory");
    __asm__ volatile("stp xzr, xzr, [%0]\n\tstp wzr, wzr, [%0], #8" : "+r"(base)::"memory");
    __asm__ volatile("ldr x2, [%0], #8\n\tstr x2, [%0, #-8]!" : "+r"(base)::"x2", "memory");
    accesses += 6;
}

/* Ones and noise by turns. */
static uint64_t bad_value(uint64_t at)
{
    return at & 1 ? ~0ul : next_noise();
}

/* The loads come first, so that they see a device in order. */
static void sweep(uint64_t base, uint64_t step)
{
    for (uint64_t at = base; at < base + PAGE; at += step)
        load_all(at);
    for (uint64_t at = base; at < base + PAGE; at += step)
        store_all(at, bad_value(at));
    for (uint64_t at = base; at < base + PAGE; at += 8 * step)
        pairs(at);
}

/* The UART's data register gets printable bytes only: the console's log is for people. */
static void sweep_uart(uint64_t base)
{
    for (uint64_t at = base; at < base + PAGE; at++)
        load_all(at);
    for (uint64_t at = base; at < base + 8; at++)
        store_all(at, 0x2e2e2e2e2e2e2e2e);
    print("\n");
    for (uint64_t at = base + 8; at < base + PAGE; at++)
        store_all(at, bad_value(at));
    for (uint64_t at = base + 8; at < base + PAGE; at += 8)
        pairs(at);
    /* Masked and on again, for the lines below. */
    store32(base + 0x38, 0);
    store32(base + 0x44, ~0u);
    store32(base + 0x30, 0x301);
}

/* `full` has a bit for each page that holds registers; of the others a few bytes will do. */
static void sweep_range(const char *name, uint64_t base, unsigned pages, uint64_t full)
{
    for (unsigned n = 0; n < pages; n++)
        sweep(base + n * PAGE, full >> n & 1 ? 1 : 64);
    printf("swept %s\n", name);
}

/* Real QEMU has devices that do harm by design (fw_cfg writes to memory): leave its own out. */
static bool virtual_board(void)
{
    uint32_t size;
    return !dt_property("qemu,fw-cfg-mmio", "reg", &size);
}

static uint64_t random_address(bool anywhere)
{
    uint64_t at;
    if (!anywhere)
        return 0x0b000000 + next_noise() % 0x01000000;
    do
        at = next_noise() % (1ul << (next_noise() % 10 + 30));
    while (at + 16 > PL011_BASE && at < PL011_BASE + PAGE);
    return at;
}

static void at_random(bool anywhere)
{
    uint64_t base = 0, size = 0;

    dt_memory(&base, &size);
    for (unsigned n = 0; n < 2000; n++) {
        uint64_t at = random_address(anywhere);
        if (at + 16 > base && at < base + size)
            continue;
        load_all(at);
        store_all(at, next_noise());
        pairs(at);
    }
    print("swept random addresses\n");
}

/* Instructions whose syndrome says nothing, or that touch memory in their own way. */
static void odd_instructions(uint64_t at)
{
    trap_expect();
    __asm__ volatile("dc cvac, %0" ::"r"(at) : "memory");
    __asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
    __asm__ volatile("dc ivac, %0" ::"r"(at) : "memory");
    __asm__ volatile("dc zva, %0" ::"r"(at) : "memory");
    __asm__ volatile("ic ivau, %0" ::"r"(at) : "memory");
    __asm__ volatile("ldxr w2, [%0]" ::"r"(at) : "x2", "memory");
    __asm__ volatile("ldaxr x2, [%0]" ::"r"(at) : "x2", "memory");
    __asm__ volatile("stxr w3, w2, [%0]" ::"r"(at) : "x3", "memory");
    __asm__ volatile("ldxp x2, x3, [%0]" ::"r"(at) : "x2", "x3", "memory");
    __asm__ volatile("ldar x2, [%0]" ::"r"(at) : "x2", "memory");
    __asm__ volatile("ldnp x2, x3, [%0]" ::"r"(at) : "x2", "x3", "memory");
    __asm__ volatile("ldpsw x2, x3, [%0]" ::"r"(at) : "x2", "x3", "memory");
    __asm__ volatile("at s1e1r, %0" ::"r"(at) : "memory");
    trap_end();
}

/* The program's own page tables and code where no memory is. */
static void odd_places(uint64_t hole)
{
    /* Real registers would be executed as if they were instructions: anything might follow. */
    uint64_t registers = virtual_board() ? gic.dist : hole + PAGE;
    uint64_t uart = virtual_board() ? PL011_BASE : hole + 2 * PAGE;
    uint64_t ttbr = read_sysreg(ttbr0_el1), vbar = read_sysreg(vbar_el1);

    trap_expect();
    __asm__ volatile("adr x30, 1f\n\tbr %0\n1:" ::"r"(hole) : "x30", "memory");
    __asm__ volatile("adr x30, 1f\n\tbr %0\n1:" ::"r"(uart) : "x30", "memory");
    __asm__ volatile("adr x30, 1f\n\tbr %0\n1:" ::"r"(registers) : "x30", "memory");
    trap_end();

    /* A translation table walk that meets nothing: an abort on the walk, taken with the MMU off. */
    write_sysreg(ttbr1_el1, hole);
    write_sysreg(tcr_el1, (read_sysreg(tcr_el1) & ~(1ul << 23)) | 25ul << 16 | 2ul << 30);
    trap_expect();
    (void)load32(0xffffff8000000000ul);
    trap_end();
    write_sysreg(ttbr1_el1, registers);
    __asm__ volatile("tlbi vmalle1\n\tdsb sy\n\tisb" ::: "memory");
    trap_expect();
    (void)load32(0xffffff8000000000ul);
    trap_end();
    write_sysreg(ttbr0_el1, ttbr);
    write_sysreg(vbar_el1, vbar);
    print("swept code and tables without memory\n");
}

void guest_main(void)
{
    uint64_t rtc = 0, size = 0;
    static const unsigned offsets[] = {0, 4, 0xfe0, 0xffc, 0xfff};

    if (!check("there is a GIC", gic_init()))
        return;
    dt_reg("arm,pl031", 0, &rtc, &size);
    mmu_enable();

    trap_expect();
    sweep_range("the clock", rtc, 1, 1);
    sweep_uart(PL011_BASE);
    print("swept the UART\n");
    if (gic.version == 3) {
        sweep_range("the distributor", gic.dist, 16, 0x80c1);
        sweep_range("the redistributor", gic.redist, 32, 0x18001);
    } else {
        sweep_range("the distributor", gic.dist, 1, 1);
        sweep_range("the processor interface", gic.cpu, 2, 3);
    }
    at_random(virtual_board());
    trap_end();

    for (unsigned n = 0; n < sizeof(offsets) / sizeof(offsets[0]); n++) {
        odd_instructions(rtc + offsets[n]);
        odd_instructions(gic.dist + offsets[n]);
        odd_instructions(0x0b000000ul + offsets[n]);
    }
    print("swept odd instructions\n");
    odd_places(0x0b000000ul);

    check("more than 100000 accesses", accesses > 100000);
    check("the core goes on", psci_call(PSCI_VERSION, 0, 0, 0) >> 16 == 1);
    print("SURVIVED\n");
}
