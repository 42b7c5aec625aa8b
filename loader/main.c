/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the boot image in memory to a running kernel. Nothing here knows which kernel it is.
 *
 * The interrupt controller is left as it is: EL2 is non-secure, where interrupt groups are out of
 * reach or, without security extensions, right as reset leaves them.
 */
#include "boot.h"
#include "facts.h"
#include "plan.h"
#include "uart.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

static struct {
    /* The devicetree is copied away first: its old place may be where the kernel belongs. */
    _Alignas(8) uint8_t fdt[PLAN_FDT_MAX];
    struct facts facts;
    struct bh_elf kernel;
    struct plan plan;
    struct boot_handoff handoff;
} boot;

_Noreturn static void stop(const char *problem)
{
    uart_line("%s; stopped", problem);
    arch_halt();
}

_Noreturn void abort(void)
{
    stop("internal error");
}

/* QEMU leaves the devicetree in a megabyte of its own: pack it where it is before copying. */
static void take_fdt(void *fdt)
{
    if (!fdt || fdt_check_header(fdt) != 0 || fdt_totalsize(fdt) > BOOT_FDT_WINDOW) {
        arch_halt(); /* and nowhere to say so */
    }
    uart_init(facts_uart(fdt));
    fdt_pack(fdt); /* fails if blocks are out of order, which fdt_open_into mends */
    if (fdt_open_into(fdt, boot.fdt, sizeof(boot.fdt)) != 0 || fdt_pack(boot.fdt) != 0) {
        stop("the devicetree is damaged, or larger than 128 KiB");
    }
    if (fdt_check_full(boot.fdt, sizeof(boot.fdt)) != 0) {
        stop("the devicetree is damaged");
    }
}

static void check_payload(const struct bh_payload *payload)
{
    uint64_t image_end = (uint64_t)boot_image + boot_image_size;
    const char *problem = boot_image_size < (uint64_t)(boot_image_end - boot_image)
                              ? "the image size in the header was not filled in"
                              : plan_check_payload(payload, image_end - (uint64_t)payload);

    if (problem) {
        stop(problem);
    }
    const uint8_t *file = (const uint8_t *)payload + payload->kernel_offset;
    enum bh_elf_result result =
        bh_elf_open(&boot.kernel, file, payload->kernel_size, BH_ELF_MACHINE_AARCH64);
    if (result != BH_ELF_OK) {
        uart_line("the kernel file %s", bh_elf_result_text(result));
        stop("no kernel");
    }
}

static void lay_out(const struct bh_payload *payload)
{
    struct plan_input in = {
        .loader = {(uint64_t)boot_image, (uint64_t)boot_image_end},
        .payload = payload,
        .kernel = &boot.kernel,
        .fdt_size = fdt_totalsize(boot.fdt),
        .bank = boot.facts.bank,
        .banks = boot.facts.banks,
    };
    const char *problem = plan_layout(&in, &boot.plan);

    if (problem) {
        uart_line("kernel for 0x%lx..0x%lx, boot image at 0x%lx",
                  (unsigned long)boot.plan.kernel.start, (unsigned long)boot.plan.kernel.end,
                  (unsigned long)in.loader.start);
        for (unsigned i = 0; i < boot.facts.banks; i++) {
            uart_line("RAM at 0x%lx..0x%lx", (unsigned long)boot.facts.bank[i].start,
                      (unsigned long)boot.facts.bank[i].end);
        }
        stop(problem);
    }
}

/* In the order that plan_layout has vouched for. The header is not read any more afterwards. */
static void move_parts(const struct bh_payload *payload)
{
    const struct plan *plan = &boot.plan;
    const uint8_t *user = (const uint8_t *)payload + payload->user_offset;

    memmove((void *)plan->user.start, user, payload->user_size);
    for (uint32_t i = 0; i < boot.kernel.segments; i++) {
        const struct bh_elf_segment *segment = &boot.kernel.segment[i];
        uint8_t *to = (uint8_t *)segment->paddr;
        memcpy(to, segment->data, segment->file_size);
        memset(to + segment->file_size, 0, segment->memory_size - segment->file_size);
    }
    memcpy((void *)plan->fdt, boot.fdt, fdt_totalsize(boot.fdt));
    arch_publish(plan->kernel.start, plan->user.end);
}

static void check_core(unsigned number, uint64_t mpidr, int64_t result)
{
    if (result == 0) {
        return;
    }
    if (result == BOOT_CORE_SILENT) {
        uart_line("core %u (MPIDR 0x%lx) was started and does not arrive", number,
                  (unsigned long)mpidr);
    } else {
        uart_line("core %u (MPIDR 0x%lx) does not start: PSCI says %ld", number,
                  (unsigned long)mpidr, (long)result);
    }
    stop("a core is missing");
}

/* Cores are numbered from the one that runs here, then in the order of the devicetree. */
static void start_cores(uint32_t wanted)
{
    uint64_t self = arch_mpidr();
    unsigned started = 1;

    if (wanted == 0) {
        wanted = boot.facts.cpus;
    }
    for (unsigned i = 0; i < boot.facts.cpus && started < wanted; i++) {
        if (boot.facts.mpidr[i] == self) {
            continue;
        }
        if (boot.facts.psci == PSCI_NONE) {
            stop("the devicetree names no PSCI 0.2 or later, which starts the other cores");
        }
        check_core(started, boot.facts.mpidr[i],
                   arch_start_core(boot.facts.psci, boot.facts.mpidr[i], started));
        started++;
    }
    if (started < wanted) {
        uart_line("the kernel wants %u cores, the board has %u", wanted, started);
        stop("cores are missing");
    }
}

static void fill_handoff(const struct bh_payload *payload)
{
    const struct plan *plan = &boot.plan;

    boot.handoff = (struct boot_handoff){
        .user_start = plan->user.start,
        .user_end = plan->user.end,
        .user_offset = plan->user.start - payload->user_vaddr,
        .user_entry = payload->user_entry,
        .fdt = plan->fdt,
        .fdt_size = fdt_totalsize(boot.fdt),
        .kernel_entry = boot.kernel.entry,
    };
}

_Noreturn void boot_main(void *fdt)
{
    const struct bh_payload *payload = (const struct bh_payload *)boot_image_end;

    take_fdt(fdt);
    if (!arch_right_level()) {
        stop("entered at EL1, but a hypervisor needs EL2 (QEMU: -M virt,virtualization=on)");
    }
    const char *problem = facts_read(boot.fdt, &boot.facts);
    if (problem) {
        uart_line("in the devicetree %s", problem);
        stop("unusable devicetree");
    }
    if (!arch_map_final(&boot.facts)) {
        stop("too many separate pieces of RAM");
    }
    check_payload(payload);
    lay_out(payload);
    if (!arch_map_kernel(&boot.plan)) {
        stop("the kernel's virtual addresses are not in one gigabyte above the identity map");
    }
    fill_handoff(payload);
    uint32_t cores = payload->cores;
    move_parts(payload);
    arch_prepare_handoff(&boot.handoff);
    start_cores(cores);
    arch_enter_kernel(&boot.handoff, 0);
}
