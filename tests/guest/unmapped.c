/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses that nothing answers: a synchronous external abort, at the right address, every time. */
#include "runtime/guest.h"

const char guest_name[] = "unmapped";

#define HOLE 0x0b000000ul /* on this board nothing lies between the virtio slots and 0x0c000000 */

static void expect_data(uint64_t address, bool write)
{
    if (!check_equal("  ... one abort", trap_end(), 1))
        return;
    check_equal("  ... a data abort", ESR_EC(trap.esr), EC_DATA_SAME);
    check_equal("  ... a synchronous external one", trap.esr & 0x3f, FSC_EXTERNAL);
    check_equal("  ... of a 32-bit instruction", trap.esr & ESR_IL, ESR_IL);
    check_equal("  ... read or write", trap.esr & ISS_WRITE, write ? ISS_WRITE : 0);
    check_equal("  ... its address", trap.far, address);
}

static void at(const char *what, uint64_t address)
{
    printf("%s\n", what);
    uint32_t value = 0x600dcafe;

    print("load\n");
    trap_expect();
    __asm__ volatile("ldr %w0, [%1]" : "+r"(value) : "r"(address) : "memory");
    expect_data(address, false);
    check_equal("  ... the register keeps its value", value, 0x600dcafe);

    print("store\n");
    trap_expect();
    store32(address, 1);
    expect_data(address, true);

    print("load of a pair\n");
    trap_expect();
    __asm__ volatile("ldp x2, x3, [%0]" ::"r"(address) : "x2", "x3", "memory");
    expect_data(address, false);

    print("fetch\n");
    trap_expect();
    __asm__ volatile("adr x30, 1f\n\tbr %0\n1:" ::"r"(address) : "x30", "memory");
    if (check_equal("  ... one abort", trap_end(), 1)) {
        check_equal("  ... of a fetch", ESR_EC(trap.esr), EC_FETCH_SAME);
        check_equal("  ... a synchronous external one", trap.esr & 0x3f, FSC_EXTERNAL);
        check_equal("  ... its address", trap.far, address);
        check_equal("  ... its program counter", trap.pc, address);
    }
}

static void widths(void)
{
    trap_expect();
    (void)load8(HOLE + 1);
    (void)load16(HOLE + 2);
    (void)load64(HOLE + 8);
    store8(HOLE + 3, 0);
    store16(HOLE + 6, 0);
    store64(HOLE + 16, 0);
    check_equal("every width aborts", trap_end(), 6);
}

static void many(void)
{
    trap_expect();
    for (unsigned n = 0; n < 2000; n++)
        (void)load32(HOLE + 4 * n);
    check_equal("2000 aborts in a row", trap_end(), 2000);
}

void guest_main(void)
{
    uint64_t base = 0, size = 0;

    at("a hole between devices", HOLE);
    dt_memory(&base, &size);
    at("the first byte after RAM", base + size);
    at("far above RAM", 0x7f00000000ul);
    widths();
    many();
}
