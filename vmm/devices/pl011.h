/* SPDX-License-Identifier: BSD-2-Clause */
/* PrimeCell UART (PL011), Arm DDI 0183, with FIFOs of 16 bytes. */
#ifndef VMM_DEVICES_PL011_H
#define VMM_DEVICES_PL011_H

#include "core/device.h"
#include "core/irq.h"
#include "core/lock.h"
#include "core/region.h"
#include "devices/backend.h"

#define PL011_FIFO 16u

struct pl011_fifo {
    uint8_t byte[PL011_FIFO];
    unsigned head;
    unsigned count;
};

struct pl011 {
    struct device device; /* first */
    struct lock lock;     /* guards all below */
    uint64_t base;        /* guest-physical address */
    struct irq_line irq;
    struct byte_backend backend;
    struct pl011_fifo rx;
    struct pl011_fifo tx; /* what the backend would not take yet */
    uint32_t rsr;         /* error bits */
    uint32_t ilpr;
    uint32_t ibrd;
    uint32_t fbrd;
    uint32_t lcr_h;
    uint32_t cr;
    uint32_t ifls;
    uint32_t imsc;
    uint32_t ris;
    uint32_t dmacr;
    uint32_t fr;         /* follows from the FIFOs */
    unsigned unflushed;  /* bytes in the backend that nobody was told about */
    unsigned idle_polls; /* reads of FR since the last byte was sent */
    uint64_t lost;       /* bytes written while the FIFO was full */
};

struct vm;

/* Bring the device to its reset state at base with interrupt intid, and put it on the VM's bus.
 * Returns false if the bus or the device list has no room. */
bool pl011_attach(struct pl011 *uart, struct vm *vm, uint64_t base, uint32_t intid,
                  const struct byte_backend *backend);

/* The device's register access, as on the bus. */
enum region_result pl011_access(void *opaque, struct vcpu *vcpu, uint64_t offset, unsigned width,
                                bool write, uint64_t *value);

#endif
