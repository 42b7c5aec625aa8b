/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program that cannot be moved: it finds code and data at the addresses that the linker gave
 * them, fills all of its RAM with a pattern of its own (id=N), and still finds it there when a key
 * is hit, before which others have done the same at the same addresses.
 */
#include "runtime/bootargs.h"

const char guest_name[] = "fixed";

#define FR     (PL011_BASE + 0x18)
#define RXFE   0x10u
#define LINKED 0x40080000ul /* runtime/guest.ld */
#define STEP   0x1000ul

extern char _start[], __stack_top[];

/* Absolute addresses, put here by the linker and relocated by nobody. */
static void (*volatile const code)(void) = guest_main;
static const char *volatile const data = guest_name;

static uint64_t pattern(uint64_t at, uint64_t id)
{
    return (at ^ id << 48) * 0x9e3779b97f4a7c15ul;
}

static bool linked_where_it_runs(void)
{
    uint64_t here, start, main;

    __asm__("adr %0, ." : "=r"(here));
    __asm__("adr %0, _start" : "=r"(start));
    __asm__("adr %0, guest_main" : "=r"(main));
    return start == LINKED && here > LINKED && here < (uint64_t)__stack_top &&
           (uint64_t)code == main && data[0] == 'f';
}

void guest_main(void)
{
    uint64_t base = 0, size = 0, tree = (uint64_t)devicetree, id = bootargs_number("id", 0);
    uint64_t begin = ((uint64_t)__stack_top + STEP) & ~(STEP - 1);
    bool same = true;

    if (!check("the devicetree names the memory", dt_memory(&base, &size)) ||
        !check("the devicetree is at the end of it", tree > begin && tree < base + size))
        return;
    uint64_t end = tree & ~(STEP - 1);
    check("it runs where it was linked", linked_where_it_runs());
    for (uint64_t at = begin; at < end; at += STEP)
        store64(at, pattern(at, id));
    print("filled\n");
    while (load32(FR) & RXFE)
        ;
    for (uint64_t at = begin; at < end; at += STEP)
        same &= load64(at) == pattern(at, id);
    check("all of its memory is as it was", same);
    check("it is still where it was", linked_where_it_runs());
}
