/* SPDX-License-Identifier: BSD-2-Clause */
#include "cores.h"

#include "guest.h"

#define STACK_BYTES 8192u

/* What core_entry finds at x0, with its caches off. */
struct core_start {
    void *stack;
    void (*function)(uint64_t argument);
    uint64_t argument;
} __attribute__((aligned(64)));

extern const char core_entry[];

static struct core_start start[CORES_MAX][CORES_MAX]; /* [caller][core] */
static uint8_t stack[CORES_MAX][STACK_BYTES] __attribute__((aligned(16)));

int64_t core_on(unsigned n, void (*function)(uint64_t argument), uint64_t argument)
{
    struct core_start *own = &start[core_index()][n];

    *own = (struct core_start){stack[n] + STACK_BYTES, function, argument};
    __asm__ volatile("dc civac, %0\n\tdsb sy" ::"r"(own) : "memory");
    return psci_call(PSCI_CPU_ON64, n, (uint64_t)core_entry, (uint64_t)own);
}

static void call(uint64_t function)
{
    ((void (*)(void))function)();
}

bool core_start(unsigned n, void (*function)(void))
{
    return n != 0 && n < CORES_MAX && core_on(n, call, (uint64_t)function) == PSCI_SUCCESS;
}
