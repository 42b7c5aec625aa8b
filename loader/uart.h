/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages on a PL011 that firmware has set up. */
#ifndef LOADER_UART_H
#define LOADER_UART_H

#include <stdint.h>

/* Registers at `base`; 0 = say nothing. */
void uart_init(uint64_t base);

/* One line, "bulkhead loader: " before it. */
void uart_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
