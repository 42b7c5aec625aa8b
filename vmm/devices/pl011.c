/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Section numbers are of Arm DDI 0183G. Deviations, all of them QEMU's too, because programs for
 * its `virt` board rely on them: bytes are sent and received whether or not the UART is enabled,
 * baud rate and modem lines have no effect.
 *
 * No byte is dropped on the way in: what does not fit into the FIFO stays in the backend. On the
 * way out a guest that ignores FR.TXFF is held up for a while before bytes are lost.
 */
#include "devices/pl011.h"

#include <stdio.h>

#include "core/host.h"
#include "core/log.h"
#include "core/vm.h"
#include "devices/primecell.h"

/* Registers (3.2). */
#define DR    0x00u
#define RSR   0x04u
#define FR    0x18u
#define ILPR  0x20u
#define IBRD  0x24u
#define FBRD  0x28u
#define LCR_H 0x2cu
#define CR    0x30u
#define IFLS  0x34u
#define IMSC  0x38u
#define RIS   0x3cu
#define MIS   0x40u
#define ICR   0x44u
#define DMACR 0x48u

#define FR_BUSY 0x08u
#define FR_RXFE 0x10u
#define FR_TXFF 0x20u
#define FR_RXFF 0x40u
#define FR_TXFE 0x80u

#define LCR_H_FEN  0x10u
#define CR_LBE     0x80u
#define CR_RESET   0x300u
#define IFLS_RESET 0x12u

#define INT_RX  0x010u
#define INT_TX  0x020u
#define INT_RT  0x040u
#define INT_ALL 0x7ffu

#define PATIENCE 64u /* times a full backend is given the processor before a byte is lost */

/* Output is passed on in batches: at a line's end, at this many bytes, when the guest polls FR or
 * idles, or after this part of a second. */
#define BATCH_BYTES    256u
#define BATCH_POLLS    2u
#define BATCH_FRACTION 500u

static unsigned depth(const struct pl011 *uart)
{
    return (uart->lcr_h & LCR_H_FEN) != 0 ? PL011_FIFO : 1;
}

static bool fifo_push(struct pl011_fifo *fifo, unsigned limit, uint8_t byte)
{
    if (fifo->count >= limit) {
        return false;
    }
    fifo->byte[(fifo->head + fifo->count) % PL011_FIFO] = byte;
    fifo->count++;
    return true;
}

static uint8_t fifo_pop(struct pl011_fifo *fifo)
{
    uint8_t byte = fifo->byte[fifo->head];
    fifo->head = (fifo->head + 1) % PL011_FIFO;
    fifo->count--;
    return byte;
}

/* FIFO level at which an interrupt is due (3.3.9); reserved encodings act as 7/8. */
static unsigned trigger(const struct pl011 *uart, unsigned select)
{
    static const uint8_t level[8] = {2, 4, 8, 12, 14, 14, 14, 14};
    return depth(uart) == 1 ? 1 : level[select & 7];
}

/* What follows from the rest of the state: interrupt line and FR. */
static void update(struct pl011 *uart)
{
    uint32_t flags = 0;
    flags |= uart->rx.count == 0 ? FR_RXFE : 0;
    flags |= uart->rx.count >= depth(uart) ? FR_RXFF : 0;
    flags |= uart->tx.count == 0 ? FR_TXFE : FR_BUSY;
    flags |= uart->tx.count >= depth(uart) ? FR_TXFF : 0;
    uart->fr = flags;
    irq_line_set(&uart->irq, (uart->ris & uart->imsc) != 0);
}

/* Receive interrupt at the trigger level; the timeout stands for fewer bytes (2.8.3, 2.8.5): there
 * is no baud clock, so it is due at once. */
static void update_rx(struct pl011 *uart, bool arrived)
{
    if (uart->rx.count == 0) {
        uart->ris &= ~(INT_RX | INT_RT);
    } else if (uart->rx.count >= trigger(uart, uart->ifls >> 3)) {
        uart->ris |= arrived ? INT_RX : 0;
    } else {
        uart->ris &= ~INT_RX;
        uart->ris |= INT_RT;
    }
}

static void fill_rx(struct pl011 *uart)
{
    bool arrived = false;
    uint8_t byte;
    while (uart->rx.count < depth(uart) &&
           uart->backend.read(uart->backend.opaque, &byte, 1) == 1) {
        fifo_push(&uart->rx, PL011_FIFO, byte);
        arrived = true;
    }
    update_rx(uart, arrived);
}

static void flush(struct pl011 *uart)
{
    if (uart->unflushed > 0) {
        uart->unflushed = 0;
        uart->backend.flush(uart->backend.opaque);
    }
}

static void flush_later(struct pl011 *uart, uint8_t byte)
{
    struct vm *vm = uart->irq.vm;
    uart->idle_polls = 0;
    if (byte == '\n' || ++uart->unflushed >= BATCH_BYTES) {
        uart->unflushed = 1;
        flush(uart);
    } else if (uart->unflushed == 1) {
        __atomic_store_n(&vm->put_off, 1, __ATOMIC_RELAXED);
        vm_set_alarm(vm, host_now() + vm->tick_hz / BATCH_FRACTION);
    }
}

/* Hand waiting bytes to the backend; the transmit interrupt is due at the trigger level (2.8.4). */
static void drain_tx(struct pl011 *uart)
{
    while (uart->tx.count > 0) {
        uint8_t byte = uart->tx.byte[uart->tx.head];
        if (uart->backend.write(uart->backend.opaque, &byte, 1) != 1) {
            flush(uart);
            break;
        }
        fifo_pop(&uart->tx);
        flush_later(uart, byte);
    }
    unsigned level = depth(uart) == 1 ? 0 : trigger(uart, uart->ifls);
    if (uart->tx.count <= level) {
        uart->ris |= INT_TX;
    }
}

static void transmit(struct pl011 *uart, uint8_t byte)
{
    if ((uart->cr & CR_LBE) != 0) {
        fifo_push(&uart->rx, depth(uart), byte);
        update_rx(uart, true);
        uart->ris |= INT_TX;
        return;
    }
    if (!fifo_push(&uart->tx, depth(uart), byte)) {
        for (unsigned i = 0; i < PATIENCE && uart->tx.count >= depth(uart); i++) {
            host_relax();
            drain_tx(uart);
        }
        if (!fifo_push(&uart->tx, depth(uart), byte)) {
            uart->lost++;
        }
    }
    drain_tx(uart);
}

static uint32_t receive(struct pl011 *uart)
{
    uint32_t value = uart->rx.count > 0 ? fifo_pop(&uart->rx) : 0;
    fill_rx(uart);
    update(uart);
    return value;
}

/* Inline in the access function: polling FR is what guests do most. */
static inline __attribute__((always_inline)) uint32_t pl011_read(void *opaque, uint32_t offset)
{
    struct pl011 *uart = opaque;
    switch (offset) {
    case DR:
        return receive(uart);
    case RSR:
        return uart->rsr;
    case FR:
        if (++uart->idle_polls > BATCH_POLLS && uart->unflushed > 0) {
            flush(uart);
        }
        return uart->fr;
    case ILPR:
        return uart->ilpr;
    case IBRD:
        return uart->ibrd;
    case FBRD:
        return uart->fbrd;
    case LCR_H:
        return uart->lcr_h;
    case CR:
        return uart->cr;
    case IFLS:
        return uart->ifls;
    case IMSC:
        return uart->imsc;
    case RIS:
        return uart->ris;
    case MIS:
        return uart->ris & uart->imsc;
    case DMACR:
        return uart->dmacr;
    default:
        return 0;
    }
}

static void pl011_write(void *opaque, uint32_t offset, uint32_t value)
{
    struct pl011 *uart = opaque;
    switch (offset) {
    case DR:
        transmit(uart, (uint8_t)value);
        break;
    case RSR: /* ECR: any write clears */
        uart->rsr = 0;
        break;
    case ILPR:
        uart->ilpr = value & 0xff;
        break;
    case IBRD:
        uart->ibrd = value & 0xffff;
        break;
    case FBRD:
        uart->fbrd = value & 0x3f;
        break;
    case LCR_H:
        uart->lcr_h = value & 0xff;
        fill_rx(uart);
        break;
    case CR:
        uart->cr = value & 0xff87;
        break;
    case IFLS:
        uart->ifls = value & 0x3f;
        update_rx(uart, true);
        break;
    case IMSC:
        uart->imsc = value & INT_ALL;
        break;
    case ICR:
        uart->ris &= ~value;
        break;
    case DMACR:
        uart->dmacr = value & 7;
        break;
    default:
        break;
    }
    update(uart);
}

static const struct primecell_ops pl011_registers = {
    .read = pl011_read,
    .write = pl011_write,
    .id = {0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1}, /* part 0x011, Arm, revision 1 */
};

enum region_result pl011_access(void *opaque, struct vcpu *vcpu, uint64_t offset, unsigned width,
                                bool write, uint64_t *value)
{
    struct pl011 *uart = opaque;
    return primecell_locked_access(&pl011_registers, uart, &uart->lock, vcpu, offset, width, write,
                                   value);
}

static void pl011_event(struct device *device, uint64_t events)
{
    struct pl011 *uart = (struct pl011 *)device;
    lock_take(&uart->lock);
    flush(uart);
    if ((events & HOST_EVENT_CONSOLE) != 0) {
        fill_rx(uart);
    }
    if (uart->tx.count > 0) {
        drain_tx(uart);
    }
    update(uart);
    lock_release(&uart->lock);
}

static void pl011_reset(struct device *device)
{
    struct pl011 *uart = (struct pl011 *)device;
    lock_take(&uart->lock);
    uart->rx = uart->tx = (struct pl011_fifo){.count = 0};
    uart->rsr = uart->ilpr = uart->ibrd = uart->fbrd = uart->lcr_h = uart->dmacr = 0;
    uart->cr = CR_RESET;
    uart->ifls = IFLS_RESET;
    uart->imsc = uart->ris = 0;
    update(uart);
    lock_release(&uart->lock);
}

static void pl011_dump(const struct device *device)
{
    const struct pl011 *uart = (const struct pl011 *)device;
    log_line("pl011: cr 0x%x lcr_h 0x%x imsc 0x%x ris 0x%x rx %u tx %u lost %llu", uart->cr,
             uart->lcr_h, uart->imsc, uart->ris, uart->rx.count, uart->tx.count,
             (unsigned long long)uart->lost);
}

static int pl011_fdt_node(struct device *device, struct fdt_context *context)
{
    const struct pl011 *uart = (const struct pl011 *)device;
    const struct primecell_node node = {
        .name = "pl011",
        .label = "uart0",
        .base = uart->base,
        .intid = uart->irq.intid,
        .clock_names = "uartclk\0apb_pclk",
        .clocks = 2,
    };
    if (context->stdout_path[0] == 0) {
        snprintf(context->stdout_path, sizeof(context->stdout_path), "/pl011@%llx",
                 (unsigned long long)uart->base);
    }
    return primecell_fdt_node(context, &node);
}

static const struct device_ops pl011_ops = {
    .name = "pl011",
    .fdt_node = pl011_fdt_node,
    .reset = pl011_reset,
    .event = pl011_event,
    .dump = pl011_dump,
};

bool pl011_attach(struct pl011 *uart, struct vm *vm, uint64_t base, uint32_t intid,
                  const struct byte_backend *backend)
{
    struct region region = {.name = "pl011",
                            .base = base,
                            .size = PRIMECELL_SIZE,
                            .access = pl011_access,
                            .opaque = uart};
    *uart = (struct pl011){.device.ops = &pl011_ops,
                           .base = base,
                           .irq = {.vm = vm, .intid = intid},
                           .backend = *backend};
    pl011_reset(&uart->device);
    return vm_add_device(vm, &uart->device) && region_bus_add(&vm->bus, &region);
}
