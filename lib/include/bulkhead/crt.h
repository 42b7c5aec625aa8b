/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What crt0 calls. A program defines one of the two; returning from it stops the thread with a
 * fault.
 */
#ifndef BULKHEAD_CRT_H
#define BULKHEAD_CRT_H

#include <bulkhead/sel4.h>
#include <bulkhead/start.h>

/* Programs that the manager starts (entry _start, linker script user.ld): once per thread, on the
 * stack the manager gave it. The start block has been checked; it names at least index + 1 threads.
 */
void bh_main(const struct bh_start *start, unsigned index);

/* The root task (entry _start_root, linker script root.ld), on a stack of BH_ROOT_STACK_SIZE. */
#define BH_ROOT_STACK_SIZE 65536
void bh_root_main(seL4_BootInfo *bootinfo);

#endif
