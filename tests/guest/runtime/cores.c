/* SPDX-License-Identifier: BSD-2-Clause */
#include "cores.h"

#include "guest.h"

#define STACK_BYTES 8192u

/* What core_entry finds at x0. */
struct core_start {
    void *stack;
    void (*function)(void);
};

extern const char core_entry[];

static struct core_start start[CORES_MAX];
static uint8_t stack[CORES_MAX][STACK_BYTES] __attribute__((aligned(16)));

bool core_start(unsigned n, void (*function)(void))
{
    if (n == 0 || n >= CORES_MAX)
        return false;
    start[n] = (struct core_start){stack[n] + STACK_BYTES, function};
    __asm__ volatile("dsb sy" ::: "memory");
    return psci_call(PSCI_CPU_ON64, n, (uint64_t)core_entry, (uint64_t)&start[n]) == 0;
}
