/* SPDX-License-Identifier: BSD-2-Clause */
/* A VM's console output: lines of the VMM are whole or told of, however full the pipe is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/sel4/output.h"

struct both {
    struct bh_pipe_pair pair;
    struct output output;
    struct bh_pipe_reader reader;
};

static int set_up(void **state)
{
    struct both *both = calloc(1, sizeof(*both));

    assert_non_null(both);
    bh_pipe_pair_init(&both->pair);
    output_attach(&both->output, &both->pair.to_server);
    bh_pipe_reader_attach(&both->reader, &both->pair.to_server);
    *state = both;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

/* Everything in the pipe, in order. */
static void expect(struct both *both, const char *text)
{
    char read[BH_PIPE_CAPACITY + 1];
    bool wake = false;
    size_t size = bh_pipe_read(&both->reader, read, BH_PIPE_CAPACITY, &wake);

    read[size] = '\0';
    assert_string_equal(read, text);
}

static void line(struct both *both, const char *text)
{
    output_line(&both->output, text, strlen(text));
}

static void fill(struct both *both, size_t room)
{
    static const char dots[BH_PIPE_CAPACITY] = {[0 ... BH_PIPE_CAPACITY - 1] = '.'};
    size_t size = bh_pipe_room(&both->output.writer) - room;

    assert_int_equal(output_write(&both->output, dots, size), size);
}

static void drain(struct both *both)
{
    char read[BH_PIPE_CAPACITY];
    bool wake = false;

    bh_pipe_read(&both->reader, read, sizeof(read), &wake);
}

static void test_lines_between_bytes(void **state)
{
    struct both *both = *state;

    line(both, "first");
    output_write(&both->output, "half a", 6);
    line(both, "second");
    output_write(&both->output, " line\n", 6);
    line(both, "third");
    expect(both, "vmm: first\r\nhalf a\r\nvmm: second\r\n line\nvmm: third\r\n");
}

/* In every state of the pipe the line is there whole, or not at all and told of later. */
static void test_every_room(void **state)
{
    struct both *both = *state;
    const char *whole = "\r\nvmm: a line\r\n";

    for (size_t room = 0; room <= 2 * strlen(whole); room++) {
        char read[BH_PIPE_CAPACITY];
        bool wake = false;
        bool fits = room >= strlen(whole);

        fill(both, room);
        line(both, "a line");
        size_t size = bh_pipe_read(&both->reader, read, sizeof(read), &wake);
        assert_int_equal(size, BH_PIPE_CAPACITY - room + (fits ? strlen(whole) : 0));
        if (fits) {
            assert_memory_equal(read + size - strlen(whole), whole, strlen(whole));
        } else {
            assert_int_equal(read[size - 1], '.');
            line(both, "next");
            expect(both, "\r\nvmm: (1 lines lost)\r\nvmm: next\r\n");
        }
    }
}

static void test_lost_lines_are_counted_once(void **state)
{
    struct both *both = *state;

    fill(both, 0);
    for (int n = 0; n < 1000; n++) {
        line(both, "nobody reads this");
    }
    drain(both);
    line(both, "again");
    line(both, "and again");
    expect(both, "\r\nvmm: (1000 lines lost)\r\nvmm: again\r\nvmm: and again\r\n");
}

static void test_long_line_is_cut(void **state)
{
    struct both *both = *state;
    char text[OUTPUT_LINE_MAX * 2], expected[OUTPUT_LINE_MAX + 16];

    memset(text, 'x', sizeof(text));
    output_line(&both->output, text, sizeof(text));
    snprintf(expected, sizeof(expected), "vmm: %.*s\r\n", (int)OUTPUT_LINE_MAX, text);
    expect(both, expected);
}

/* The guest's bytes are taken as far as there is room, and the reader knows of the writer. */
static void test_guest_bytes(void **state)
{
    struct both *both = *state;
    bool wake = false;
    char byte;

    fill(both, 2);
    assert_int_equal(output_write(&both->output, "abc", 3), 2);
    assert_int_equal(bh_pipe_read(&both->reader, &byte, 1, &wake), 1);
    assert_true(wake);
    assert_int_equal(output_write(&both->output, "c", 1), 1);
    drain(both);
    assert_false(both->output.wake_due);
    assert_false(bh_pipe_reader_arm(&both->reader));
    output_write(&both->output, "d", 1);
    assert_true(both->output.wake_due);
}

static void test_not_attached(void **state)
{
    struct output output = {0};

    assert_int_equal(output_write(&output, "abc", 3), 3);
    output_line(&output, "line", 4);
    assert_int_equal(output.lines_lost, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lines_between_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lost_lines_are_counted_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_line_is_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_guest_bytes, set_up, tear_down),
        cmocka_unit_test(test_not_attached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
