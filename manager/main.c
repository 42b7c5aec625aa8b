/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The root task: takes over the machine, starts the servers, builds the VMs of the description and
 * watches them until none is left.
 */
#include <bulkhead/crt.h>
#include <bulkhead/schedule.h>
#include <bulkhead/time.h>

#include "archive.h"
#include "clock.h"
#include "dump.h"
#include "event.h"
#include "log.h"
#include "memory.h"
#include "monitor.h"
#include "power.h"
#include "servers.h"
#include "shared.h"
#include "vm.h"

static struct {
    struct board board;
    struct description description;
    struct vm_host host;
    struct vm vm[DESCRIPTION_MAX_VMS];
} system;

/* --- start ---------------------------------------------------------------------------------- */

/* The devicetree among the kernel's extra information; NULL if there is none. */
static const void *find_devicetree(const seL4_BootInfo *info, size_t *size)
{
    const uint8_t *extra = (const uint8_t *)info + seL4_BootInfoFrameSize;

    for (seL4_Word at = 0; at + sizeof(seL4_BootInfoHeader) <= info->extraLen;) {
        const seL4_BootInfoHeader *header = (const void *)(extra + at);

        if (header->len < sizeof(*header) || header->len > info->extraLen - at) {
            break;
        }
        if (header->id == SEL4_BOOTINFO_HEADER_FDT) {
            *size = header->len - sizeof(*header);
            return header + 1;
        }
        at += header->len;
    }
    return NULL;
}

static _Noreturn void give_up(const char *text)
{
    log_line("%s", text);
    power_off();
}

static unsigned cores(const seL4_BootInfo *info)
{
    unsigned count = (unsigned)(info->schedcontrol.end - info->schedcontrol.start);

    return count < BH_MAX_CORES ? count : BH_MAX_CORES;
}

static void read_description(const seL4_BootInfo *info)
{
    struct archive_file file;
    struct description_error error;

    if (!archive_init(info)) {
        give_up("the image has no valid archive");
    }
    if (!archive_find("system.dtb", &file)) {
        give_up("the archive has no system.dtb");
    }
    if (!description_read(file.bytes, file.size, cores(info), &system.description, &error)) {
        log_line("system.dtb: %s: %s", error.node, error.text);
        give_up("the system description is not valid");
    }
}

/* Frames that guests get of the interrupt controller. */
static void take_gic(void)
{
    const uint64_t gicv = system.board.gicv;

    if (system.board.gic_version != 2) {
        return;
    }
    system.host.gicv = memory_device_frame(gicv);
    system.host.gicv_high = memory_device_frame(gicv + (UINT64_C(1) << seL4_PageBits));
    if (system.host.gicv == 0 || system.host.gicv_high == 0) {
        give_up("the GIC's virtual CPU interface is not to be had");
    }
}

/* Number the VMM threads as clients of their core's timer. */
static void number_timer_clients(void)
{
    unsigned used[BH_MAX_CORES] = {0};

    for (unsigned i = 0; i < system.description.vms; i++) {
        struct vm *vm = &system.vm[i];

        for (unsigned n = 0; n < vm->config->cpus; n++) {
            vm->vcpu[n].timer_client = used[vm->vcpu[n].core]++;
        }
    }
    for (unsigned core = 0; core < BH_MAX_CORES; core++) {
        if (used[core] > BH_TIMER_MAX_CLIENTS) {
            give_up("too many vCPUs on one core");
        }
    }
}

static void start_machine(const seL4_BootInfo *info)
{
    size_t size = 0;
    const void *blob = find_devicetree(info, &size);
    const char *missing = board_read(blob, size, &system.board);

    system.host = (struct vm_host){.info = info, .board = &system.board};
    if (!memory_init(info, &system.board) || !event_init() ||
        !servers_early_console(&system.board)) {
        power_off(); /* there is nothing to say it on */
    }
    if (missing) {
        give_up(missing);
    }
    log_line("%u core%s, GICv%u, %llu MiB free", cores(info), cores(info) == 1 ? "" : "s",
             system.board.gic_version, (unsigned long long)(memory_free_bytes() >> 20));
    read_description(info);
    if (system.description.dump_capabilities) {
        memory_account();
    }
    take_gic();
    system.host.clock = clock_read(&system.board);
}

static void start_vms(void)
{
    unsigned count = system.description.vms;

    for (unsigned i = 0; i < count; i++) {
        vm_init(&system.vm[i], i, &system.description.vm[i], bh_tick_hz());
    }
    number_timer_clients();
    for (unsigned i = 0; i < count; i++) {
        vm_event(&system.vm[i], &system.host, LIFE_START);
    }
}

/* With several VMs, building one again must not keep the others on this core from running. */
static void bound_own_time(const seL4_BootInfo *info, uint64_t budget_us)
{
    if (system.description.vms > 1) {
        log_ok("bounding the manager's time",
               seL4_SchedControl_ConfigureFlags(
                   info->schedcontrol.start + BH_MANAGER_CORE, seL4_CapInitThreadSC, budget_us,
                   BH_MANAGER_PERIOD_US, 0, 0, seL4_SchedContext_NoFlag));
    }
}

/* --- watching ------------------------------------------------------------------------------- */

static bool all_over(void)
{
    for (unsigned i = 0; i < system.description.vms; i++) {
        if (!life_over(&system.vm[i].life)) {
            return false;
        }
    }
    return true;
}

/* Once, when no VM is on its way up any more. */
static void dump_when_due(void)
{
    for (unsigned i = 0; i < system.description.vms; i++) {
        if (system.vm[i].life.state == LIFE_STARTING) {
            return;
        }
    }
    if (system.description.dump_capabilities) {
        system.description.dump_capabilities = false;
        dump_frames(system.vm, system.description.vms, &system.board);
    }
}

static void server_fault(const struct event *event)
{
    if (event_who(event) == EVENT_CONSOLE_SERVER) {
        servers_restart_console(event);
    } else {
        servers_report_timer_fault(event);
    }
}

static void handle(const struct event *event)
{
    if (!event_is_signal(event)) {
        if (event_who(event) < system.description.vms) {
            vm_message(&system.vm[event_who(event)], &system.host, event);
        } else {
            server_fault(event);
        }
        return;
    }
    for (unsigned i = 0; i < system.description.vms; i++) {
        if (event->badge & (UINT64_C(1) << i)) {
            vm_ready(&system.vm[i], &system.host);
        }
    }
    /* Last: it may put another VMM in the place of one that has said it is ready. */
    if (event->badge & EVENT_CONSOLE) {
        monitor_input(system.vm, system.description.vms, &system.host);
    }
}

void bh_root_main(seL4_BootInfo *info)
{
    struct event event;

    start_machine(info);
    if (!servers_start_console(info, &system.board, &system.description)) {
        give_up("the console server cannot be started");
    }
    if (!servers_start_timer(info, &system.board)) {
        give_up("the timer server cannot be started");
    }
    if (!shared_create(&system.description)) {
        give_up("the windows cannot be made");
    }
    start_vms();
    bound_own_time(info, BH_MANAGER_BUDGET_US);
    while (!all_over()) {
        event_wait(&event);
        handle(&event);
        dump_when_due();
        log_flush();
    }
    log_line("no VM is left, switching off");
    bound_own_time(info, BH_MANAGER_PERIOD_US);
    power_off();
}
