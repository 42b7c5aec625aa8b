/* SPDX-License-Identifier: BSD-2-Clause */
#include "layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define PAGE  UINT64_C(0x1000)
#define LARGE UINT64_C(0x200000)

/* --- windows of the system ------------------------------------------------------------------- */

static bool read_window(struct arena *arena, struct system *system, const struct dts_node *node)
{
    struct window *window = &system->window[system->windows];

    if (!system_name(node, "window")) {
        return false;
    }
    if (system->windows == SYSTEM_MAX_WINDOWS) {
        return report_node(node, "this is window number %u; a system has %u at most",
                           SYSTEM_MAX_WINDOWS + 1, SYSTEM_MAX_WINDOWS);
    }
    *window = (struct window){.node = node, .name = node->name};
    system->windows++;
    return schema_read(arena, node, &schema_window, window);
}

bool layout_windows(struct arena *arena, struct system *system)
{
    const struct dts_node *node = dts_child(system->root, "windows");

    if (node == NULL) {
        return true;
    }
    if (!schema_read(arena, node, &schema_windows, system)) {
        return false;
    }
    for (node = node->children; node != NULL; node = node->next) {
        if (!read_window(arena, system, node)) {
            return false;
        }
    }
    return true;
}

uint64_t layout_shared(const struct system *system)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < system->windows; i++) {
        sum += system->window[i].size;
    }
    return sum;
}

/* --- one VM ---------------------------------------------------------------------------------- */

/* The unit address of `node`. */
static bool read_address(const struct dts_node *node, uint64_t align, uint64_t *address)
{
    const char *text = strchr(node->name, '@') + 1;
    size_t digits = strspn(text, "0123456789abcdef");

    if (digits == 0 || digits > 15 || text[digits] != '\0') {
        return report_node(node,
                           "\"%s\" is no address; write it in hexadecimal without 0x, such as "
                           "%.*s40000000",
                           text, (int)(text - node->name), node->name);
    }
    *address = strtoull(text, NULL, 16);
    if (*address % align != 0) {
        return report_node(node, "the address 0x%s is no multiple of 0x%" PRIx64 "; move it", text,
                           align);
    }
    return true;
}

static bool check_range(const struct dts_node *node, uint64_t base, uint64_t size)
{
    if (base >= BH_GUEST_MEMORY_BASE && base < BH_GUEST_MEMORY_END &&
        size <= BH_GUEST_MEMORY_END - base) {
        return true;
    }
    return report_node(node,
                       "0x%" PRIx64 " to 0x%" PRIx64
                       " is not all in the room for memory, 0x%" PRIx64 " to 0x%" PRIx64
                       "; the rest is for devices; move it",
                       base, base + size - 1, BH_GUEST_MEMORY_BASE, BH_GUEST_MEMORY_END - 1);
}

/* Another bank or window in [base, base + size), or NULL. */
static const struct dts_node *occupant(const struct system *system, const struct vm *vm,
                                       uint64_t base, uint64_t size)
{
    for (uint32_t i = 0; i < vm->banks; i++) {
        if (base < vm->bank[i].base + vm->bank[i].size && vm->bank[i].base < base + size) {
            return vm->bank[i].node;
        }
    }
    for (uint32_t i = 0; i < vm->shares; i++) {
        const struct vm_share *share = &vm->share[i];

        if (base < share->base + system->window[share->window].size && share->base < base + size) {
            return share->node;
        }
    }
    return NULL;
}

static bool check_place(const struct system *system, const struct vm *vm,
                        const struct dts_node *node, uint64_t base, uint64_t size)
{
    const struct dts_node *other;

    if (!check_range(node, base, size)) {
        return false;
    }
    other = occupant(system, vm, base, size);
    if (other == NULL) {
        return true;
    }
    return report_node(node, "0x%" PRIx64 " to 0x%" PRIx64 " overlaps %s; move one of them", base,
                       base + size - 1,
                       other == vm->node ? "the RAM of \"memory\" at 0x40000000" : other->name);
}

/* The banks a guest is told of come first, the rest after them; both by address. */
static void insert_bank(struct vm *vm, const struct vm_bank *bank)
{
    uint32_t at = vm->banks++;

    while (at > 0 &&
           (vm->bank[at - 1].hidden > bank->hidden ||
            (vm->bank[at - 1].hidden == bank->hidden && vm->bank[at - 1].base > bank->base))) {
        vm->bank[at] = vm->bank[at - 1];
        at--;
    }
    vm->bank[at] = *bank;
}

static bool read_bank(struct arena *arena, const struct system *system, struct vm *vm,
                      const struct dts_node *node)
{
    struct vm_bank bank = {.node = node};

    if (vm->banks == BH_MAX_RAM_BANKS) {
        return report_node(node, "this is bank number %u; a VM has %u at most",
                           BH_MAX_RAM_BANKS + 1, BH_MAX_RAM_BANKS);
    }
    if (!schema_read(arena, node, &schema_bank, &bank) || !read_address(node, LARGE, &bank.base) ||
        !check_place(system, vm, node, bank.base, bank.size)) {
        return false;
    }
    insert_bank(vm, &bank);
    vm->memory += bank.size;
    return true;
}

static bool find_window(const struct system *system, struct vm_share *share)
{
    for (uint32_t i = 0; i < system->windows; i++) {
        const struct dts_property *phandle = dts_property(system->window[i].node, "phandle");

        if (phandle != NULL && phandle->values != NULL && phandle->values->cell == share->phandle) {
            share->window = i;
            return true;
        }
    }
    return report_property(
        share->node, "window",
        "\"window\" does not refer to a window; write <&LABEL> with the label of "
        "a node in /windows");
}

static bool read_share(struct arena *arena, struct system *system, struct vm *vm,
                       const struct dts_node *node)
{
    struct vm_share share = {.node = node};
    struct window *window;

    if (vm->shares == BH_MAX_WINDOWS) {
        return report_node(node, "this is window number %u; a VM has %u at most",
                           BH_MAX_WINDOWS + 1, BH_MAX_WINDOWS);
    }
    if (!schema_read(arena, node, &schema_share, &share) || !find_window(system, &share) ||
        !read_address(node, PAGE, &share.base)) {
        return false;
    }
    for (uint32_t i = 0; i < vm->shares; i++) {
        if (vm->share[i].window == share.window) {
            return report_node(node, "the VM has this window already, as %s; remove one of them",
                               vm->share[i].node->name);
        }
    }
    window = &system->window[share.window];
    if (!check_place(system, vm, node, share.base, window->size)) {
        return false;
    }
    window->users++;
    window->written |= share.writable;
    vm->share[vm->shares++] = share;
    return true;
}

static bool read_banks(struct arena *arena, const struct system *system, struct vm *vm)
{
    if (vm->memory > 0) {
        vm->bank[vm->banks++] =
            (struct vm_bank){.node = vm->node, .base = BH_GUEST_MEMORY_BASE, .size = vm->memory};
    }
    for (const struct dts_node *node = vm->node->children; node != NULL; node = node->next) {
        if (!schema_is_node(node->name, "ram")) {
            continue;
        }
        if (vm->banks > 0 && vm->bank[0].node == vm->node) {
            return report_property(vm->node, "memory",
                                   "the VM has \"memory\" and %s; remove one of them", node->name);
        }
        if (!read_bank(arena, system, vm, node)) {
            return false;
        }
    }
    if (vm->banks == 0) {
        return report_node(vm->node, "property \"memory\" is missing; add memory = \"512M\";");
    }
    return !vm->bank[0].hidden ||
           report_node(vm->bank[0].node, "all RAM of the VM is hidden; show one bank at least");
}

bool layout_read(struct arena *arena, struct system *system, struct vm *vm)
{
    if (!read_banks(arena, system, vm)) {
        return false;
    }
    for (const struct dts_node *node = vm->node->children; node != NULL; node = node->next) {
        if (schema_is_node(node->name, "window") && !read_share(arena, system, vm, node)) {
            return false;
        }
    }
    return true;
}

/* --- all VMs --------------------------------------------------------------------------------- */

bool layout_check(const struct system *system)
{
    for (uint32_t i = 0; i < system->windows; i++) {
        const struct window *window = &system->window[i];

        if (window->users < 2) {
            return report_node(
                window->node,
                "the window is used by %s; a window connects two VMs or more: use it "
                "in another one, or remove it",
                window->users == 0 ? "no VM" : "one VM only");
        }
        if (!window->written) {
            return report_node(window->node,
                               "no VM may write into the window; add \"writable\" in one of them");
        }
    }
    return true;
}
