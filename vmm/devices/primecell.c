/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/primecell.h"

static uint32_t read_register(const struct primecell_ops *ops, void *device, uint32_t offset)
{
    if (offset >= PRIMECELL_ID_BASE) {
        return ops->id[(offset - PRIMECELL_ID_BASE) / 4];
    }
    return ops->read(device, offset);
}

static void write_register(const struct primecell_ops *ops, void *device, uint32_t offset,
                           uint32_t value)
{
    if (offset < PRIMECELL_ID_BASE) {
        ops->write(device, offset, value);
    }
}

enum region_result primecell_access(const struct primecell_ops *ops, void *device, uint64_t offset,
                                    unsigned width, bool write, uint64_t *value)
{
    if (offset >= PRIMECELL_SIZE || (offset & (width - 1)) != 0) {
        return REGION_ERROR;
    }
    uint32_t at = (uint32_t)offset;
    if ((at & 3) != 0) {
        *value = write ? *value : 0;
        return REGION_HANDLED;
    }

    if (write) {
        write_register(ops, device, at, (uint32_t)*value);
        if (width == 8) {
            write_register(ops, device, at + 4, (uint32_t)(*value >> 32));
        }
        return REGION_HANDLED;
    }
    *value = read_register(ops, device, at);
    if (width == 8) {
        *value |= (uint64_t)read_register(ops, device, at + 4) << 32;
    }
    return REGION_HANDLED;
}
