/* SPDX-License-Identifier: BSD-2-Clause */
#include "facts.h"

#include <libfdt.h>
#include <stdbool.h>
#include <string.h>

#define MPIDR_AFFINITY UINT64_C(0xff00ffffff)

/* A number of one or two cells; false for any other width. */
static bool read_cells(const fdt32_t *cell, int cells, uint64_t *value)
{
    if (cells == 1) {
        *value = fdt32_to_cpu(cell[0]);
        return true;
    }
    if (cells == 2) {
        *value = (uint64_t)fdt32_to_cpu(cell[0]) << 32 | fdt32_to_cpu(cell[1]);
        return true;
    }
    return false;
}

/* First address of a node's reg. Buses between the node and the root must map one to one. */
static uint64_t node_address(const void *fdt, int node)
{
    int parent = fdt_parent_offset(fdt, node);
    int size;
    const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &size);
    uint64_t address;

    if (parent < 0 || !reg) {
        return 0;
    }
    int cells = fdt_address_cells(fdt, parent);
    if (cells < 1 || size < cells * (int)sizeof(*reg) || !read_cells(reg, cells, &address)) {
        return 0;
    }
    return address;
}

static int console_node(const void *fdt)
{
    int chosen = fdt_path_offset(fdt, "/chosen");
    int size;
    const char *path = chosen < 0 ? NULL : fdt_getprop(fdt, chosen, "stdout-path", &size);

    if (!path || size < 1) {
        return -FDT_ERR_NOTFOUND;
    }
    int length = (int)strnlen(path, (size_t)size);
    const char *options = memchr(path, ':', (size_t)length);
    return fdt_path_offset_namelen(fdt, path, options ? (int)(options - path) : length);
}

uint64_t facts_uart(const void *fdt)
{
    int node = console_node(fdt);

    if (node < 0 || fdt_node_check_compatible(fdt, node, "arm,pl011") != 0) {
        node = fdt_node_offset_by_compatible(fdt, -1, "arm,pl011");
    }
    return node < 0 ? 0 : node_address(fdt, node);
}

static const char *read_bank(const fdt32_t *cell, int address_cells, int size_cells,
                             struct facts *facts)
{
    uint64_t start, size;

    if (!read_cells(cell, address_cells, &start) ||
        !read_cells(cell + address_cells, size_cells, &size)) {
        return "the memory node's addresses are neither 32 nor 64 bits wide";
    }
    if (start + size < start) {
        return "a memory bank wraps around";
    }
    if (size > 0 && facts->banks < FACTS_MAX_BANKS) {
        facts->bank[facts->banks++] = (struct range){start, start + size};
    }
    return NULL;
}

static const char *read_memory(const void *fdt, struct facts *facts)
{
    int address_cells = fdt_address_cells(fdt, 0);
    int size_cells = fdt_size_cells(fdt, 0);
    int node = -1;

    if (address_cells < 1 || size_cells < 1) {
        return "the root node has no sound #address-cells and #size-cells";
    }
    while ((node = fdt_node_offset_by_prop_value(fdt, node, "device_type", "memory",
                                                 sizeof("memory"))) >= 0) {
        int size, pair = (address_cells + size_cells) * (int)sizeof(fdt32_t);
        const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &size);
        for (; reg && size >= pair; size -= pair, reg += address_cells + size_cells) {
            const char *problem = read_bank(reg, address_cells, size_cells, facts);
            if (problem) {
                return problem;
            }
        }
    }
    return facts->banks > 0 ? NULL : "there is no memory node";
}

static bool is_cpu(const void *fdt, int node)
{
    int size;
    const char *type = fdt_getprop(fdt, node, "device_type", &size);
    const char *status = fdt_getprop(fdt, node, "status", NULL);

    return type && size == sizeof("cpu") && memcmp(type, "cpu", sizeof("cpu")) == 0 &&
           !(status && strncmp(status, "fail", 4) == 0);
}

static const char *read_cpus(const void *fdt, struct facts *facts)
{
    int cpus = fdt_path_offset(fdt, "/cpus");
    int cells = cpus < 0 ? 0 : fdt_address_cells(fdt, cpus);
    int node;

    if (cpus < 0) {
        return "there is no cpus node";
    }
    fdt_for_each_subnode(node, fdt, cpus)
    {
        int size;
        const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &size);
        uint64_t mpidr;
        if (!is_cpu(fdt, node) || facts->cpus == FACTS_MAX_CPUS) {
            continue;
        }
        if (!reg || cells < 1 || size < cells * (int)sizeof(*reg) ||
            !read_cells(reg, cells, &mpidr)) {
            return "a cpu node has no sound reg property";
        }
        facts->mpidr[facts->cpus++] = mpidr & MPIDR_AFFINITY;
    }
    return facts->cpus > 0 ? NULL : "there is no cpu node";
}

/* Function numbers are standard from PSCI 0.2 on. */
static enum psci_conduit read_psci(const void *fdt)
{
    int node = fdt_node_offset_by_compatible(fdt, -1, "arm,psci-0.2");
    int size;

    if (node < 0) {
        node = fdt_node_offset_by_compatible(fdt, -1, "arm,psci-1.0");
    }
    const char *method = node < 0 ? NULL : fdt_getprop(fdt, node, "method", &size);
    if (!method || size != 4) {
        return PSCI_NONE;
    }
    if (memcmp(method, "smc", 4) == 0) {
        return PSCI_SMC;
    }
    return memcmp(method, "hvc", 4) == 0 ? PSCI_HVC : PSCI_NONE;
}

const char *facts_read(const void *fdt, struct facts *facts)
{
    memset(facts, 0, sizeof(*facts));
    facts->uart = facts_uart(fdt);
    facts->psci = read_psci(fdt);

    const char *problem = read_memory(fdt, facts);
    return problem ? problem : read_cpus(fdt, facts);
}
