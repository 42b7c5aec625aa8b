/* SPDX-License-Identifier: BSD-2-Clause */
#include "pl011.h"

/* Registers, ARM DDI 0183 chapter 3 */
#define DR    0x000u
#define FR    0x018u
#define LCR_H 0x02cu
#define CR    0x030u
#define IFLS  0x034u
#define IMSC  0x038u
#define ICR   0x044u

#define DR_OE       0x800u /* bytes were lost before this one */
#define FR_RXFE     0x10u
#define FR_TXFF     0x20u
#define LCR_H_FEN   0x10u
#define LCR_H_WLEN8 0x60u
#define CR_ENABLE   0x301u /* UARTEN, TXE, RXE */
#define INT_RX      0x10u
#define INT_TX      0x20u
#define INT_RT      0x40u /* something has been in the FIFO for a while */
#define INT_ALL     0x7ffu

static uint32_t get(const struct pl011 *uart, unsigned reg)
{
    return *(volatile uint32_t *)(uart->base + reg);
}

static void set(struct pl011 *uart, unsigned reg, uint32_t value)
{
    *(volatile uint32_t *)(uart->base + reg) = value;
}

void pl011_init(struct pl011 *uart, volatile void *base)
{
    *uart = (struct pl011){.base = base};
    set(uart, IMSC, 0);
    set(uart, LCR_H, LCR_H_WLEN8 | LCR_H_FEN);
    set(uart, IFLS, 0x0a); /* interrupts at a quarter full (receive) and half empty (transmit) */
    set(uart, ICR, INT_ALL);
    set(uart, CR, CR_ENABLE);
    set(uart, IMSC, INT_RX | INT_RT);
}

void pl011_acknowledge(struct pl011 *uart)
{
    set(uart, ICR, INT_ALL);
}

bool pl011_get(struct pl011 *uart, uint8_t *byte)
{
    if (get(uart, FR) & FR_RXFE) {
        return false;
    }
    uint32_t data = get(uart, DR);

    if (data & DR_OE) {
        uart->overruns++;
    }
    *byte = (uint8_t)data;
    return true;
}

bool pl011_put(struct pl011 *uart, uint8_t byte)
{
    if (get(uart, FR) & FR_TXFF) {
        return false;
    }
    set(uart, DR, byte);
    return true;
}

void pl011_want_room(struct pl011 *uart, bool want)
{
    set(uart, IMSC, INT_RX | INT_RT | (want ? INT_TX : 0));
}
