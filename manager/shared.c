/* SPDX-License-Identifier: BSD-2-Clause */
#include "shared.h"

#include <stdio.h>

#include <bulkhead/slots.h>

#include "log.h"
#include "vm.h"

#define PAGE  (UINT64_C(1) << seL4_PageBits)
#define LARGE (UINT64_C(1) << seL4_LargePageBits)

/* The pages of a window, in one row of slots: those of 2 MiB first. */
struct window_pages {
    seL4_Word first;
    uint64_t large;
    uint64_t small;
};

/* One of them. */
struct window_page {
    seL4_CPtr frame;
    uint64_t offset; /* in the window, bytes */
    unsigned bits;
};

static struct {
    const struct description *description;
    struct realm realm;
    struct window_pages window[DESCRIPTION_MAX_WINDOWS];
} shared;

static struct window_page page_at(const struct window_pages *pages, uint64_t i)
{
    seL4_CPtr frame = cspace_pointer(&shared.realm.node, pages->first + i);

    if (i < pages->large) {
        return (struct window_page){frame, i * LARGE, seL4_LargePageBits};
    }
    return (struct window_page){frame, pages->large * LARGE + (i - pages->large) * PAGE,
                                seL4_PageBits};
}

/* Large pages fit only if every VM sees the window at a multiple of their size. */
static bool may_be_large(unsigned window)
{
    for (unsigned v = 0; v < shared.description->vms; v++) {
        const struct vm_config *config = &shared.description->vm[v];

        for (unsigned i = 0; i < config->shares; i++) {
            if (config->share[i].window == window && config->share[i].ipa % LARGE != 0) {
                return false;
            }
        }
    }
    return true;
}

/* Pages from blocks as large as there are, from the largest down, so that the place of each in the
 * window is a multiple of its size; slots are handed out in a row. */
static bool take_pages(unsigned window)
{
    struct window_pages *pages = &shared.window[window];
    uint64_t left = shared.description->window[window].size;
    bool large = may_be_large(window);

    *pages = (struct window_pages){.first = shared.realm.node.next};
    for (unsigned bits = 63 - (unsigned)__builtin_clzll(left); left > 0 && bits >= seL4_PageBits;) {
        struct ut_block *block =
            left >= UINT64_C(1) << bits ? budget_block(&shared.realm.budget, UT_RAM, bits) : NULL;

        if (!block) {
            bits--;
            continue;
        }
        bool big = large && bits >= seL4_LargePageBits;
        unsigned page_bits = big ? seL4_LargePageBits : seL4_PageBits;

        if (realm_frames(&shared.realm, block, page_bits) == 0) {
            return false;
        }
        *(big ? &pages->large : &pages->small) += UINT64_C(1) << (bits - page_bits);
        left -= UINT64_C(1) << bits;
    }
    return left == 0;
}

bool shared_create(const struct description *description)
{
    uint64_t bytes = 0;

    shared.description = description;
    if (description->windows == 0) {
        return true;
    }
    for (unsigned i = 0; i < description->windows; i++) {
        bytes += description->window[i].size;
    }
    if (!realm_create(&shared.realm, bh_slots_bits(bh_slots_windows(bytes)))) {
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
        const struct window_pages *pages = &shared.window[config->share[i].window];

        slots += bh_slots_share(pages->large, pages->small);
    }
    return slots;
}

static bool map_one(struct vm *vm, const struct vm_share *share)
{
    const struct window_pages *pages = &shared.window[share->window];
    seL4_CapRights_t rights = share->writable ? seL4_ReadWrite : seL4_CanRead;

    for (uint64_t i = 0; i < pages->large + pages->small; i++) {
        struct window_page page = page_at(pages, i);
        seL4_CPtr copy = cspace_copy(&vm->realm.node, page.frame, rights, 0);

        if (copy == 0 ||
            !realm_map_page(&vm->realm, vm->guest, copy, page.bits, share->ipa + page.offset,
                            rights, seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)) {
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

static void each_range(unsigned window, void (*tell)(const char *what, const char *name,
                                                     uint64_t base, uint64_t end))
{
    const char *name = shared.description->window[window].name;
    const struct window_pages *pages = &shared.window[window];
    uint64_t start = 0, end = 0;

    for (uint64_t i = 0; i < pages->large + pages->small; i++) {
        struct window_page page = page_at(pages, i);
        uint64_t address = seL4_ARM_Page_GetAddress(page.frame).paddr;

        if (address != end) {
            if (end != 0) {
                tell("window", name, start, end);
            }
            start = address;
        }
        end = address + (UINT64_C(1) << page.bits);
    }
    tell("window", name, start, end);
}

void shared_each_range(void (*tell)(const char *what, const char *name, uint64_t base,
                                    uint64_t end))
{
    for (unsigned i = 0; shared.description && i < shared.description->windows; i++) {
        each_range(i, tell);
    }
}
