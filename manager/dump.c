/* SPDX-License-Identifier: BSD-2-Clause */
#include "dump.h"

#include <stdio.h>

#include "holdings.h"
#include "log.h"
#include "servers.h"
#include "shared.h"

#define MAX_HOLDERS 32u
#define ON_A_LINE   4u /* holders */
#define NAME_ROOM   40u
#define GICV_SIZE   0x2000u

static void name_of(const struct vm *vm, unsigned vms, uint64_t space, char *text)
{
    for (unsigned i = 0; i < vms; i++) {
        if (space == vm[i].guest || space == vm[i].vmm.vspace) {
            snprintf(text, NAME_ROOM, "%s %s", space == vm[i].guest ? "guest" : "vmm",
                     vm[i].config->name);
            return;
        }
    }
    snprintf(text, NAME_ROOM, "%s",
             servers_console_is(space)           ? "console"
             : servers_timer_is(space)           ? "timer"
             : space == seL4_CapInitThreadVSpace ? "manager"
                                                 : "unknown");
}

/* One range of physical addresses, end excluded. */
static void dump_range(const char *what, const char *name, uint64_t base, uint64_t end)
{
    log_line("dump: %s %s: 0x%llx-0x%llx", what, name, (unsigned long long)base,
             (unsigned long long)end - 1);
    servers_drain_lines();
}

static void dump_page(const char *what, const char *name, seL4_CPtr frame)
{
    uint64_t address = seL4_ARM_Page_GetAddress(frame).paddr;

    dump_range(what, name, address, address + BH_ARCHIVE_ALIGN);
}

/* The same range again for holders that do not fit a line. */
static void dump_holders(const struct vm *vm, unsigned vms, uint64_t base, uint64_t size,
                         const struct holding **who, unsigned count)
{
    char text[ON_A_LINE * (NAME_ROOM + 8)] = "";
    char name[NAME_ROOM];
    int length = 0;

    for (unsigned i = 0; i < count; i++) {
        name_of(vm, vms, who[i]->space, name);
        length += snprintf(text + length, sizeof(text) - (size_t)length, "%s%s %s",
                           length == 0 ? "" : ", ", name, who[i]->writable ? "rw" : "ro");
        if (i + 1 == count || (i + 1) % ON_A_LINE == 0) {
            log_line("dump: 0x%llx-0x%llx: %s", (unsigned long long)base,
                     (unsigned long long)(base + size - 1), text);
            servers_drain_lines();
            length = 0;
        }
    }
}

void dump_frames(const struct vm *vm, unsigned vms, const struct board *board)
{
    const struct holdings *holdings = memory_holdings();
    const struct holding *who[MAX_HOLDERS];
    uint64_t base = 0;
    uint64_t size = 0;
    unsigned ranges = 0;
    unsigned count;

    log_line("dump: frames and who has them mapped");
    shared_each_range(dump_range);
    servers_each_page(dump_page);
    for (unsigned i = 0; i < vms; i++) {
        if (vm[i].stats) {
            dump_page("stats", vm[i].config->name, vm[i].stats_frame);
        }
    }
    if (board->gic_version == 2) { /* each VM has its own registers there (IHI 0048, 5.1) */
        dump_range("banked", "gicv", board->gicv, board->gicv + GICV_SIZE);
    }
    while ((count = holdings_next(holdings, base + size, &base, &size, who, MAX_HOLDERS)) > 0) {
        dump_holders(vm, vms, base, size, who, count);
        ranges++;
    }
    log_line("dump: end, %u ranges%s", ranges, holdings->incomplete ? ", not all" : "");
}
