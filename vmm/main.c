/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VMM program: start block in, machine out. Thread 0 builds the machine before the other
 * threads start; from then on thread n runs vCPU n.
 */
#include <bulkhead/crt.h>

#include "arch/aarch64/board.h"
#include "arch/aarch64/exit.h"
#include "core/host.h"
#include "host/sel4/sel4_host.h"

static struct board board;

_Static_assert(GUEST_MEMORY_BANKS >= BH_MAX_RAM_BANKS, "room for all banks");
_Static_assert(GUEST_MEMORY_WINDOWS >= BH_MAX_WINDOWS, "room for all windows");

static struct boot_blob blob(const struct bh_start_window *window)
{
    return (struct boot_blob){(const uint8_t *)window->vaddr, window->size};
}

/* False if the manager's description of memory makes no sense. */
static bool read_start(const struct bh_start *start, struct board_config *config)
{
    const struct bh_start_vmm *vmm = &start->vmm;
    *config = (struct board_config){
        .vcpus = vmm->vcpus,
        .gic_version = start->gic_version,
        .tick_hz = start->tick_hz,
        .clock = vmm->clock,
        .kernel = blob(&vmm->kernel),
        .initrd = blob(&vmm->initrd),
        .overlay = blob(&vmm->overlay),
        .bootargs = vmm->bootargs,
        .console = backend_host_console,
    };
    for (unsigned i = 0; i < vmm->ram_banks && i < BH_MAX_RAM_BANKS; i++) {
        if (!guest_memory_add(&config->memory, vmm->ram[i].ipa, vmm->ram[i].size,
                              (void *)vmm->ram[i].vaddr)) {
            return false;
        }
        config->memory.bank[i].hidden = (vmm->ram[i].flags & BH_BANK_HIDDEN) != 0;
    }
    for (unsigned i = 0; i < vmm->shared_count && i < BH_MAX_WINDOWS; i++) {
        const struct bh_start_shared *shared = &vmm->shared[i];
        config->window[config->windows++] = (struct guest_window){
            .name = shared->name,
            .base = shared->ipa,
            .size = shared->size,
            .writable = (shared->flags & BH_SHARED_WRITABLE) != 0,
        };
    }
    return true;
}

static void build(const struct bh_start *start)
{
    struct board_config config;
    bool sane = read_start(start, &config);
    vm_init(&board.vm, config.vcpus, config.tick_hz, (struct bh_stats *)start->vmm.stats.vaddr);
    host_sel4_attach(&board.vm, start);
    if (!sane) {
        host_fail("the VM's memory banks make no sense");
    }
    if (!board_init(&board, &config) || !board_load(&board, &config)) {
        host_fail(board.layout.error);
    }
    board.vm.vcpu[0].start_entry = board.layout.entry;
    board.vm.vcpu[0].start_argument = board.layout.devicetree;
    board.vm.vcpu[0].power = VCPU_STARTING;
}

/* Apart from the set-up, so that the compiler has the registers for it. */
static __attribute__((noinline)) _Noreturn void run(struct vcpu *vcpu)
{
    for (;;) {
        vcpu_run(vcpu);
    }
}

void bh_main(const struct bh_start *start, unsigned index)
{
    if (index == 0) {
        build(start);
    }
    struct vcpu *vcpu = &board.vm.vcpu[index];
    host_sel4_enter_thread(vcpu);
    stats_begin(vcpu);
    exit_wait_for_start(vcpu);
    run(vcpu);
}
