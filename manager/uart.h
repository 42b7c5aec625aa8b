/* SPDX-License-Identifier: BSD-2-Clause */
/* A PL011 (ARM DDI 0183) as firmware left it, written to by polling. */
#ifndef MANAGER_UART_H
#define MANAGER_UART_H

#include <stddef.h>

/* registers: its mapped page, NULL = nowhere. */
void uart_write(volatile void *registers, const char *text, size_t size);

#endif
