/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "command.h"

static void parses(const char *line, enum command_kind kind, const char *name)
{
    struct command command = command_parse(line);

    assert_int_equal(command.kind, kind);
    assert_string_equal(command.name, name);
}

static void commands(void **state)
{
    parses("", COMMAND_EMPTY, "");
    parses("   ", COMMAND_EMPTY, "");
    parses("help", COMMAND_HELP, "");
    parses("  list  ", COMMAND_LIST, "");
    parses("stats", COMMAND_STATS, "");
    parses("stats list", COMMAND_STATS_OF, "list");
    parses("pause a", COMMAND_PAUSE, "a");
    parses("resume a", COMMAND_RESUME, "a");
    parses("stop debian", COMMAND_STOP, "debian");
    parses(" restart   sixteen-letters- ", COMMAND_RESTART, "sixteen-letters-");
    parses("console b", COMMAND_CONSOLE, "b");
    parses("kill x", COMMAND_KILL, "x");
    parses("start x", COMMAND_START, "x");
}

static void mistakes(void **state)
{
    parses("lis", COMMAND_UNKNOWN, "");
    parses("listt", COMMAND_UNKNOWN, "");
    parses("list x", COMMAND_WANTS_NAME, "");
    parses("stop", COMMAND_WANTS_NAME, "");
    parses("stop a b", COMMAND_WANTS_NAME, "");
    parses("stop a kill", COMMAND_WANTS_NAME, "");
    parses("stats a list", COMMAND_WANTS_NAME, "");
    parses("pause", COMMAND_WANTS_NAME, "");
    parses("stop seventeen-letters", COMMAND_WANTS_NAME, "");
}

static void typed(struct command_line *line, const char *keys, const char *shown)
{
    char all[256] = "";
    char echo[COMMAND_ECHO_BYTES];

    for (; *keys; keys++) {
        assert_false(command_type(line, (uint8_t)*keys, echo));
        strcat(all, echo);
    }
    assert_string_equal(all, shown);
}

static void typing(void **state)
{
    struct command_line line = {.length = 0};
    char echo[COMMAND_ECHO_BYTES];

    typed(&line, "lisx\b\x7f", "lisx\b \b\b \b");
    assert_string_equal(line.text, "li");
    typed(&line, "\b\b\b", "\b \b\b \b");
    typed(&line, "\033\001", "");
    typed(&line, "list", "list");
    assert_true(command_type(&line, '\r', echo));
    assert_string_equal(echo, "\r\n");
    assert_string_equal(line.text, "list");
}

static void any_bytes(void **state)
{
    struct command_line line = {.length = 0};
    char echo[COMMAND_ECHO_BYTES];

    srand(11);
    for (unsigned i = 0; i < 200000; i++) {
        bool done = command_type(&line, (uint8_t)rand(), echo);

        assert_true(strlen(echo) < sizeof(echo));
        assert_int_equal(strlen(line.text), line.length);
        if (done) {
            command_parse(line.text);
        }
        if (rand() % 100 == 0) {
            line = (struct command_line){.length = 0};
        }
    }
}

static void help(void **state)
{
    unsigned n = 0;

    while (command_help(n)) {
        n++;
    }
    assert_int_equal(n, 11);
    assert_null(command_help(UINT32_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands),  cmocka_unit_test(mistakes), cmocka_unit_test(typing),
        cmocka_unit_test(any_bytes), cmocka_unit_test(help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
