/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/primecell.h"

#include <libfdt.h>
#include <stdio.h>
#include <string.h>

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

/* "arm,NAME" and "arm,primecell" (bindings/arm/primecell.yaml). */
static int compatible_property(void *fdt, const char *name)
{
    char text[48];
    int length = snprintf(text, sizeof(text), "arm,%s%carm,primecell", name, 0);
    return length < (int)sizeof(text) ? fdt_property(fdt, "compatible", text, length + 1)
                                      : -FDT_ERR_NOSPACE;
}

static int clock_properties(void *fdt, const struct primecell_node *node, uint32_t clock)
{
    const fdt32_t clocks[2] = {cpu_to_fdt32(clock), cpu_to_fdt32(clock)};
    size_t names = 0;
    for (unsigned i = 0; i < node->clocks; i++) {
        names += strlen(node->clock_names + names) + 1;
    }
    int error = fdt_property(fdt, "clocks", clocks, (int)(node->clocks * sizeof(clocks[0])));
    return error ? error : fdt_property(fdt, "clock-names", node->clock_names, (int)names);
}

int primecell_fdt_node(struct fdt_context *context, const struct primecell_node *node)
{
    void *fdt = context->fdt;
    fdt64_t reg[2] = {cpu_to_fdt64(node->base), cpu_to_fdt64(PRIMECELL_SIZE)};
    fdt32_t irq[3] = {cpu_to_fdt32(0), cpu_to_fdt32(node->intid - context->spi_base),
                      cpu_to_fdt32(4)}; /* SPI, number, level high */
    char path[32];
    snprintf(path, sizeof(path), "/%s@%llx", node->name, (unsigned long long)node->base);

    int error = fdt_begin_node(fdt, path + 1);
    error = error ? error : fdt_label(context, node->label, path);
    error = error ? error : compatible_property(fdt, node->name);
    error = error ? error : fdt_property(fdt, "reg", reg, sizeof(reg));
    error = error ? error : fdt_property(fdt, "interrupts", irq, sizeof(irq));
    error = error ? error : clock_properties(fdt, node, context->clock_phandle);
    return error ? error : fdt_end_node(fdt);
}
