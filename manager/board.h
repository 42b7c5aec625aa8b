/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts about the board, from the devicetree that the kernel hands to the root task.
 */
#ifndef MANAGER_BOARD_H
#define MANAGER_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOARD_MAX_RANGES 16u

struct board_range {
    uint64_t base;
    uint64_t size;
};

struct board {
    unsigned gic_version; /* 2 or 3 */
    uint64_t gicv;        /* GICv2: physical address of the virtual CPU interface */
    uint64_t uart;        /* PL011: physical address, */
    unsigned uart_irq;    /* INTID */
    uint64_t rtc;         /* PL031: physical address; 0 = none */
    unsigned rams;
    struct board_range ram[BOARD_MAX_RANGES];
    unsigned reserved_count; /* parts of RAM that firmware keeps */
    struct board_range reserved[BOARD_MAX_RANGES];
};

/* Read the blob of at most size bytes. Returns NULL or a text that says what is missing. */
const char *board_read(const void *blob, size_t size, struct board *board);

/* All of [base, base + size) is RAM that nobody else uses. */
bool board_is_ram(const struct board *board, uint64_t base, uint64_t size);

#endif
