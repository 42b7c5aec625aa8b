/* SPDX-License-Identifier: BSD-2-Clause */
/* From the machine's entry state to C: the thread's block lives at the base of its stack. */
#include <bulkhead/crt.h>
#include <stdlib.h>

_Noreturn void bh_crt_user(const struct bh_start *start, uint64_t index);

static void become(struct bh_thread *self)
{
    __asm__ volatile("msr tpidr_el0, %0" ::"r"(self) : "memory");
}

_Noreturn void bh_crt_user(const struct bh_start *start, uint64_t index)
{
    struct bh_thread self;

    if (start->magic != BH_START_MAGIC || start->version != BH_START_VERSION ||
        index >= start->threads || index >= BH_MAX_CORES) {
        abort();
    }
    self.ipc_buffer = (void *)start->thread[index].ipc_buffer;
    self.index = index;
    become(&self);
    bh_main(start, (unsigned)index);
    abort();
}
