/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The block of a native thread. TPIDR_EL0 holds its address from crt0 on.
 */
#ifndef BULKHEAD_THREAD_H
#define BULKHEAD_THREAD_H

#include <stdint.h>

struct bh_thread {
    void *ipc_buffer; /* first word: <bulkhead/sel4.h> relies on it */
    uint64_t index;   /* 0 = first thread of the program */
};

/* The calling thread's block. */
static inline struct bh_thread *bh_thread_self(void)
{
    struct bh_thread *self;

    __asm__("mrs %0, tpidr_el0" : "=r"(self));
    return self;
}

#endif
