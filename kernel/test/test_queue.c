/* SPDX-License-Identifier: BSD-2-Clause */
/* Ready, release and IPC queues against arrays. */
#include "world.h"

#define THREADS 24
#define STEPS   20000

static struct tcb threads[THREADS];
static struct sched_context contexts[THREADS];
static struct tcb *order[THREADS]; /* model: by falling priority, first in first out */
static unsigned count;
static unsigned seed = 5;

static unsigned pick(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % n;
}

static void model_insert_at(unsigned at, struct tcb *t)
{
    memmove(&order[at + 1], &order[at], (count - at) * sizeof(order[0]));
    order[at] = t;
    count++;
}

static void model_append(struct tcb *t)
{
    unsigned at = 0;
    while (at < count && order[at]->priority >= t->priority)
        at++;
    model_insert_at(at, t);
}

static void model_push(struct tcb *t)
{
    unsigned at = 0;
    while (at < count && order[at]->priority > t->priority)
        at++;
    model_insert_at(at, t);
}

static void model_remove(const struct tcb *t)
{
    for (unsigned i = 0; i < count; i++) {
        if (order[i] == t) {
            memmove(&order[i], &order[i + 1], (count - i - 1) * sizeof(order[0]));
            count--;
            return;
        }
    }
    fail();
}

static void setup(void)
{
    memset(cpus, 0, sizeof(cpus));
    memset(threads, 0, sizeof(threads));
    count = 0;
}

static void test_ready(void **state)
{
    setup();
    for (unsigned step = 0; step < STEPS; step++) {
        struct tcb *t = &threads[pick(THREADS)];
        if (t->in_ready) {
            ready_remove(t);
            model_remove(t);
        } else {
            t->priority = (uint8_t)(pick(8) * 37 & 255);
            if (pick(2)) {
                ready_append(t);
                model_append(t);
            } else {
                ready_push(t);
                model_push(t);
            }
        }
        assert_ptr_equal(ready_first(&cpus[0]), count ? order[0] : NULL);
        assert_int_equal(ready_top(&cpus[0]), count ? order[0]->priority : -1);
    }
    while (count) {
        assert_ptr_equal(ready_first(&cpus[0]), order[0]);
        struct tcb *t = order[0];
        ready_remove(t);
        model_remove(t);
    }
    assert_null(ready_first(&cpus[0]));
}

static void test_ipc_queue(void **state)
{
    struct tcb_queue queue = {NULL, NULL};
    bool in[THREADS] = {false};

    setup();
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned i = pick(THREADS);
        struct tcb *t = &threads[i];
        if (in[i]) {
            queue_remove(&queue, t);
            model_remove(t);
        } else {
            t->priority = (uint8_t)pick(5);
            ipc_queue_insert(&queue, t);
            model_append(t);
        }
        in[i] = !in[i];
        struct tcb *at = queue.head;
        for (unsigned k = 0; k < count; k++, at = at->next)
            assert_ptr_equal(at, order[k]);
        assert_null(at);
        assert_ptr_equal(queue.tail, count ? order[count - 1] : NULL);
    }
}

static void test_release(void **state)
{
    setup();
    for (unsigned i = 0; i < THREADS; i++) {
        threads[i].sc = &contexts[i];
        contexts[i].refill_max = 2;
        contexts[i].refill_count = 1;
    }
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned i = pick(THREADS);
        struct tcb *t = &threads[i];
        if (t->in_release) {
            release_remove(t);
        } else {
            contexts[i].refills[0].time = pick(1000);
            release_insert(t);
        }
        ticks last = 0;
        for (struct tcb *at = cpus[0].release.head; at; at = at->next) {
            assert_true(at->in_release);
            assert_true(refill_head(at->sc)->time >= last);
            last = refill_head(at->sc)->time;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ready),
        cmocka_unit_test(test_ipc_queue),
        cmocka_unit_test(test_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
