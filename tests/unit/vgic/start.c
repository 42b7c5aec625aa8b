/* SPDX-License-Identifier: BSD-2-Clause */
#include "start.h"

struct hw hw;

void start_v2(unsigned vcpus, unsigned lrs)
{
    hw_init(&hw, VGIC_V2, vcpus, lrs);
    hw_write(&hw, 0, 0, 4, 3);
    for (unsigned n = 0; n < vcpus; n++) {
        hw_write(&hw, n, 0x100, 4, 0xf7ffffff);
    }
    for (unsigned i = 4; i < 36; i += 4) {
        hw_write(&hw, 0, 0x100 + i, 4, UINT32_MAX);
    }
    for (unsigned intid = 32; intid < 288; intid += 4) {
        hw_write(&hw, 0, 0x800 + intid, 4, 0x01010101);
    }
}

void start_v3(void)
{
    hw_init(&hw, VGIC_V3, 1, 4);
    hw_write(&hw, 0, 0, 4, 3);
    hw_write(&hw, 0, 0x104, 4, UINT32_MAX);
}

void level(unsigned vcpu, unsigned intid, bool high)
{
    hw.current = vcpu;
    vgic_set_level(&hw.vgic, vcpu, intid, high);
    hw_flush(&hw, vcpu);
}

void pulse(unsigned vcpu, unsigned intid)
{
    hw.current = vcpu;
    vgic_pulse(&hw.vgic, vcpu, intid);
    hw_flush(&hw, vcpu);
}
