/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

#include <bulkhead/elf.h>

#include "mmu.h"
#include "plan.h"

#define PAGE UINT64_C(4096)

const char *kernel_check(struct arena *arena, const struct board *board,
                         const struct image_parts *parts)
{
    static struct mmu_tables tables; /* aligned, and all zero */
    const struct range ram = {board->ram, board->ram + board->memory};
    const struct bh_payload payload = {
        .kernel_offset = PAGE, .kernel_size = parts->kernel.size, .user_size = parts->user.size};
    struct bh_elf kernel;
    const struct plan_input in = {
        .loader = {board->load_address, board->load_address + align_up(parts->loader.size, PAGE)},
        .payload = &payload,
        .kernel = &kernel,
        .fdt_size = PLAN_FDT_MAX,
        .bank = &ram,
        .banks = 1,
    };
    struct plan plan;
    const char *wrong;
    enum bh_elf_result result =
        bh_elf_open(&kernel, parts->kernel.data, parts->kernel.size, BH_ELF_MACHINE_AARCH64);

    if (result != BH_ELF_OK) {
        return arena_printf(arena, "it %s", bh_elf_result_text(result));
    }
    wrong = plan_layout(&in, &plan);
    if (wrong == NULL &&
        !mmu_add_window(&tables, plan.kernel.start, plan.kernel.end, plan.offset)) {
        wrong = "the kernel's virtual addresses are not in one gigabyte above the identity map";
    }
    return wrong;
}
