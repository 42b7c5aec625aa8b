/* SPDX-License-Identifier: BSD-2-Clause */
/* The controller in the guest's devicetree. */
#include "vgic.h"

#include <libfdt.h>

static void put_reg(fdt32_t *cells, uint64_t base, uint64_t size)
{
    cells[0] = cpu_to_fdt32((uint32_t)(base >> 32));
    cells[1] = cpu_to_fdt32((uint32_t)base);
    cells[2] = cpu_to_fdt32((uint32_t)(size >> 32));
    cells[3] = cpu_to_fdt32((uint32_t)size);
}

int vgic_fdt(const struct vgic *vgic, void *fdt, uint32_t phandle)
{
    bool v3 = vgic->cfg.version == VGIC_V3;
    fdt32_t reg[8];
    int error = 0;

    put_reg(reg, VGIC_GICD_BASE, v3 ? VGIC_V3_GICD_SIZE : VGIC_V2_GICD_SIZE);
    put_reg(reg + 4, v3 ? VGIC_V3_GICR_BASE : VGIC_V2_GICC_BASE,
            v3 ? VGIC_V3_GICR_STRIDE * vgic->cfg.nr_vcpus : VGIC_V2_GICC_SIZE);
    error = error ? error : fdt_begin_node(fdt, VGIC_FDT_NAME);
    error = error
                ? error
                : fdt_property_string(fdt, "compatible", v3 ? "arm,gic-v3" : "arm,cortex-a15-gic");
    error = error ? error : fdt_property(fdt, "reg", reg, sizeof(reg));
    error = error ? error : fdt_property(fdt, "interrupt-controller", NULL, 0);
    error = error ? error : fdt_property_u32(fdt, "#interrupt-cells", 3);
    error = error ? error : fdt_property_u32(fdt, "#address-cells", 2);
    error = error ? error : fdt_property_u32(fdt, "#size-cells", 2);
    error = error ? error : fdt_property(fdt, "ranges", NULL, 0);
    error = error ? error : fdt_property_u32(fdt, "phandle", phandle);
    return error ? error : fdt_end_node(fdt);
}
