/* SPDX-License-Identifier: BSD-2-Clause */
/* Bindings: Devicetree Specification 0.3 and the kernel's Documentation/devicetree/bindings. */
#include "arch/aarch64/fdt.h"

#include <bulkhead/overlay.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "arch/aarch64/vgic/vgic.h"
#include "core/device.h"
#include "core/vm.h"

#define GIC_PHANDLE   1u
#define CLOCK_PHANDLE 2u
#define CLOCK_HZ      24000000u
#define SPI_BASE      32u
#define PPI           1u
#define LEVEL_HIGH    4u

/* PPI numbers of the generic timer: INTIDs 29, 30, 27, 26. */
static const uint32_t timer_ppi[4] = {13, 14, 11, 10};

static int root_properties(void *fdt)
{
    static const char compatible[] = "bulkhead,virt\0linux,dummy-virt";
    int error = fdt_property_u32(fdt, "#address-cells", 2);
    error = error ? error : fdt_property_u32(fdt, "#size-cells", 2);
    error = error ? error : fdt_property(fdt, "compatible", compatible, sizeof(compatible));
    error = error ? error : fdt_property_string(fdt, "model", "Bulkhead virtual board");
    return error ? error : fdt_property_u32(fdt, "interrupt-parent", GIC_PHANDLE);
}

static int memory_nodes(void *fdt, const struct guest_memory *memory)
{
    for (unsigned i = 0; i < memory->banks; i++) {
        if (memory->bank[i].hidden) {
            continue;
        }
        char name[32];
        fdt64_t reg[2] = {cpu_to_fdt64(memory->bank[i].base), cpu_to_fdt64(memory->bank[i].size)};
        snprintf(name, sizeof(name), "memory@%llx", (unsigned long long)memory->bank[i].base);
        int error = fdt_begin_node(fdt, name);
        error = error ? error : fdt_property_string(fdt, "device_type", "memory");
        error = error ? error : fdt_property(fdt, "reg", reg, sizeof(reg));
        error = error ? error : fdt_end_node(fdt);
        if (error != 0) {
            return error;
        }
    }
    return 0;
}

static int window_node(void *fdt, const struct guest_window *window)
{
    char name[32];
    fdt64_t reg[2] = {cpu_to_fdt64(window->base), cpu_to_fdt64(window->size)};
    snprintf(name, sizeof(name), "window@%llx", (unsigned long long)window->base);
    int error = fdt_begin_node(fdt, name);
    error = error ? error : fdt_property_string(fdt, "compatible", "bulkhead,window");
    error = error ? error : fdt_property_string(fdt, "label", window->name);
    error = error ? error : fdt_property(fdt, "reg", reg, sizeof(reg));
    error = error ? error : fdt_property(fdt, "no-map", NULL, 0);
    if (!window->writable) {
        error = error ? error : fdt_property(fdt, "read-only", NULL, 0);
    }
    return error ? error : fdt_end_node(fdt);
}

/* Windows are memory, but none that a kernel may use for itself. */
static int reserved_memory(void *fdt, const struct fdt_request *request)
{
    if (request->windows == 0) {
        return 0;
    }
    int error = fdt_begin_node(fdt, "reserved-memory");
    error = error ? error : fdt_property_u32(fdt, "#address-cells", 2);
    error = error ? error : fdt_property_u32(fdt, "#size-cells", 2);
    error = error ? error : fdt_property(fdt, "ranges", NULL, 0);
    for (unsigned i = 0; i < request->windows && error == 0; i++) {
        error = window_node(fdt, &request->window[i]);
    }
    return error ? error : fdt_end_node(fdt);
}

static int cpu_nodes(struct fdt_context *context, unsigned vcpus)
{
    void *fdt = context->fdt;
    int error = fdt_begin_node(fdt, "cpus");
    error = error ? error : fdt_label(context, "cpus", "/cpus");
    error = error ? error : fdt_property_u32(fdt, "#address-cells", 1);
    error = error ? error : fdt_property_u32(fdt, "#size-cells", 0);
    for (unsigned i = 0; i < vcpus && error == 0; i++) {
        char label[16], path[24];
        snprintf(label, sizeof(label), "cpu%u", i);
        snprintf(path, sizeof(path), "/cpus/cpu@%u", i);
        error = fdt_begin_node(fdt, path + strlen("/cpus/"));
        error = error ? error : fdt_label(context, label, path);
        error = error ? error : fdt_property_string(fdt, "device_type", "cpu");
        error = error ? error : fdt_property_string(fdt, "compatible", "arm,armv8");
        error = error ? error : fdt_property_u32(fdt, "reg", i);
        error = error ? error : fdt_property_string(fdt, "enable-method", "psci");
        error = error ? error : fdt_end_node(fdt);
    }
    return error ? error : fdt_end_node(fdt);
}

/* The conduit is SMC: an HVC is a system call of the kernel underneath. */
static int psci_node(struct fdt_context *context)
{
    void *fdt = context->fdt;
    static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";
    int error = fdt_begin_node(fdt, "psci");
    error = error ? error : fdt_label(context, "psci", "/psci");
    error = error ? error : fdt_property(fdt, "compatible", compatible, sizeof(compatible));
    error = error ? error : fdt_property_string(fdt, "method", "smc");
    return error ? error : fdt_end_node(fdt);
}

/* GICv2 specifiers of PPIs have a mask of CPUs in bits 15:8. */
static int timer_node(struct fdt_context *context, const struct vm *vm)
{
    void *fdt = context->fdt;
    uint32_t flags = LEVEL_HIGH;
    fdt32_t interrupts[4 * 3];
    if (vm->arch.gic_version == 2) {
        flags |= ((1u << vm->vcpus) - 1) << 8;
    }
    for (size_t i = 0; i < 4; i++) {
        interrupts[i * 3] = cpu_to_fdt32(PPI);
        interrupts[i * 3 + 1] = cpu_to_fdt32(timer_ppi[i]);
        interrupts[i * 3 + 2] = cpu_to_fdt32(flags);
    }
    int error = fdt_begin_node(fdt, "timer");
    error = error ? error : fdt_label(context, "timer", "/timer");
    error = error ? error : fdt_property_string(fdt, "compatible", "arm,armv8-timer");
    error = error ? error : fdt_property(fdt, "interrupts", interrupts, sizeof(interrupts));
    error = error ? error : fdt_property(fdt, "always-on", NULL, 0);
    return error ? error : fdt_end_node(fdt);
}

static int gic_node(struct fdt_context *context, const struct vm *vm)
{
    int error = vgic_fdt(vm->arch.vgic, context->fdt, GIC_PHANDLE);
    return error ? error : fdt_symbol(context, "gic", "/" VGIC_FDT_NAME);
}

static int clock_node(struct fdt_context *context)
{
    void *fdt = context->fdt;
    int error = fdt_begin_node(fdt, "apb-pclk");
    error = error ? error : fdt_symbol(context, "apb_pclk", "/apb-pclk");
    error = error ? error : fdt_property_string(fdt, "compatible", "fixed-clock");
    error = error ? error : fdt_property_u32(fdt, "#clock-cells", 0);
    error = error ? error : fdt_property_u32(fdt, "clock-frequency", CLOCK_HZ);
    error = error ? error : fdt_property_string(fdt, "clock-output-names", "clk24mhz");
    error = error ? error : fdt_property_u32(fdt, "phandle", CLOCK_PHANDLE);
    return error ? error : fdt_end_node(fdt);
}

static int device_nodes(const struct vm *vm, struct fdt_context *context)
{
    for (unsigned i = 0; i < vm->devices; i++) {
        struct device *device = vm->device[i];
        int error = device->ops->fdt_node(device, context);
        if (error != 0) {
            return error;
        }
    }
    return 0;
}

static int chosen_node(struct fdt_context *context, const struct fdt_request *request)
{
    void *fdt = context->fdt;
    const char *stdout_path = context->stdout_path;
    int error = fdt_begin_node(fdt, "chosen");
    error = error ? error : fdt_label(context, "chosen", "/chosen");
    error = error ? error : fdt_property_string(fdt, "bootargs", request->bootargs);
    if (stdout_path[0] != 0) {
        error = error ? error : fdt_property_string(fdt, "stdout-path", stdout_path);
    }
    if (request->initrd.size != 0) {
        uint64_t end = request->initrd.base + request->initrd.size;
        error = error ? error : fdt_property_u64(fdt, "linux,initrd-start", request->initrd.base);
        error = error ? error : fdt_property_u64(fdt, "linux,initrd-end", end);
    }
    return error ? error : fdt_end_node(fdt);
}

static int write_tree(const struct vm *vm, const struct fdt_request *request, void *fdt,
                      size_t size)
{
    struct fdt_context context = {.fdt = fdt,
                                  .clock_phandle = CLOCK_PHANDLE,
                                  .spi_base = SPI_BASE,
                                  .next_phandle = CLOCK_PHANDLE + 1};
    int error = fdt_create(fdt, (int)size);
    error = error ? error : fdt_finish_reservemap(fdt);
    error = error ? error : fdt_begin_node(fdt, "");
    error = error ? error : root_properties(fdt);
    error = error ? error : memory_nodes(fdt, &vm->memory);
    error = error ? error : reserved_memory(fdt, request);
    error = error ? error : cpu_nodes(&context, vm->vcpus);
    error = error ? error : psci_node(&context);
    error = error ? error : timer_node(&context, vm);
    error = error ? error : gic_node(&context, vm);
    error = error ? error : clock_node(&context);
    error = error ? error : device_nodes(vm, &context);
    error = error ? error : chosen_node(&context, request);
    error = error ? error : fdt_symbols_node(&context);
    error = error ? error : fdt_end_node(fdt);
    return error ? error : fdt_finish(fdt);
}

/* fdt_overlay_apply() changes the overlay, and it may stand in memory that cannot be written. */
static int apply_overlay(const struct fdt_request *request, void *fdt, size_t size)
{
    const struct boot_blob *overlay = &request->overlay;
    if (overlay->size > request->overlay_space) {
        return -FDT_ERR_NOSPACE;
    }
    memcpy(request->overlay_workspace, overlay->bytes, overlay->size);
    int error = fdt_check_full(request->overlay_workspace, overlay->size);
    if (error == 0 && bh_overlay_too_deep(request->overlay_workspace)) {
        return -FDT_ERR_BADSTRUCTURE;
    }
    error = error ? error : fdt_open_into(fdt, fdt, (int)size);
    error = error ? error : fdt_overlay_apply(fdt, request->overlay_workspace);
    return error ? error : fdt_pack(fdt);
}

int fdt_build(const struct vm *vm, const struct fdt_request *request, void *fdt, size_t size,
              bool *overlay_failed)
{
    int error = write_tree(vm, request, fdt, size);
    if (error != 0 || request->overlay.size == 0) {
        return error;
    }
    error = apply_overlay(request, fdt, size);
    *overlay_failed = error != 0;
    return error;
}
