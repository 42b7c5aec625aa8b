/* SPDX-License-Identifier: BSD-2-Clause */
/* Region bus, guest memory, log limit. */
#include "machine.h"

#include <string.h>

static enum region_result answer(void *opaque, struct vcpu *vcpu, uint64_t offset, unsigned width,
                                 bool write, uint64_t *value)
{
    *value = (uint64_t)(uintptr_t)opaque + offset;
    return REGION_HANDLED;
}

static struct region region_at(uint64_t base, uint64_t size)
{
    return (struct region){
        .name = "r", .base = base, .size = size, .access = answer, .opaque = (void *)base};
}

static void bus_refuses_nonsense(void **state)
{
    struct region_bus bus = {.count = 0};
    struct region r = region_at(0x1000, 0);
    assert_false(region_bus_add(&bus, &r));
    r = region_at(UINT64_MAX - 10, 0x1000);
    assert_false(region_bus_add(&bus, &r));
    r = region_at(0x1000, 0x1000);
    assert_true(region_bus_add(&bus, &r));
    r = region_at(0x1fff, 1);
    assert_false(region_bus_add(&bus, &r));
    r = region_at(0, 0x1001);
    assert_false(region_bus_add(&bus, &r));
    r = region_at(0, 0x1000);
    assert_true(region_bus_add(&bus, &r));
    for (unsigned i = 2; i < REGION_BUS_MAX; i++) {
        r = region_at(0x10000 + i * 0x1000, 0x1000);
        assert_true(region_bus_add(&bus, &r));
    }
    r = region_at(0x1000000, 0x1000);
    assert_false(region_bus_add(&bus, &r));
}

/* Against a naive search over random regions. */
static void bus_finds_like_a_scan(void **state)
{
    uint64_t seed = 88172645463325252u;
    for (unsigned round = 0; round < 50; round++) {
        struct region_bus bus = {.count = 0};
        struct region kept[REGION_BUS_MAX];
        unsigned count = 0;
        struct vcpu vcpu = {.index = 0};
        for (unsigned i = 0; i < 40; i++) {
            struct region r = region_at(random_next(&seed) % 4096, random_next(&seed) % 64 + 1);
            if (region_bus_add(&bus, &r)) {
                kept[count++] = r;
            }
        }
        for (unsigned i = 0; i < 2000; i++) {
            uint64_t at = random_next(&seed) % 4300;
            unsigned width = 1u << (random_next(&seed) % 4);
            const struct region *expected = NULL;
            for (unsigned k = 0; k < count; k++) {
                if (at >= kept[k].base && at + width <= kept[k].base + kept[k].size) {
                    expected = &kept[k];
                }
            }
            uint64_t value = 0;
            enum region_result result =
                region_bus_access(&bus, &vcpu, &vcpu.last_region, at, width, false, &value);
            assert_int_equal(result, expected != NULL ? REGION_HANDLED : REGION_UNHANDLED);
            assert_true(expected == NULL || value == at);
        }
    }
}

static void memory_is_bounded(void **state)
{
    static uint8_t bytes[0x2000];
    struct guest_memory memory = {.banks = 0};
    assert_false(guest_memory_add(&memory, 0x1000, 0, bytes));
    assert_false(guest_memory_add(&memory, UINT64_MAX, 0x1000, bytes));
    assert_true(guest_memory_add(&memory, 0x10000, 0x1000, bytes));
    assert_false(guest_memory_add(&memory, 0x10fff, 0x1000, bytes));
    assert_true(guest_memory_add(&memory, 0x11000, 0x1000, bytes + 0x1000));

    assert_ptr_equal(guest_memory_at(&memory, 0x10000, 0x1000), bytes);
    assert_null(guest_memory_at(&memory, 0x10000, 0));
    assert_null(guest_memory_at(&memory, 0x10000, 0x1001)); /* crosses banks */
    assert_null(guest_memory_at(&memory, 0x10fff, 2));
    assert_null(guest_memory_at(&memory, 0xffff, 2));
    assert_null(guest_memory_at(&memory, 0x10010, UINT64_MAX));
    assert_null(guest_memory_at(&memory, UINT64_MAX, 2));
    assert_null(guest_memory_at(&memory, UINT64_MAX - 3, 8));
    uint32_t word = 0x12345678;
    assert_true(guest_memory_write(&memory, 0x11ffc, &word, 4));
    word = 0;
    assert_true(guest_memory_read(&memory, 0x11ffc, &word, 4));
    assert_int_equal(word, 0x12345678);
    assert_false(guest_memory_read(&memory, 0x11ffd, &word, 4));
}

static void log_is_limited(void **state)
{
    struct log_limit limit = {.used = 0};
    fake_reset();
    for (unsigned i = 0; i < 1000; i++) {
        log_limited(&limit, 5, 1000, "line %u", i);
    }
    assert_int_equal(fake.log_lines, LOG_LINES_PER_SECOND);
    log_limited(&limit, 1005, 1000, "later");
    assert_int_equal(fake.log_lines, LOG_LINES_PER_SECOND + 2); /* and how many are missing */
    assert_non_null(strstr(fake.log, "992 lines not shown"));
    log_limited(&limit, 7, 0, "no clock");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bus_refuses_nonsense),
        cmocka_unit_test(bus_finds_like_a_scan),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(log_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
