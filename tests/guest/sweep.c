/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks for anything that can be reached besides what the devicetree names: loads from every page
 * below 1 GiB, where devices are, loads and stores every 2 MiB up to 64 GiB, and loads in larger
 * steps up to 2^40, the end of what a guest can address. Each access has to end in one synchronous
 * external abort.
 */
#include "runtime/guest.h"

const char guest_name[] = "sweep";

#define DEVICES_END 0x40000000ul
#define ADDRESS_END 0x10000000000ul
#define PAGE        0x1000ul
#define STEP        0x200000ul
#define LONG_STEP   (17 * STEP) /* odd, so that it meets every place in the page tables */
#define MAX_KNOWN   16
#define SHOWN       8 /* mistakes that get a line of their own */

static struct {
    uint64_t base;
    uint64_t size;
} known[MAX_KNOWN];
static unsigned knowns;
static unsigned mistakes;

static void know(const char *compatible)
{
    uint64_t base, size;

    for (unsigned n = 0; knowns < MAX_KNOWN && dt_reg(compatible, n, &base, &size); n++) {
        known[knowns].base = base;
        known[knowns++].size = size;
    }
}

static bool is_known(uint64_t address)
{
    for (unsigned n = 0; n < knowns; n++)
        if (address - known[n].base < known[n].size)
            return true;
    return false;
}

static void mistake(const char *what, uint64_t address)
{
    if (mistakes++ < SHOWN)
        printf("BAD %s at 0x%lx: %u traps, the last one 0x%lx of 0x%lx\n", what, address,
               trap.count, trap.esr, trap.far);
}

static bool aborted(uint64_t address)
{
    return trap_end() == 1 && ESR_EC(trap.esr) == EC_DATA_SAME &&
           (trap.esr & 0x3f) == FSC_EXTERNAL && trap.far == address;
}

static void touch(uint64_t address, bool store)
{
    trap_expect();
    (void)load32(address);
    if (!aborted(address))
        mistake("load", address);
    if (!store)
        return;
    trap_expect();
    store32(address, 0x12345678);
    if (!aborted(address))
        mistake("store", address);
}

static void sweep(const char *what, uint64_t from, uint64_t to, uint64_t step, bool store)
{
    unsigned before = mistakes;
    uint64_t touched = 0, skipped = 0;

    for (uint64_t address = from; address < to; address += step) {
        if (is_known(address)) {
            skipped++;
            continue;
        }
        touch(address, store);
        touched++;
    }
    printf("%s: %lu places, %lu skipped\n", what, touched, skipped);
    check(what, mistakes == before && touched > 0);
}

void guest_main(void)
{
    know("memory");
    know("bulkhead,window");
    know("arm,cortex-a15-gic");
    know("arm,gic-v3");
    know("arm,pl011");
    know("arm,pl031");
    check("the devicetree names memory and devices", knowns >= 5);

    sweep("every page where devices are", 0, DEVICES_END, PAGE, false);
    sweep("every 2 MiB up to 4 GiB", DEVICES_END, 0x100000000ul, STEP, true);
    sweep("every 2 MiB up to 64 GiB", 0x100000000ul, 0x1000000000ul, STEP, true);
    sweep("every 34 MiB up to 1 TiB", 0x1000000000ul, ADDRESS_END, LONG_STEP, false);
}
