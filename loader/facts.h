/* SPDX-License-Identifier: BSD-2-Clause */
/* What the loader wants to know of the board, from the devicetree. */
#ifndef LOADER_FACTS_H
#define LOADER_FACTS_H

#include <stdint.h>

#define FACTS_MAX_BANKS 16u
#define FACTS_MAX_CPUS  8u

struct range {
    uint64_t start;
    uint64_t end; /* exclusive */
};

enum psci_conduit {
    PSCI_NONE, /* no way to start another core */
    PSCI_SMC,
    PSCI_HVC,
};

struct facts {
    struct range bank[FACTS_MAX_BANKS]; /* RAM */
    unsigned banks;
    uint64_t mpidr[FACTS_MAX_CPUS]; /* affinity fields; devicetree order, the first ones */
    unsigned cpus;
    enum psci_conduit psci;
    uint64_t uart; /* PL011 registers, 0 = none */
};

/* Physical address of the PL011 that /chosen names as console, else of the first one, else 0. The
 * header of the devicetree must have been checked; its contents need not be sound. */
uint64_t facts_uart(const void *fdt);

/* Read all facts. Returns NULL, or a sentence saying what the devicetree lacks. */
const char *facts_read(const void *fdt, struct facts *facts);

#endif
