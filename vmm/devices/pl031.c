/* SPDX-License-Identifier: BSD-2-Clause */
/* Section numbers are of Arm DDI 0224C. */
#include "devices/pl031.h"

#include "core/host.h"
#include "core/log.h"
#include "core/vm.h"
#include "devices/primecell.h"

/* Registers (3.3). */
#define DR   0x00u
#define MR   0x04u
#define LR   0x08u
#define CR   0x0cu
#define IMSC 0x10u
#define RIS  0x14u
#define MIS  0x18u
#define ICR  0x1cu

#define INT_MATCH 1u
#define CR_START  1u /* reads 1: once started the clock cannot be stopped (3.3.4) */

static uint64_t host_seconds(const struct pl031 *rtc)
{
    return rtc->vm->tick_hz == 0 ? 0 : host_now() / rtc->vm->tick_hz;
}

static uint32_t seconds(const struct pl031 *rtc)
{
    return (uint32_t)host_seconds(rtc) + rtc->offset;
}

static void update_irq(struct pl031 *rtc)
{
    irq_line_set(&rtc->irq, (rtc->ris & rtc->imsc) != 0);
}

/* Be woken for the match, if the guest wants the interrupt. */
static void set_alarm(struct pl031 *rtc)
{
    uint64_t hz = rtc->vm->tick_hz;
    if (rtc->imsc != 0 && hz != 0 && rtc->match_at < UINT64_MAX / hz) {
        vm_set_alarm(rtc->vm, rtc->match_at * hz);
    }
}

/* Wait for the match value (now: host_seconds()); one that is equal now has been reached. */
static void arm_match(struct pl031 *rtc, uint64_t now)
{
    uint32_t distance = rtc->match - rtc->offset - (uint32_t)now;
    rtc->match_at = now + distance;
    if (distance == 0) {
        rtc->match_at = UINT64_MAX;
        rtc->ris |= INT_MATCH;
        update_irq(rtc);
    } else if (rtc->imsc != 0) {
        set_alarm(rtc);
    }
}

static void check_match(struct pl031 *rtc, uint64_t now)
{
    if (now >= rtc->match_at) {
        rtc->match_at = UINT64_MAX;
        rtc->ris |= INT_MATCH;
        update_irq(rtc);
    }
}

static uint32_t pl031_read(void *opaque, uint32_t offset)
{
    struct pl031 *rtc = opaque;
    switch (offset) {
    case DR:
        return seconds(rtc);
    case MR:
        return rtc->match;
    case LR:
        return rtc->load;
    case CR:
        return CR_START;
    case IMSC:
        return rtc->imsc;
    case RIS:
        check_match(rtc, host_seconds(rtc));
        return rtc->ris;
    case MIS:
        check_match(rtc, host_seconds(rtc));
        return rtc->ris & rtc->imsc;
    default:
        return 0;
    }
}

static void pl031_write(void *opaque, uint32_t offset, uint32_t value)
{
    struct pl031 *rtc = opaque;
    uint64_t now = host_seconds(rtc);
    check_match(rtc, now); /* one that has come is kept, and cleared, whatever changes now */
    switch (offset) {
    case MR:
        rtc->match = value;
        arm_match(rtc, now);
        break;
    case LR:
        rtc->load = value;
        rtc->offset = value - (uint32_t)now;
        arm_match(rtc, now);
        break;
    case IMSC:
        rtc->imsc = value & INT_MATCH;
        set_alarm(rtc);
        update_irq(rtc);
        break;
    case ICR:
        rtc->ris &= ~value;
        update_irq(rtc);
        break;
    default:
        break;
    }
}

static const struct primecell_ops pl031_registers = {
    .read = pl031_read,
    .write = pl031_write,
    .id = {0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1}, /* part 0x031, Arm */
};

enum region_result pl031_access(void *opaque, struct vcpu *vcpu, uint64_t offset, unsigned width,
                                bool write, uint64_t *value)
{
    struct pl031 *rtc = opaque;
    return primecell_locked_access(&pl031_registers, rtc, &rtc->lock, vcpu, offset, width, write,
                                   value);
}

static void pl031_event(struct device *device, uint64_t events)
{
    struct pl031 *rtc = (struct pl031 *)device;
    if ((events & HOST_EVENT_TIMER) == 0) {
        return;
    }
    lock_take(&rtc->lock);
    check_match(rtc, host_seconds(rtc));
    set_alarm(rtc);
    lock_release(&rtc->lock);
}

static void pl031_reset(struct device *device)
{
    struct pl031 *rtc = (struct pl031 *)device;
    lock_take(&rtc->lock);
    rtc->offset = rtc->epoch;
    rtc->match = rtc->load = rtc->imsc = rtc->ris = 0;
    rtc->match_at = UINT64_MAX;
    update_irq(rtc);
    lock_release(&rtc->lock);
}

static void pl031_dump(const struct device *device)
{
    const struct pl031 *rtc = (const struct pl031 *)device;
    log_line("pl031: time %u match %u%s imsc %u ris %u", seconds(rtc), rtc->match,
             rtc->match_at != UINT64_MAX ? " (waiting)" : "", rtc->imsc, rtc->ris);
}

static int pl031_fdt_node(struct device *device, struct fdt_context *context)
{
    const struct pl031 *rtc = (const struct pl031 *)device;
    const struct primecell_node node = {
        .name = "pl031",
        .label = "rtc",
        .base = rtc->base,
        .intid = rtc->irq.intid,
        .clock_names = "apb_pclk",
        .clocks = 1,
    };
    return primecell_fdt_node(context, &node);
}

static const struct device_ops pl031_ops = {
    .name = "pl031",
    .fdt_node = pl031_fdt_node,
    .reset = pl031_reset,
    .event = pl031_event,
    .dump = pl031_dump,
};

bool pl031_attach(struct pl031 *rtc, struct vm *vm, uint64_t base, uint32_t intid, uint32_t epoch)
{
    struct region region = {.name = "pl031",
                            .base = base,
                            .size = PRIMECELL_SIZE,
                            .access = pl031_access,
                            .opaque = rtc};
    *rtc = (struct pl031){.device.ops = &pl031_ops,
                          .vm = vm,
                          .base = base,
                          .irq = {.vm = vm, .intid = intid},
                          .epoch = epoch};
    pl031_reset(&rtc->device);
    return vm_add_device(vm, &rtc->device) && region_bus_add(&vm->bus, &region);
}
