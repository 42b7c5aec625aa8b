/* SPDX-License-Identifier: BSD-2-Clause */
#include "uart.h"

#include <stdarg.h>
#include <stdio.h>

/* PL011 technical reference manual, 3.3. */
#define UART_DR      0x00
#define UART_FR      0x18
#define UART_FR_TXFF (1u << 5)

static uint64_t uart_base;

void uart_init(uint64_t base)
{
    uart_base = base;
}

static void put(char c)
{
    volatile uint32_t *flags = (volatile uint32_t *)(uart_base + UART_FR);
    volatile uint32_t *data = (volatile uint32_t *)(uart_base + UART_DR);

    while (*flags & UART_FR_TXFF) {
    }
    *data = (uint8_t)c;
}

static void put_text(const char *text)
{
    for (; *text; text++) {
        put(*text);
    }
}

void uart_line(const char *format, ...)
{
    char text[160];
    va_list args;

    if (uart_base == 0) {
        return;
    }
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    put_text("bulkhead loader: ");
    put_text(text);
    put_text("\r\n");
}
