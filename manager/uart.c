/* SPDX-License-Identifier: BSD-2-Clause */
#include "uart.h"

#include <stdint.h>

/* ARM DDI 0183, 3.2 */
#define DR      0x00u
#define FR      0x18u
#define FR_TXFF 0x20u

void uart_write(volatile void *registers, const char *text, size_t size)
{
    volatile uint8_t *uart = registers;

    for (size_t i = 0; i < size && uart; i++) {
        while (*(volatile uint32_t *)(uart + FR) & FR_TXFF) {
        }
        *(volatile uint32_t *)(uart + DR) = (uint8_t)text[i];
    }
}
