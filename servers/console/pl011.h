/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The UART of the console: Arm PL011 (ARM DDI 0183). Line rate and format stay as firmware left
 * them.
 */
#ifndef CONSOLE_PL011_H
#define CONSOLE_PL011_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pl011 {
    volatile uint8_t *base;
    uint64_t overruns; /* times the hardware lost input */
};

/* FIFOs on, receive interrupts on. */
void pl011_init(struct pl011 *uart, volatile void *base);

/* Clear what the interrupt was about; more input raises it again. */
void pl011_acknowledge(struct pl011 *uart);

/* The next byte of input; false if there is none. */
bool pl011_get(struct pl011 *uart, uint8_t *byte);

/* False if the FIFO is full. */
bool pl011_put(struct pl011 *uart, uint8_t byte);

/* Have an interrupt when there is room in the FIFO again, or not any more. */
void pl011_want_room(struct pl011 *uart, bool want);

#endif
