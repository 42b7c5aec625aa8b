/* SPDX-License-Identifier: BSD-2-Clause */
#include <bulkhead/crt.h>
#include <stdlib.h>

_Noreturn void bh_crt_root(seL4_BootInfo *bootinfo);

_Noreturn void bh_crt_root(seL4_BootInfo *bootinfo)
{
    struct bh_thread self = {.ipc_buffer = bootinfo->ipcBuffer, .index = 0};

    __asm__ volatile("msr tpidr_el0, %0" ::"r"(&self) : "memory");
    bh_root_main(bootinfo);
    abort();
}
