/* SPDX-License-Identifier: BSD-2-Clause */
/* PrimeCell real time clock (PL031), Arm DDI 0224: seconds since 1970, as the host's system counter
 * has counted them on from the time of day that the host knows, unless the guest sets it. */
#ifndef VMM_DEVICES_PL031_H
#define VMM_DEVICES_PL031_H

#include "core/device.h"
#include "core/irq.h"
#include "core/lock.h"
#include "core/region.h"

struct pl031 {
    struct device device; /* first */
    struct lock lock;     /* guards all below */
    struct vm *vm;
    uint64_t base; /* guest-physical address */
    struct irq_line irq;
    uint32_t epoch;  /* offset after a reset */
    uint32_t offset; /* seconds added to the host's, modulo 2^32 */
    uint32_t match;
    uint32_t load;
    uint32_t imsc;
    uint32_t ris;
    uint64_t match_at; /* host's second at which the match is due; UINT64_MAX = not any more */
};

/* Bring the device to its reset state at base with interrupt intid, and put it on the VM's bus.
 * epoch: what it shows when the host's counter is 0, in seconds since 1970 modulo 2^32. Returns
 * false if the bus or the device list has no room. */
bool pl031_attach(struct pl031 *rtc, struct vm *vm, uint64_t base, uint32_t intid, uint32_t epoch);

/* The device's register access, as on the bus. */
enum region_result pl031_access(void *opaque, struct vcpu *vcpu, uint64_t offset, unsigned width,
                                bool write, uint64_t *value);

#endif
