/* SPDX-License-Identifier: BSD-2-Clause */
/* The untyped pool and budgets against a model that knows every byte's owner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "budget.h"

#define BASE      UINT64_C(0x40000000)
#define POOL_BITS 24u
#define PAGES     (1u << (POOL_BITS - UT_MIN_BITS))

/* What the kernel would know: which capability slots exist. */
struct kernel {
    uint64_t next_slot;
    unsigned live; /* capabilities made by splitting */
    unsigned revokes;
    unsigned splits_left; /* then splitting fails */
};

static bool fake_split(void *context, const struct ut_block *parent, struct ut_block *low,
                       struct ut_block *high)
{
    struct kernel *kernel = context;

    assert_int_equal(parent->state, UT_FREE);
    if (kernel->splits_left == 0) {
        return false;
    }
    kernel->splits_left--;
    low->slot = kernel->next_slot++;
    high->slot = kernel->next_slot++;
    kernel->live += 2;
    return true;
}

static void fake_revoke(void *context, const struct ut_block *block)
{
    struct kernel *kernel = context;

    kernel->revokes++;
}

static void fake_forget(void *context, struct ut_block *low, struct ut_block *high)
{
    struct kernel *kernel = context;

    kernel->live -= 2;
}

static const struct ut_ops ops = {fake_split, fake_revoke, fake_forget};
static struct ut_pool pool;
static struct kernel kernel;

static int setup(void **state)
{
    kernel = (struct kernel){.next_slot = 100, .splits_left = UINT32_MAX};
    ut_pool_init(&pool, &ops, &kernel);
    return 0;
}

static void best_fit(void **state)
{
    assert_true(ut_pool_add(&pool, 1, BASE, 24, UT_RAM));
    assert_true(ut_pool_add(&pool, 2, BASE + (1u << 24), 20, UT_RAM));
    struct ut_block *block = ut_alloc(&pool, UT_RAM, 20);

    assert_non_null(block);
    assert_int_equal(block->slot, 2);
    block = ut_alloc(&pool, UT_RAM, 20);
    assert_int_equal(block->bits, 20);
    assert_int_equal(block->paddr, BASE);
    assert_null(ut_alloc(&pool, UT_DEVICE_RAM, 20));
    assert_null(ut_alloc(&pool, UT_RAM, UT_MIN_BITS - 1));
}

static void at_an_address(void **state)
{
    ut_pool_add(&pool, 1, 0x8000000, 24, UT_DEVICE);
    struct ut_block *block = ut_alloc_at(&pool, 0x8040000, 12);

    assert_non_null(block);
    assert_int_equal(block->paddr, 0x8040000);
    assert_null(ut_alloc_at(&pool, 0x8040000, 12));
    assert_null(ut_alloc_at(&pool, 0x8040800, 12));
    assert_null(ut_alloc_at(&pool, 0x9000000, 12));
    assert_non_null(ut_alloc_at(&pool, 0x8041000, 12));
}

static void a_failed_split_leaves_nothing(void **state)
{
    ut_pool_add(&pool, 1, BASE, 24, UT_RAM);
    for (unsigned allowed = 0; allowed < 12; allowed++) {
        kernel.splits_left = allowed;
        assert_null(ut_alloc(&pool, UT_RAM, 12));
        assert_int_equal(kernel.live, 0);
        assert_int_equal(ut_free_bytes(&pool, UT_RAM), 1u << 24);
    }
    kernel.splits_left = 12;
    assert_non_null(ut_alloc(&pool, UT_RAM, 12));
}

static void blocks_run_out(void **state)
{
    unsigned count = 0;

    while (ut_pool_add(&pool, count + 1, BASE + ((uint64_t)count << 12), 12, UT_RAM)) {
        count++;
    }
    assert_int_equal(count, UT_MAX_BLOCKS);
    ut_pool_init(&pool, &ops, &kernel);
    ut_pool_add(&pool, 1, BASE, 30, UT_RAM);
    count = 0;
    while (ut_alloc(&pool, UT_RAM, 12)) {
        count++;
    }
    assert_true(count > UT_MAX_BLOCKS / 4);
    assert_int_equal(ut_free_bytes(&pool, UT_RAM), (UINT64_C(1) << 30) - ((uint64_t)count << 12));
}

static void random_against_model(void **state)
{
    static uint8_t owned[PAGES];
    static struct ut_block *held[PAGES];
    unsigned count = 0;

    srand(4711);
    memset(owned, 0, sizeof(owned));
    ut_pool_add(&pool, 1, BASE, POOL_BITS, UT_RAM);
    for (unsigned step = 0; step < 30000; step++) {
        if (count > 0 && rand() % 5 < 2) {
            unsigned i = (unsigned)rand() % count;

            memset(owned + ((held[i]->paddr - BASE) >> 12), 0, 1u << (held[i]->bits - 12));
            ut_free(&pool, held[i]);
            held[i] = held[--count];
            continue;
        }
        unsigned bits = 12 + (unsigned)rand() % 7;
        struct ut_block *block = ut_alloc(&pool, UT_RAM, bits);

        if (!block) {
            continue;
        }
        assert_int_equal(block->bits, bits);
        assert_int_equal(block->paddr & ((1u << bits) - 1), 0);
        for (unsigned page = 0; page < 1u << (bits - 12); page++) {
            assert_int_equal(owned[((block->paddr - BASE) >> 12) + page]++, 0);
        }
        held[count++] = block;
    }
    while (count > 0) {
        ut_free(&pool, held[--count]);
    }
    assert_int_equal(ut_free_bytes(&pool, UT_RAM), 1u << POOL_BITS);
    assert_int_equal(kernel.live, 0);
    assert_non_null(ut_alloc(&pool, UT_RAM, POOL_BITS));
}

/* The kernel lays objects of one untyped out one behind the other, each aligned to its size: what
 * budget_room() promises has to fit in there. */
static void a_budget_fits(void **state)
{
    static uint64_t used[UT_MAX_BLOCKS];
    struct budget budget;

    srand(42);
    ut_pool_add(&pool, 1, BASE, POOL_BITS, UT_RAM);
    for (unsigned round = 0; round < 20; round++) {
        uint64_t objects = 0;

        memset(used, 0, sizeof(used));
        budget_init(&budget, &pool);
        for (unsigned i = 0; i < 400; i++) {
            unsigned bits = 4 + (unsigned)rand() % 14;
            uint64_t size = UINT64_C(1) << bits;
            struct ut_block *block = budget_room(&budget, bits);

            if (!block) {
                break;
            }
            uint64_t *mark = &used[block - pool.block];

            *mark = ((*mark + size - 1) & ~(size - 1)) + size;
            assert_true(*mark <= UINT64_C(1) << block->bits);
            objects += size;
        }
        assert_int_equal(budget.objects, objects);
        assert_int_equal(budget.taken, (1u << POOL_BITS) - ut_free_bytes(&pool, UT_RAM));
        budget_release(&budget);
        assert_int_equal(ut_free_bytes(&pool, UT_RAM), 1u << POOL_BITS);
        assert_int_equal(kernel.live, 0);
    }
}

static void a_budget_has_an_end(void **state)
{
    struct budget budget;
    unsigned count = 0;

    ut_pool_add(&pool, 1, BASE, POOL_BITS, UT_RAM);
    budget_init(&budget, &pool);
    while (budget_block(&budget, UT_RAM, 12)) {
        count++;
    }
    assert_int_equal(count, BUDGET_MAX_BLOCKS);
    assert_null(budget_room(&budget, 12));
    budget_release(&budget);
    assert_int_equal(ut_free_bytes(&pool, UT_RAM), 1u << POOL_BITS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(best_fit, setup),
        cmocka_unit_test_setup(at_an_address, setup),
        cmocka_unit_test_setup(a_failed_split_leaves_nothing, setup),
        cmocka_unit_test_setup(blocks_run_out, setup),
        cmocka_unit_test_setup(random_against_model, setup),
        cmocka_unit_test_setup(a_budget_fits, setup),
        cmocka_unit_test_setup(a_budget_has_an_end, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
