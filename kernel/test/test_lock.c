/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lock between threads, each of which is a core. Nothing wakes a sleeping one but what the lock
 * promises, so that a wake-up that gets lost is a hang.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "arch.h"
#include "lock.h"

#define CORES   8
#define TURNS   20000
#define CALLS   200
#define SECONDS 60

static struct core {
    struct cpu cpu;
    thrd_t thread;
    mtx_t mutex;
    cnd_t wake;
    bool woken;
    bool asked; /* a call is waiting */
    unsigned turns, sleeps, served;
    unsigned random;
} cores[CORES];

/* Written with the lock held. */
static struct {
    unsigned holders, turns;
} shared;

void arch_wait_serve(struct cpu *cpu)
{
    struct core *core = &cores[cpu->core];

    if (!__atomic_load_n(&core->asked, __ATOMIC_ACQUIRE))
        return;
    core->served++;
    __atomic_store_n(&core->asked, false, __ATOMIC_RELEASE);
}

static _Thread_local struct core *self;

void arch_wait_sleep(void)
{
    self->sleeps++;
    mtx_lock(&self->mutex);
    while (!self->woken)
        cnd_wait(&self->wake, &self->mutex);
    self->woken = false;
    mtx_unlock(&self->mutex);
}

void arch_wait_wake(unsigned number)
{
    struct core *core = &cores[number];

    mtx_lock(&core->mutex);
    core->woken = true;
    cnd_signal(&core->wake);
    mtx_unlock(&core->mutex);
}

static unsigned draw(unsigned below)
{
    self->random = self->random * 1103515245 + 12345;
    return (self->random >> 16) % below;
}

/* Mostly short; now and then so long that the others park. */
static void hold(void)
{
    if (draw(100) == 0)
        thrd_sleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    else if (draw(20) == 0)
        thrd_yield();
}

static void enter(void)
{
    if (!lock_try(LOCK_FREE))
        lock_wait(&self->cpu);
    if (shared.holders++ != 0)
        abort();
    shared.turns++;
}

static void leave(void)
{
    shared.holders--;
    lock_drop(&self->cpu);
}

static void begin(void *arg)
{
    self = arg;
    self->random = self->cpu.core + 1;
}

static int take_turns(void *arg)
{
    begin(arg);
    for (unsigned n = 0; n < TURNS; n++) {
        enter();
        self->turns++;
        hold();
        leave();
        for (unsigned pause = draw(200); pause != 0; pause--)
            __asm__ volatile("" : : : "memory");
    }
    return 0;
}

static void run(thrd_start_t first, thrd_start_t others)
{
    alarm(SECONDS);
    shared.turns = 0;
    for (unsigned n = 0; n < CORES; n++) {
        cores[n] = (struct core){.cpu.core = n};
        assert_int_equal(mtx_init(&cores[n].mutex, mtx_plain), thrd_success);
        assert_int_equal(cnd_init(&cores[n].wake), thrd_success);
    }
    for (unsigned n = 0; n < CORES; n++)
        assert_int_equal(thrd_create(&cores[n].thread, n == 0 ? first : others, &cores[n]),
                         thrd_success);
    for (unsigned n = 0; n < CORES; n++)
        assert_int_equal(thrd_join(cores[n].thread, NULL), thrd_success);
    alarm(0);
    assert_int_equal(kernel_lock.state, LOCK_FREE);
    assert_int_equal(kernel_lock.reserved, 0);
    assert_int_equal(kernel_lock.parked, 0);
}

static void everyone_gets_his_turns(void **state)
{
    (void)state;
    unsigned sleeps = 0;

    run(take_turns, take_turns);
    assert_int_equal(shared.turns, CORES * TURNS);
    for (unsigned n = 0; n < CORES; n++) {
        assert_int_equal(cores[n].turns, TURNS);
        sleeps += cores[n].sleeps;
    }
    assert_true(sleeps != 0);
}

/* The holder asks something of each of the others, which sleep or look at the lock. */
static int ask(void *arg)
{
    begin(arg);
    for (unsigned n = 0; n < CALLS; n++) {
        enter();
        if (n % 2 != 0)
            thrd_sleep(&(struct timespec){.tv_nsec = 300000}, NULL);
        for (unsigned other = 1; other < CORES; other++) {
            __atomic_store_n(&cores[other].asked, true, __ATOMIC_RELEASE);
            arch_wait_wake(other);
            while (__atomic_load_n(&cores[other].asked, __ATOMIC_ACQUIRE))
                thrd_yield();
        }
        leave();
    }
    return 0;
}

/* Always on its way into the kernel, until all calls have been served. */
static int be_asked(void *arg)
{
    begin(arg);
    while (self->served < CALLS) {
        arch_wait_serve(&self->cpu);
        enter();
        leave();
    }
    return 0;
}

static void waiting_cores_serve_calls(void **state)
{
    (void)state;
    run(ask, be_asked);
    for (unsigned n = 1; n < CORES; n++)
        assert_int_equal(cores[n].served, CALLS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyone_gets_his_turns),
        cmocka_unit_test(waiting_cores_serve_calls),
    };
    return cmocka_run_group_tests_name("keel lock", tests, NULL, NULL);
}
