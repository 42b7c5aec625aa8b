/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory in several banks: every page of each one that the devicetree names, and of one that it
 * does not (hidden=ADDRESS size=BYTES of the command line), holds a word of its own while all
 * others hold theirs. Behind each bank is nothing.
 */
#include "runtime/bootargs.h"
#include "runtime/guest.h"

const char guest_name[] = "banks";

#define PAGE       0x1000ul
#define TREE_BLOCK 0x200000ul
#define BANKS_MAX  8

static struct bank {
    uint64_t base, size;
} bank[BANKS_MAX];
static unsigned banks;

extern char __stack_top[];

static uint64_t mark(uint64_t at)
{
    return at * 0x9e3779b97f4a7c15ul ^ at >> 7;
}

/* Program and devicetree are in one of the banks. */
static bool in_use(uint64_t page)
{
    uint64_t tree = (uint64_t)devicetree;

    return (page + PAGE > RAM_BASE && page < (uint64_t)__stack_top) ||
           (page + PAGE > tree && page < tree + dt_total_size());
}

/* The first and the last word of every page. */
static bool each_page(bool (*visit)(uint64_t word))
{
    bool good = true;

    for (const struct bank *b = bank; b < bank + banks; b++) {
        for (uint64_t page = b->base; page < b->base + b->size; page += PAGE) {
            if (!in_use(page))
                good = visit(page) && visit(page + PAGE - 8) && good;
        }
    }
    return good;
}

/* But around the devicetree, where whoever wrote it may have left something besides. */
static bool is_zero(uint64_t word)
{
    return load64(word) == 0 || word / TREE_BLOCK == (uint64_t)devicetree / TREE_BLOCK;
}

static bool fill(uint64_t word)
{
    store64(word, mark(word));
    return true;
}

static bool is_filled(uint64_t word)
{
    return load64(word) == mark(word);
}

static bool nothing_behind(void)
{
    bool nothing = true;

    for (const struct bank *b = bank; b < bank + banks; b++) {
        trap_expect();
        (void)load32(b->base + b->size);
        nothing &= trap_end() == 1 && (trap.esr & 0x3f) == FSC_EXTERNAL;
    }
    return nothing;
}

static bool is_named(uint64_t address)
{
    uint64_t base, size;

    for (unsigned n = 0; dt_bank(n, &base, &size); n++) {
        if (address >= base && address < base + size)
            return true;
    }
    return false;
}

void guest_main(void)
{
    uint64_t hidden = bootargs_number("hidden", 0);

    while (banks + 1 < BANKS_MAX && dt_bank(banks, &bank[banks].base, &bank[banks].size))
        banks++;
    printf("%u banks\n", banks);
    check("the devicetree does not name the hidden one", hidden && !is_named(hidden));
    bank[banks++] = (struct bank){hidden, bootargs_number("size", PAGE)};
    for (unsigned n = 0; n < banks; n++)
        printf("bank at 0x%lx, 0x%lx bytes\n", bank[n].base, bank[n].size);
    check("all of it is zero at first", each_page(is_zero));
    each_page(fill);
    check("each page keeps what is written", each_page(is_filled));
    check("there is nothing behind any", nothing_behind());
}
