/* SPDX-License-Identifier: BSD-2-Clause */
#include "board.h"

#include <libfdt.h>
#include <string.h>

#define SPI_BASE 32u
#define PAGE     4096u

/* Entry index of the node's reg, with the cell counts of its parent. */
static bool read_reg(const void *blob, int node, unsigned index, struct board_range *range)
{
    int parent = fdt_parent_offset(blob, node);
    int address_cells = parent < 0 ? -1 : fdt_address_cells(blob, parent);
    int size_cells = parent < 0 ? -1 : fdt_size_cells(blob, parent);
    int length;
    const fdt32_t *reg = fdt_getprop(blob, node, "reg", &length);

    if (!reg || address_cells < 1 || address_cells > 2 || size_cells < 1 || size_cells > 2) {
        return false;
    }
    size_t stride = (size_t)address_cells + (size_t)size_cells;

    if ((size_t)length < (index + 1) * stride * sizeof(*reg)) {
        return false;
    }
    reg += index * stride;
    *range = (struct board_range){0};
    for (int i = 0; i < address_cells; i++) {
        range->base = range->base << 32 | fdt32_ld(reg++);
    }
    for (int i = 0; i < size_cells; i++) {
        range->size = range->size << 32 | fdt32_ld(reg++);
    }
    return true;
}

static bool add_range(struct board_range *list, unsigned *count, struct board_range range)
{
    if (*count == BOARD_MAX_RANGES) {
        return false;
    }
    list[(*count)++] = range;
    return true;
}

static void read_memory(const void *blob, struct board *board)
{
    int node;

    fdt_for_each_subnode(node, blob, 0)
    {
        int length;
        const char *type = fdt_getprop(blob, node, "device_type", &length);
        struct board_range range;

        if (!type || length != sizeof("memory") || memcmp(type, "memory", sizeof("memory")) != 0) {
            continue;
        }
        for (unsigned i = 0; read_reg(blob, node, i, &range); i++) {
            if (!add_range(board->ram, &board->rams, range)) {
                return;
            }
        }
    }
}

/* Returns false if there are more reservations than fit: then no RAM is known to be free. */
static bool read_reserved(const void *blob, struct board *board)
{
    int entries = fdt_num_mem_rsv(blob);
    int parent = fdt_path_offset(blob, "/reserved-memory");
    struct board_range range;
    int node;

    for (int i = 0; i < entries; i++) {
        if (fdt_get_mem_rsv(blob, i, &range.base, &range.size) ||
            !add_range(board->reserved, &board->reserved_count, range)) {
            return false;
        }
    }
    if (parent < 0) {
        return true;
    }
    fdt_for_each_subnode(node, blob, parent)
    {
        for (unsigned i = 0; read_reg(blob, node, i, &range); i++) {
            if (!add_range(board->reserved, &board->reserved_count, range)) {
                return false;
            }
        }
    }
    return true;
}

static int find_any(const void *blob, const char *const *compatible, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int node = fdt_node_offset_by_compatible(blob, -1, compatible[i]);

        if (node >= 0) {
            return node;
        }
    }
    return -1;
}

static const char *read_gic(const void *blob, struct board *board)
{
    static const char *const gicv2[] = {"arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic"};
    struct board_range range;
    int node = fdt_node_offset_by_compatible(blob, -1, "arm,gic-v3");

    if (node >= 0) {
        board->gic_version = 3;
        return NULL;
    }
    node = find_any(blob, gicv2, sizeof(gicv2) / sizeof(gicv2[0]));
    if (node < 0) {
        return "no Arm GICv2 or GICv3 in the devicetree";
    }
    /* reg: distributor, CPU interface, hypervisor control, virtual CPU interface */
    if (!read_reg(blob, node, 3, &range)) {
        return "the GICv2 has no virtual CPU interface";
    }
    board->gic_version = 2;
    board->gicv = range.base;
    return NULL;
}

static const char *read_uart(const void *blob, struct board *board)
{
    struct board_range range;
    int node = fdt_node_offset_by_compatible(blob, -1, "arm,pl011");
    int length;

    if (node < 0 || !read_reg(blob, node, 0, &range)) {
        return "no PL011 in the devicetree";
    }
    const fdt32_t *irq = fdt_getprop(blob, node, "interrupts", &length);

    /* cells: type (0 = SPI), number, flags */
    if (!irq || length < (int)(3 * sizeof(*irq)) || fdt32_ld(irq) != 0) {
        return "the PL011 has no SPI";
    }
    board->uart = range.base;
    board->uart_irq = SPI_BASE + fdt32_ld(irq + 1);
    return NULL;
}

/* A board can do without. */
static void read_rtc(const void *blob, struct board *board)
{
    struct board_range range;
    int node = fdt_node_offset_by_compatible(blob, -1, "arm,pl031");

    if (node >= 0 && read_reg(blob, node, 0, &range) && range.base % PAGE == 0) {
        board->rtc = range.base;
    }
}

const char *board_read(const void *blob, size_t size, struct board *board)
{
    memset(board, 0, sizeof(*board));
    if (!blob || size < sizeof(struct fdt_header) || fdt_check_full(blob, size)) {
        return "the kernel passed no valid devicetree";
    }
    const char *text = read_uart(blob, board);

    if (text) {
        return text;
    }
    read_rtc(blob, board);
    read_memory(blob, board);
    if (!read_reserved(blob, board)) {
        board->rams = 0;
    }
    return read_gic(blob, board);
}

static bool contains(const struct board_range *range, uint64_t base, uint64_t size)
{
    return base >= range->base && size <= range->size && base - range->base <= range->size - size;
}

bool board_is_ram(const struct board *board, uint64_t base, uint64_t size)
{
    for (unsigned i = 0; i < board->reserved_count; i++) {
        const struct board_range *r = &board->reserved[i];

        if (base < r->base + r->size && r->base < base + size) {
            return false;
        }
    }
    for (unsigned i = 0; i < board->rams; i++) {
        if (contains(&board->ram[i], base, size)) {
            return true;
        }
    }
    return false;
}
