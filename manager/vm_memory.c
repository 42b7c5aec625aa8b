/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <bulkhead/slots.h>

#include "archive.h"
#include "log.h"
#include "shared.h"
#include "vm.h"
#include "window.h"

#define BLOB_GAP (UINT64_C(1) << seL4_LargePageBits)
#define PAGE     (UINT64_C(1) << seL4_PageBits)
#define HUGE     (UINT64_C(1) << seL4_HugePageBits)
#define CACHED   (seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever)

unsigned vm_realm_bits(const struct vm_config *config)
{
    uint64_t slots = bh_slots_vm(config->cpus) + shared_slots(config);

    for (unsigned i = 0; i < config->banks; i++) {
        slots += bh_slots_bank(config->bank[i].size);
    }
    return bh_slots_bits(slots);
}

/* --- RAM ------------------------------------------------------------------------------------ */

/* The kernel does not clear memory that it takes for a device. */
static bool clear(seL4_CPtr frame, unsigned page_bits)
{
    uint64_t size = UINT64_C(1) << page_bits;
    void *window = window_open(frame, page_bits);

    if (!window) {
        return false;
    }
    memset(window, 0, size);
    return log_ok("cleaning the caches", seL4_ARM_Page_CleanInvalidate_Data(frame, 0, size));
}

static bool map_ram(struct vm *vm, seL4_CPtr frame, unsigned page_bits,
                    const struct bh_start_bank *at)
{
    seL4_CPtr copy = cspace_copy(&vm->realm.node, frame, seL4_ReadWrite, 0);

    return copy != 0 &&
           realm_map_page(&vm->realm, vm->guest, frame, page_bits, at->ipa, seL4_ReadWrite,
                          seL4_ARM_Default_VMAttributes) &&
           realm_map_page(&vm->realm, vm->vmm.vspace, copy, page_bits, at->vaddr, seL4_ReadWrite,
                          CACHED);
}

/* Add a block at the addresses that `at` says. */
static bool add_block(struct vm *vm, const struct ut_block *block, struct bh_start_bank at)
{
    bool huge = block->bits >= seL4_HugePageBits && at.ipa % HUGE == 0 && at.vaddr % HUGE == 0;
    unsigned page_bits = huge ? seL4_HugePageBits : seL4_LargePageBits;
    seL4_Word count = UINT64_C(1) << (block->bits - page_bits);
    seL4_Word first = realm_frames(&vm->realm, block, page_bits);

    if (first == 0) {
        return false;
    }
    for (seL4_Word i = 0; i < count && block->kind == UT_DEVICE_RAM; i++) {
        if (!clear(cspace_pointer(&vm->realm.node, first + i), page_bits)) {
            return false;
        }
    }
    window_close_all();
    for (seL4_Word i = 0; i < count; i++) {
        if (!map_ram(vm, cspace_pointer(&vm->realm.node, first + i), page_bits, &at)) {
            return false;
        }
        at.ipa += UINT64_C(1) << page_bits;
        at.vaddr += UINT64_C(1) << page_bits;
    }
    return true;
}

/*
 * One bank, contiguous for the guest, from blocks that lie anywhere. They are taken from the
 * largest down, so that in a bank that begins on a multiple of 1 GiB each one's place is a multiple
 * of its size and it can be mapped by the largest pages it holds. RAM that the kernel keeps out of
 * comes first: kernel objects cannot be made from it, and it is cleared here, where everyone can
 * interrupt it, and not under the kernel's lock.
 */
static bool add_bank(struct vm *vm, const struct bh_start_bank *bank)
{
    static const enum ut_kind kinds[] = {UT_DEVICE_RAM, UT_RAM};
    uint64_t offset = 0;

    for (unsigned bits = 63 - (unsigned)__builtin_clzll(bank->size); bits >= seL4_LargePageBits;) {
        struct ut_block *block = NULL;

        for (unsigned k = 0; k < 2 && !block && bank->size - offset >= UINT64_C(1) << bits; k++) {
            block = budget_block(&vm->realm.budget, kinds[k], bits);
        }
        if (!block) {
            bits--;
            continue;
        }
        if (!add_block(
                vm, block,
                (struct bh_start_bank){.ipa = bank->ipa + offset, .vaddr = bank->vaddr + offset})) {
            return false;
        }
        offset += UINT64_C(1) << bits;
    }
    if (offset < bank->size) {
        log_line("vm %s: %llu MiB RAM wanted, %llu MiB free", vm->config->name,
                 (unsigned long long)(bank->size >> 20),
                 (unsigned long long)((offset + memory_free_bytes()) >> 20));
    }
    return offset == bank->size;
}

bool vm_add_ram(struct vm *vm)
{
    struct bh_start_vmm *start = &vm->vmm.start.vmm;
    uint64_t vaddr = DOMAIN_RAM;

    for (unsigned i = 0; i < vm->config->banks; i++) {
        const struct vm_bank *bank = &vm->config->bank[i];

        /* Like the guest's address as to 1 GiB, so that the same pages fit in both. */
        vaddr = ((vaddr + HUGE - 1) & ~(HUGE - 1)) + bank->ipa % HUGE;
        start->ram[i] = (struct bh_start_bank){.ipa = bank->ipa,
                                               .vaddr = vaddr,
                                               .size = bank->size,
                                               .flags = bank->hidden ? BH_BANK_HIDDEN : 0};
        if (!add_bank(vm, &start->ram[i])) {
            return false;
        }
        start->ram_banks = i + 1;
        vaddr += bank->size;
    }
    return shared_map(vm);
}

/* --- files ---------------------------------------------------------------------------------- */

static bool find(struct vm *vm, const char *name, struct archive_file *file)
{
    *file = (struct archive_file){0};
    if (name[0] == '\0' || archive_find(name, file)) {
        return true;
    }
    log_line("vm %s: the archive has no %s", vm->config->name, name);
    return false;
}

static bool map_file(struct vm *vm, const struct archive_file *file, uint64_t *vaddr,
                     struct bh_start_window *window)
{
    if (file->size == 0) {
        return true;
    }
    *window = (struct bh_start_window){*vaddr, file->size};
    for (uint64_t offset = 0; offset < file->size; offset += PAGE) {
        seL4_CPtr frame = archive_frame((const uint8_t *)file->bytes + offset);
        seL4_CPtr copy = frame ? cspace_copy(&vm->load.node, frame, seL4_CanRead, 0) : 0;

        if (copy == 0 ||
            !realm_map(&vm->load, vm->vmm.vspace, copy, *vaddr + offset, seL4_CanRead, CACHED)) {
            return false;
        }
    }
    *vaddr = (*vaddr + file->size + 2 * BLOB_GAP - 1) & ~(BLOB_GAP - 1);
    return true;
}

bool vm_add_files(struct vm *vm)
{
    struct bh_start_vmm *start = &vm->vmm.start.vmm;
    struct archive_file kernel;
    struct archive_file initrd;
    struct archive_file overlay;
    uint64_t vaddr = DOMAIN_BLOBS;

    if (!find(vm, vm->config->kernel, &kernel) || !find(vm, vm->config->initrd, &initrd) ||
        !find(vm, vm->config->overlay, &overlay)) {
        return false;
    }
    uint64_t bytes = kernel.size + initrd.size + overlay.size;

    if (!realm_create(&vm->load, bh_slots_bits(bh_slots_files(bytes)))) {
        return false;
    }
    vm->loading = true;
    return map_file(vm, &kernel, &vaddr, &start->kernel) &&
           map_file(vm, &initrd, &vaddr, &start->initrd) &&
           map_file(vm, &overlay, &vaddr, &start->overlay);
}
