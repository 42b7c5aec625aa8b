/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory as a description lays it out: banks, and a window shared with another VM that runs the
 * same program. The VM whose window is writable leaves a word in it and waits for the answer, which
 * the other one cannot give: its stores abort, and it says what it read.
 */
#include "runtime/guest.h"

const char guest_name[] = "window";

#define WORD   0x5eed0f1ce5000001ul
#define WAIT_S 60

static void banks(void)
{
    uint64_t base = 0, size = 0;

    check("the first bank is where we are",
          dt_memory(&base, &size) && base <= (uint64_t)banks && (uint64_t)banks - base < size);
    printf("bank of %lu KiB\n", size >> 10);
}

static void writer(uint64_t base, uint64_t size)
{
    check_equal("the window is empty at first", load64(base + size - 8), 0);
    store64(base + size - 8, ~WORD);
    store64(base, WORD);
    check_equal("the word is there", load64(base), WORD);
    print("written\n");
}

static void reader(uint64_t base, uint64_t size)
{
    uint64_t end = now() + ticks_of_us(WAIT_S * 1000000ul);

    while (load64(base) != WORD && now() < end)
        ;
    check_equal("the other VM's word", load64(base), WORD);
    check_equal("and the window's end", load64(base + size - 8), ~WORD);
    trap_expect();
    store64(base, 0);
    check_equal("a store aborts", trap_end(), 1);
    check_equal("... by a synchronous external abort", trap.esr & 0x3f, FSC_EXTERNAL);
    check_equal("... and changes nothing", load64(base), WORD);
}

void guest_main(void)
{
    uint64_t base, size;
    uint32_t bytes;

    banks();
    if (!check("there is a window", dt_reg("bulkhead,window", 0, &base, &size)))
        return;
    printf("window at 0x%lx, 0x%lx bytes\n", base, size);
    if (dt_property("bulkhead,window", "read-only", &bytes))
        reader(base, size);
    else
        writer(base, size);
    trap_expect();
    (void)load32(base + size);
    check_equal("behind the window there is nothing", trap_end(), 1);
}
