/* SPDX-License-Identifier: BSD-2-Clause */
#include "platform.h"

#include <string.h>

#include "devicetree.h"

#define MAX_DEPTH 8

/* What is remembered of a node until its end; properties come before child nodes. */
struct node {
    uint32_t address_cells; /* for the children's reg */
    uint32_t size_cells;
    struct devicetree_event compatible, device_type, reg, status, method;
};

static void node_init(struct node *node)
{
    /* Defaults of section 2.3.5. */
    *node = (struct node){.address_cells = 2, .size_cells = 1};
}

static void note_property(struct node *node, const struct devicetree_event *event)
{
    const char *name = event->name;
    uint64_t value;

    if (strcmp(name, "compatible") == 0)
        node->compatible = *event;
    else if (strcmp(name, "device_type") == 0)
        node->device_type = *event;
    else if (strcmp(name, "reg") == 0)
        node->reg = *event;
    else if (strcmp(name, "status") == 0)
        node->status = *event;
    else if (strcmp(name, "method") == 0)
        node->method = *event;
    else if (strcmp(name, "#address-cells") == 0 && devicetree_cells(event, 0, 1, &value))
        node->address_cells = (uint32_t)value;
    else if (strcmp(name, "#size-cells") == 0 && devicetree_cells(event, 0, 1, &value))
        node->size_cells = (uint32_t)value;
}

/* The i-th (address, size) pair of a node's reg; false if it has none or it makes no sense. */
static bool reg_pair(const struct node *node, const struct node *parent, uint32_t i,
                     struct mem_region *region)
{
    if (parent->address_cells > 2 || parent->size_cells > 2)
        return false;
    uint32_t at = i * (parent->address_cells + parent->size_cells);
    return devicetree_cells(&node->reg, at, parent->address_cells, &region->base) &&
           devicetree_cells(&node->reg, at + parent->address_cells, parent->size_cells,
                            &region->size) &&
           region->size != 0 && region->base + region->size > region->base;
}

static void add_ram(struct platform *platform, const struct node *node, const struct node *parent)
{
    struct mem_region region;

    for (uint32_t i = 0; reg_pair(node, parent, i, &region); i++) {
        if (platform->num_ram == PLATFORM_MAX_RAM)
            return;
        platform->ram[platform->num_ram++] = region;
    }
}

static void add_cpu(struct platform *platform, const struct node *node, const struct node *parent)
{
    if (platform->num_cpus == MAX_CPUS)
        return;
    unsigned at = platform->num_cpus++;
    if (!devicetree_cells(&node->reg, 0, parent->address_cells, &platform->mpidr[at]))
        platform->mpidr[at] = at;
}

static void set_gic(struct platform *platform, unsigned version, const struct node *node,
                    const struct node *parent)
{
    unsigned count = version == 2 ? 4 : 2;

    if (platform->gic_version != 0)
        return;
    for (unsigned i = 0; i < count; i++) {
        if (!reg_pair(node, parent, i, &platform->gic[i]))
            return;
    }
    platform->gic_version = version;
}

static void node_end(struct platform *platform, const struct node *node, const struct node *parent)
{
    if (node->status.data != NULL && !devicetree_has_string(&node->status, "okay") &&
        !devicetree_has_string(&node->status, "ok"))
        return;
    if (devicetree_has_string(&node->device_type, "memory"))
        add_ram(platform, node, parent);
    else if (devicetree_has_string(&node->device_type, "cpu"))
        add_cpu(platform, node, parent);
    else if (devicetree_has_string(&node->compatible, "arm,psci-0.2"))
        platform->psci_smc = devicetree_has_string(&node->method, "smc");
    else if (devicetree_has_string(&node->compatible, "arm,cortex-a15-gic") ||
             devicetree_has_string(&node->compatible, "arm,gic-400"))
        set_gic(platform, 2, node, parent);
    else if (devicetree_has_string(&node->compatible, "arm,gic-v3"))
        set_gic(platform, 3, node, parent);
    else if (devicetree_has_string(&node->compatible, "arm,pl011") && platform->uart.size == 0 &&
             !reg_pair(node, parent, 0, &platform->uart))
        platform->uart.size = 0;
}

bool platform_from_fdt(struct platform *platform, const void *blob, size_t size)
{
    struct node nodes[MAX_DEPTH + 1];
    struct devicetree fdt;
    uint32_t offset = 0;
    unsigned depth = 0;

    *platform = (struct platform){0};
    if (!devicetree_open(&fdt, blob, size))
        return false;
    node_init(&nodes[0]);
    for (;;) {
        struct devicetree_event event = devicetree_next(&fdt, &offset);
        switch (event.type) {
        case DT_NODE:
            if (++depth <= MAX_DEPTH)
                node_init(&nodes[depth]);
            break;
        case DT_PROPERTY:
            if (depth <= MAX_DEPTH)
                note_property(&nodes[depth], &event);
            break;
        case DT_NODE_END:
            if (depth == 0)
                return false;
            if (depth <= MAX_DEPTH)
                node_end(platform, &nodes[depth], &nodes[depth - 1]);
            depth--;
            break;
        case DT_FINISHED:
            return platform->num_ram != 0 && platform->gic_version != 0;
        case DT_BROKEN:
            return false;
        }
    }
}

void platform_default(struct platform *platform)
{
    *platform = (struct platform){
        .ram = {{0x40000000, 0x80000000}},
        .num_ram = 1,
        .num_cpus = MAX_CPUS,
        .mpidr = {0, 1, 2, 3, 4, 5, 6, 7},
        .gic_version = 2,
        .gic = {{0x08000000, 0x10000},
                {0x08010000, 0x10000},
                {0x08030000, 0x10000},
                {0x08040000, 0x10000}},
        .uart = {0x09000000, 0x1000},
        .psci_smc = true,
    };
}
