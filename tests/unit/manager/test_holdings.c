/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "holdings.h"

#define PAGES  64u
#define SPACES 4u
#define PAGE   4096u

static struct holdings holdings;

static void add(uint64_t owner, uint64_t space, uint64_t page, uint64_t count, bool writable)
{
    holdings_add(&holdings, (struct holding){.owner = owner,
                                             .space = space,
                                             .base = page * PAGE,
                                             .size = count * PAGE,
                                             .writable = writable});
}

/* RAM comes page by page, in a guest and its VMM by turns; that is two holdings, and one range. */
static void joined(void **state)
{
    const struct holding *who[4];
    uint64_t base, size;

    memset(&holdings, 0, sizeof(holdings));
    for (uint64_t page = 8; page < 24; page++) {
        add(1, 10, page, 1, true);
        add(1, 11, page, 1, true);
    }
    assert_int_equal(holdings.count, 2);
    assert_int_equal(holdings_next(&holdings, 0, &base, &size, who, 4), 2);
    assert_int_equal(base, 8 * PAGE);
    assert_int_equal(size, 16 * PAGE);
    assert_int_equal(holdings_next(&holdings, base + size, &base, &size, who, 4), 0);
}

static void ends(void **state)
{
    const struct holding *who[4];
    uint64_t base, size;

    memset(&holdings, 0, sizeof(holdings));
    add(1, 10, 0, 4, true);
    add(2, 10, 4, 4, false);
    add(1, 11, 2, 1, false);
    holdings_drop_owner(&holdings, 2);
    assert_int_equal(holdings.count, 2);
    holdings_drop_space(&holdings, 10);
    assert_int_equal(holdings_next(&holdings, 0, &base, &size, who, 4), 1);
    assert_int_equal(who[0]->space, 11);
    assert_false(who[0]->writable);
    assert_int_equal(base, 2 * PAGE);
    assert_int_equal(size, PAGE);
}

static void full(void **state)
{
    memset(&holdings, 0, sizeof(holdings));
    for (uint64_t i = 0; i <= HOLDINGS_MAX; i++) {
        assert_false(holdings.incomplete);
        add(1, 10, 2 * i, 1, true);
    }
    assert_true(holdings.incomplete);
    assert_int_equal(holdings.count, HOLDINGS_MAX);
}

/* Against a table of pages: 0 = nothing, 1 = reads, 2 = writes. */
static void model(void **state)
{
    srand(3);
    for (unsigned round = 0; round < 300; round++) {
        uint8_t table[PAGES][SPACES] = {{0}};
        uint8_t seen[PAGES][SPACES] = {{0}};
        uint64_t base = 0, size = 0;
        const struct holding *who[SPACES];
        unsigned count;

        memset(&holdings, 0, sizeof(holdings));
        for (unsigned n = (unsigned)rand() % 24; n > 0; n--) {
            unsigned space = (unsigned)rand() % SPACES, first = (unsigned)rand() % PAGES;
            unsigned length = 1 + (unsigned)rand() % (PAGES - first);
            bool writable = rand() % 2;

            add((unsigned)rand() % 2, space, first, length, writable);
            for (unsigned page = first; page < first + length; page++) {
                uint8_t now = writable ? 2 : 1;

                table[page][space] = now > table[page][space] ? now : table[page][space];
            }
        }
        while ((count = holdings_next(&holdings, base + size, &base, &size, who, SPACES)) > 0) {
            for (uint64_t page = base / PAGE; page < (base + size) / PAGE; page++) {
                for (unsigned i = 0; i < count; i++) {
                    assert_int_equal(seen[page][who[i]->space], 0);
                    seen[page][who[i]->space] = who[i]->writable ? 2 : 1;
                }
            }
        }
        assert_memory_equal(table, seen, sizeof(table));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(joined), cmocka_unit_test(ends),
                                       cmocka_unit_test(full), cmocka_unit_test(model)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
