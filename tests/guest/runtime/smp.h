/* SPDX-License-Identifier: BSD-2-Clause */
/* More than one core: switching them on and off, and having them do something at the same time. */
#ifndef TEST_GUEST_SMP_H
#define TEST_GUEST_SMP_H

#include "cores.h"
#include "guest.h"

/* What a program of several cores begins with: MMU, interrupt controller, the handler of
 * interrupts. Returns how many cores there are, CORES_MAX at most; 0 after a failed check. */
unsigned smp_begin(void (*handler)(struct frame *frame));

/* What a core found when it was switched on. */
struct smp_arrival {
    volatile unsigned count;  /* how often it came */
    volatile unsigned caller; /* core whose CPU_ON it was, by the context argument */
    volatile bool clean;      /* EL1, MMU and caches off, exceptions masked */
};
extern struct smp_arrival smp_arrival[CORES_MAX];

/*
 * CPU_ON. The core sets up its MMU and its interface of the interrupt controller, runs the
 * function with interrupts masked, and ends with CPU_OFF. Returns what PSCI says.
 */
int64_t smp_on(unsigned core, void (*function)(void));

/* How long is waited at most: emulated cores are slow where two processors have to be eight. */
#define SMP_PATIENCE_US 60000000ul

/* AFFINITY_INFO; waiting until it gives a certain answer. */
int64_t smp_state(unsigned core);
bool smp_wait_state(unsigned core, int64_t state);

/* Runs the function on all cores, this one included. False: a core did not come or did not end. */
bool smp_run(void (*function)(void));

/* Waits until all of `count` cores are here. */
bool smp_meet(unsigned count);

/* Waits for a condition. */
#define smp_wait_for(condition)                                                                    \
    ({                                                                                             \
        uint64_t end_ = now() + ticks_of_us(SMP_PATIENCE_US);                                      \
        while (!(condition) && now() < end_)                                                       \
            ;                                                                                      \
        (condition);                                                                               \
    })

static inline void smp_add(volatile unsigned *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_SEQ_CST);
}

#endif
