/* SPDX-License-Identifier: BSD-2-Clause */
/* All of RAM holds what is written to it, with the MMU off and on. */
#include "runtime/guest.h"

const char guest_name[] = "memory";

#define STEP 0x10000ul

static uint64_t begin, end; /* what lies free: between this program and the devicetree */

static uint64_t mark(uint64_t at)
{
    return at * 0x9e3779b97f4a7c15ul ^ at >> 7;
}

static bool fill_and_read(uint64_t salt)
{
    for (uint64_t at = begin; at < end; at += STEP)
        store64(at, mark(at) + salt);
    for (uint64_t at = begin; at < end; at += STEP)
        if (load64(at) != mark(at) + salt)
            return false;
    return true;
}

static uint32_t checksum(void)
{
    uint32_t sum = 0;
    for (uint32_t n = 0; n < dt_total_size(); n++)
        sum = sum * 31 + devicetree[n];
    return sum;
}

void guest_main(void)
{
    extern char __stack_top[];
    uint64_t base = 0, size = 0, tree = (uint64_t)devicetree;
    uint32_t sum = checksum();

    if (!check("the devicetree names the memory", dt_memory(&base, &size)))
        return;
    begin = ((uint64_t)__stack_top + STEP) & ~(STEP - 1);
    end = base + size;
    if (tree >= begin && tree - begin > end - tree - dt_total_size())
        end = tree & ~(STEP - 1);
    else if (tree >= begin)
        begin = (tree + dt_total_size() + STEP) & ~(STEP - 1);

    bool zero = true;
    for (uint64_t at = begin; at < end; at += STEP)
        zero &= load64(at) == 0 && load64(at + STEP - 8) == 0;
    check("memory is zero at first", zero);
    check("with the MMU off", fill_and_read(1));
    mmu_enable();
    check("the MMU is on", read_sysreg(sctlr_el1) & 1);
    check("with the MMU on", fill_and_read(2));

    uint64_t last = base + size - 8;
    if (last >= tree + dt_total_size() || last < tree) {
        store64(last, 0x1122334455667788);
        check_equal("the last word of RAM", load64(last), 0x1122334455667788);
    } else {
        check_equal("the last word of RAM", load64(last), load64(last));
    }
    store64(begin + 4092, 0x8877665544332211);
    check_equal("a word across two pages", load64(begin + 4092), 0x8877665544332211);
    check_equal("the devicetree is as it was", checksum(), sum);
    trap_expect();
    (void)load32(base + size);
    check_equal("no memory after the last", trap_end(), 1);
}
