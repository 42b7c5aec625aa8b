/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel log's device: a PL011 (DDI 0183), polled, as the loader left it. */
#include "debug.h"
#include "memmap.h"
#include "platform.h"

#define UARTDR      0x00
#define UARTFR      0x18
#define UARTFR_TXFF (1u << 5)

static volatile uint8_t *uart;

void arch_log_init(const struct platform *platform)
{
    if (CONFIG_DEBUG && platform->uart.size != 0)
        uart = kmap_device(platform->uart.base, platform->uart.size);
}

static void put(char c)
{
    while ((*(volatile uint32_t *)(uart + UARTFR) & UARTFR_TXFF) != 0)
        continue;
    *(volatile uint32_t *)(uart + UARTDR) = (uint8_t)c;
}

void arch_log_char(char c)
{
    if (uart == NULL)
        return;
    if (c == '\n')
        put('\r');
    put(c);
}
