/* SPDX-License-Identifier: BSD-2-Clause */
/* What the loader's portable part and its architecture part want of each other. */
#ifndef LOADER_BOOT_H
#define LOADER_BOOT_H

#include "facts.h"
#include "plan.h"

#include <stdbool.h>
#include <stdint.h>

/* The devicetree is readable in this many bytes from its start when boot_main is called. */
#define BOOT_FDT_WINDOW 0x200000u

/* What lies above cannot be mapped. */
#define BOOT_MAP_END (UINT64_C(1) << 39)

/* This program in memory, and the size of the whole boot image in its two headers (0 = not filled
 * in). */
extern const uint8_t boot_image[], boot_image_end[];
extern const uint64_t boot_image_size;
extern const uint32_t boot_pe_size;

/* The kernel's arguments, in the order of its registers; offsets are known to assembler code. */
struct boot_handoff {
    uint64_t user_start;
    uint64_t user_end;
    uint64_t user_offset; /* physical minus virtual address of the user image */
    uint64_t user_entry;
    uint64_t fdt;
    uint64_t fdt_size;
    uint64_t kernel_entry;
};

/* Called on the boot core with translation and caches on. fdt may be NULL or no devicetree. */
_Noreturn void boot_main(void *fdt);

/* True if this processor is at the level a hypervisor's kernel is entered at. */
bool arch_right_level(void);

/* Identity map with RAM as normal memory, the rest as device memory. False: does not fit. */
bool arch_map_final(const struct facts *facts);

/* Add the kernel's window to the map. False if the window is not possible. */
bool arch_map_kernel(const struct plan *plan);

/* Make moved code and data visible to instruction fetches and to cores without caches. */
void arch_publish(uint64_t start, uint64_t end);

/* Leave the firmware's translation and enter the image as a boot loader does. The image and the
 * devicetree must have been published. */
_Noreturn void arch_enter_image(const void *fdt);

/* Affinity fields of the core that runs this. */
uint64_t arch_mpidr(void);

/* To be called before the first arch_start_core. */
void arch_prepare_handoff(const struct boot_handoff *handoff);

#define BOOT_CORE_SILENT 1 /* PSCI has started the core, which does not arrive */

/* Start a core, which enters the kernel as logical core `number`; returns once it is about to.
 * `conduit` is not PSCI_NONE. Returns 0, BOOT_CORE_SILENT, or PSCI's negative error code. */
int64_t arch_start_core(enum psci_conduit conduit, uint64_t mpidr, unsigned number);

_Noreturn void arch_enter_kernel(const struct boot_handoff *handoff, uint64_t number);
_Noreturn void arch_halt(void);

#endif
