/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan.h"

#include <stdbool.h>

#define PAGE      UINT64_C(4096)
#define PAGE_MASK (PAGE - 1)

/* Blocks of the kernel window: virtual and physical address must be congruent. */
#define WINDOW_BLOCK UINT64_C(0x200000)

static bool disjoint(struct range a, struct range b)
{
    return a.end <= b.start || b.end <= a.start;
}

static bool part_fits(uint64_t offset, uint64_t size, uint64_t space)
{
    return offset % PAGE == 0 && offset >= sizeof(struct bh_payload) && size > 0 &&
           offset <= space && size <= space - offset;
}

const char *plan_check_payload(const struct bh_payload *payload, uint64_t space)
{
    if (space < sizeof(*payload) || payload->magic != BH_PAYLOAD_MAGIC) {
        return "no payload follows the loader";
    }
    if (payload->version != BH_PAYLOAD_VERSION) {
        return "the payload is of another version";
    }
    if (!part_fits(payload->kernel_offset, payload->kernel_size, space) ||
        !part_fits(payload->user_offset, payload->user_size, space) ||
        payload->user_size % PAGE != 0) {
        return "the payload's parts lie outside the boot image";
    }
    if (payload->user_vaddr % PAGE != 0 ||
        payload->user_vaddr + payload->user_size < payload->user_vaddr ||
        payload->user_entry < payload->user_vaddr ||
        payload->user_entry >= payload->user_vaddr + payload->user_size) {
        return "the user image's addresses make no sense";
    }
    return NULL;
}

static uint64_t page_up(uint64_t address)
{
    return (address + PAGE_MASK) & ~PAGE_MASK;
}

/* Segments ascend and are disjoint in virtual addresses; at one offset they are so physically. */
static const char *place_kernel(const struct bh_elf *kernel, struct plan *plan)
{
    const struct bh_elf_segment *first = &kernel->segment[0];
    const struct bh_elf_segment *last = &kernel->segment[kernel->segments - 1];
    bool entry_found = false;

    plan->offset = first->vaddr - first->paddr;
    for (uint32_t i = 0; i < kernel->segments; i++) {
        const struct bh_elf_segment *segment = &kernel->segment[i];
        if (segment->vaddr - segment->paddr != plan->offset) {
            return "the kernel's segments are not at one offset from their physical addresses";
        }
        entry_found |= (segment->flags & BH_ELF_EXECUTE) != 0 && kernel->entry >= segment->vaddr &&
                       kernel->entry - segment->vaddr < segment->memory_size;
    }
    if (!entry_found) {
        return "the kernel's entry point is not in executable memory";
    }
    if (plan->offset % WINDOW_BLOCK != 0 || first->paddr % PAGE != 0) {
        return "the kernel's addresses are not aligned";
    }
    plan->kernel = (struct range){first->paddr, page_up(last->paddr + last->memory_size)};
    return plan->kernel.end > plan->kernel.start ? NULL : "the kernel's addresses wrap around";
}

static bool in_ram(const struct plan_input *in, struct range wanted)
{
    for (unsigned i = 0; i < in->banks; i++) {
        if (wanted.start >= in->bank[i].start && wanted.end <= in->bank[i].end) {
            return true;
        }
    }
    return false;
}

const char *plan_layout(const struct plan_input *in, struct plan *plan)
{
    const struct bh_payload *payload = in->payload;
    const char *problem = place_kernel(in->kernel, plan);

    if (problem) {
        return problem;
    }
    plan->fdt = plan->kernel.end;
    plan->user.start = page_up(plan->fdt + in->fdt_size);
    plan->user.end = plan->user.start + payload->user_size;
    if (plan->user.start < plan->kernel.end || plan->user.end < plan->user.start ||
        !in_ram(in, (struct range){plan->kernel.start, plan->user.end})) {
        return "there is no room in RAM for the user image behind the kernel's place";
    }

    /* Kernel and devicetree go to places that are free once the user image has moved; it must
     * not land on the loader or on the kernel's file, which are still needed then. */
    struct range file = {in->loader.end + payload->kernel_offset,
                         in->loader.end + payload->kernel_offset + payload->kernel_size};
    struct range header = {in->loader.end, in->loader.end + sizeof(*payload)};
    struct range wanted = {plan->kernel.start, plan->user.end};
    if (!disjoint(wanted, in->loader) || !disjoint(wanted, header) || !disjoint(wanted, file)) {
        return "the boot image was loaded where the kernel belongs; load it elsewhere";
    }
    return NULL;
}
