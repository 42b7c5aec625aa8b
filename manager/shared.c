/* SPDX-License-Identifier: BSD-2-Clause */
#include "shared.h"

#include <stdio.h>

#include "dump.h"
#include "log.h"
#include "vm.h"

#define PAGE         (UINT64_C(1) << seL4_PageBits)
#define LARGE        (UINT64_C(1) << seL4_LargePageBits)
#define TABLES_SPARE 4u

static struct {
    const struct description *description;
    struct realm realm;
    seL4_Word first[DESCRIPTION_MAX_WINDOWS]; /* slot of the first page; the others follow */
} shared;

static uint64_t pages(unsigned window)
{
    return shared.description->window[window].size >> seL4_PageBits;
}

/* Pages from blocks as large as there are: slots are handed out in a row. */
static bool take_pages(unsigned window)
{
    uint64_t left = pages(window);
    unsigned bits = 63 - (unsigned)__builtin_clzll(left) + seL4_PageBits;

    shared.first[window] = shared.realm.node.next;
    while (left > 0 && bits >= seL4_PageBits) {
        struct ut_block *block = left >= UINT64_C(1) << (bits - seL4_PageBits)
                                     ? budget_block(&shared.realm.budget, UT_RAM, bits)
                                     : NULL;

        if (!block) {
            bits--;
            continue;
        }
        if (realm_frames(&shared.realm, block, seL4_PageBits) == 0) {
            return false;
        }
        left -= UINT64_C(1) << (bits - seL4_PageBits);
    }
    return left == 0;
}

bool shared_create(const struct description *description)
{
    uint64_t slots = 1;
    unsigned bits = 4;

    shared.description = description;
    if (description->windows == 0) {
        return true;
    }
    for (unsigned i = 0; i < description->windows; i++) {
        slots += pages(i);
    }
    while (UINT64_C(1) << bits < slots) {
        bits++;
    }
    if (!realm_create(&shared.realm, bits)) {
        return false;
    }
    for (unsigned i = 0; i < description->windows; i++) {
        if (!take_pages(i)) {
            log_line("there is no memory for window %s", description->window[i].name);
            return false;
        }
    }
    return true;
}

uint64_t shared_slots(const struct vm_config *config)
{
    uint64_t slots = 0;

    for (unsigned i = 0; i < config->shares; i++) {
        uint64_t size = shared.description->window[config->share[i].window].size;

        slots += size / PAGE + size / LARGE + TABLES_SPARE;
    }
    return slots;
}

static bool map_one(struct vm *vm, const struct vm_share *share)
{
    seL4_CapRights_t rights = share->writable ? seL4_ReadWrite : seL4_CanRead;

    for (uint64_t i = 0; i < pages(share->window); i++) {
        seL4_CPtr frame = cspace_pointer(&shared.realm.node, shared.first[share->window] + i);
        seL4_CPtr copy = cspace_copy(&vm->realm.node, frame, rights, 0);

        if (copy == 0 || !realm_map(&vm->realm, vm->guest, copy, share->ipa + i * PAGE, rights,
                                    seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)) {
            return false;
        }
    }
    return true;
}

bool shared_map(struct vm *vm)
{
    struct bh_start_vmm *start = &vm->vmm.start.vmm;

    for (unsigned i = 0; i < vm->config->shares; i++) {
        const struct vm_share *share = &vm->config->share[i];
        const struct window_config *window = &shared.description->window[share->window];
        struct bh_start_shared *entry = &start->shared[i];

        if (!map_one(vm, share)) {
            return false;
        }
        entry->ipa = share->ipa;
        entry->size = window->size;
        entry->flags = share->writable ? BH_SHARED_WRITABLE : 0;
        snprintf(entry->name, sizeof(entry->name), "%s", window->name);
        start->shared_count = i + 1;
    }
    return true;
}

static void dump_one(unsigned window)
{
    uint64_t start = 0, end = 0;

    for (uint64_t i = 0; i < pages(window); i++) {
        uint64_t address =
            seL4_ARM_Page_GetAddress(cspace_pointer(&shared.realm.node, shared.first[window] + i))
                .paddr;

        if (address != end) {
            if (end != 0) {
                dump_range("window", shared.description->window[window].name, start, end);
            }
            start = address;
        }
        end = address + PAGE;
    }
    dump_range("window", shared.description->window[window].name, start, end);
}

void shared_dump(void)
{
    for (unsigned i = 0; shared.description && i < shared.description->windows; i++) {
        dump_one(i);
    }
}
