/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "escape.h"
#include "mux.h"

#define OUT_BYTES 65536

static char out[OUT_BYTES];
static size_t length;
static struct mux mux;

static void put(void *context, const char *bytes, size_t size)
{
    assert_true(length + size < sizeof(out));
    memcpy(out + length, bytes, size);
    length += size;
    out[length] = '\0';
}

static void clear(void)
{
    length = 0;
    out[0] = '\0';
}

static void start(unsigned clients)
{
    static const char *const name[] = {"manager", "a", "b", "c"};

    mux_init(&mux, clients, 1, put, NULL);
    for (unsigned i = 0; i < clients && i < 4; i++) {
        strcpy(mux.client[i].name, name[i]);
    }
    clear();
}

static void write_to(unsigned client, const char *text)
{
    mux_output(&mux, client, text, strlen(text));
}

static void one_vm_is_raw(void **state)
{
    start(2);
    write_to(1, "login: \033[1m\r");
    assert_string_equal(out, "login: \033[1m\r");
    clear();
    write_to(0, "manager: half");
    assert_string_equal(out, "");
    write_to(0, " a line\r\n");
    assert_string_equal(out, "\r\nmanager: half a line\r\n");
    clear();
    write_to(0, "manager: next\r\n");
    assert_string_equal(out, "manager: next\r\n");
}

#define A "\033[36m[a]\033[0m "
#define B "\033[33m[b]\033[0m "

static void lines_have_prefixes(void **state)
{
    start(4);
    write_to(2, "one\r\ntw");
    assert_string_equal(out, B "one\r\n");
    clear();
    write_to(2, "o\n\n");
    assert_string_equal(out, B "two\r\n" B "\r\n");
    clear();
    write_to(1, "x\r\ny");
    assert_string_equal(out, A "x\r\n" A "y");
    clear();
    write_to(1, "z\r\n");
    assert_string_equal(out, "z\r\n");
    clear();
    write_to(2, "\033[31mred\r\n");
    assert_string_equal(out, B "\033[31mred\033[0m\r\n");
}

/* Who has not got the keyboard cannot write over others' lines or have the terminal type. */
static void others_write_text_only(void **state)
{
    start(4);
    write_to(2, "x\rmanager: vm a: failed\r\n");
    assert_string_equal(out, B "xmanager: vm a: failed\r\n");
    clear();
    write_to(2, "a\033[2A\033[2Kb\033[6n\033[?1000h\033[>cc\005\b\033]0;t\007\177d\n");
    assert_string_equal(out, B "abc]0;td\033[0m\r\n");
    clear();
    write_to(2, "\033[1;31mred\t\033[31\n\033[\n\033\n");
    assert_string_equal(out, B "\033[1;31mred\t\033[0m\r\n" B "\033[0m\r\n" B "\033[0m\r\n");
    clear();
    /* U+009B begins a control sequence too, however it is written. */
    write_to(2, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xc2\xa0|\xc2\x9b"
                "6n\x9b\xe0\x82\x9b\xc3|\xff\n");
    assert_string_equal(out, B "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xc2\xa0|6n|\r\n");
    clear();
    /* The monitor has the keyboard: the same, and the manager may do what it likes. */
    mux_focus(&mux, 0);
    clear();
    write_to(1, "\033[6nx\n");
    assert_string_equal(out, A "x\033[0m\r\n");
    clear();
    write_to(0, "\r\033[Kmonitor> ");
    assert_string_equal(out, "\033[Kmonitor> ");
}

static void an_unfinished_line_comes_again(void **state)
{
    start(3);
    write_to(1, "$ ");
    assert_string_equal(out, A "$ ");
    clear();
    write_to(2, "beat\r\n");
    assert_string_equal(out, "\r\n" B "beat\r\n" A "$ ");
    clear();
    write_to(1, "ls\r\n");
    assert_string_equal(out, "ls\r\n");
    clear();
    write_to(1, "$ ");
    mux_say(&mux, "hello");
    assert_string_equal(out, A "$ \r\nconsole: hello\r\n" A "$ ");
}

/* A shell asks where the cursor is: once is enough. */
static void questions_are_not_repeated(void **state)
{
    start(3);
    write_to(1, "\033[1m# \033[6n\005\033[c|\b");
    assert_string_equal(out, A "\033[1m# \033[6n\005\033[c|\b");
    clear();
    write_to(2, "beat\n");
    assert_string_equal(out, "\r\n" B "beat\r\n" A "\033[1m# |\b");
}

/* So do questions of any other form: a terminal answers what it is asked for (colours, modes, its
 * version) in ways that would be typed again with every line of somebody else's. */
static void no_question_is_repeated(void **state)
{
    static const struct {
        const char *asked;
        const char *text; /* of it that is left */
    } question[] = {
        {"\033Z", ""},
        {"\033[5n", ""},
        {"\033[>q", ""},
        {"\033[?2026$p", ""},
        {"\033[?u", ""},
        {"\033[18t", ""},
        {"\033[1*y", ""},
        {"\033]11;?\007", ""},
        {"\033]4;1;?\033\\", ""},
        {"\033P$qm\033\\", ""},
        {"\033_Gi=1,a=q\033\\", ""},
        {"\033]11;?", ""},
        {"\033[6", ""},
        {"\033(", ""},
        {"\033", ""},
        {"\033\033[6n", "[6n"},
        {"\033[\b6n", "\b6n"},
        {"\xc2\x9b\x63", "c"},
        {"\x9b\x63", "c"},
        {"\x90$qm\x9c", "$qm"},
    };
    char expected[128];

    for (size_t i = 0; i < sizeof(question) / sizeof(question[0]); i++) {
        start(3);
        write_to(1, "\033[1m\033(B$ x\by");
        write_to(1, question[i].asked);
        clear();
        write_to(2, "beat\n");
        snprintf(expected, sizeof(expected), "\r\n" B "beat\r\n" A "\033[1m\033(B$ x\by%s",
                 question[i].text);
        assert_string_equal(out, expected);
    }
}

/* What stands on a shell's line after editing and colours looks the same when it comes again. */
static void an_edited_line_comes_again(void **state)
{
    start(3);
    write_to(1, "\033[?2004h\033]0;title\007\033[01;32m$\033[00m "
                "ab\033[2D\033[1P\033[@c\033[K\xc3\xa9\016q\017");
    clear();
    write_to(2, "beat\n");
    assert_string_equal(out, "\r\n" B "beat\r\n" A
                             "\033[01;32m$\033[00m ab\033[2D\033[1P\033[@c\033[K\xc3\xa9\016q\017");
}

static void focus_moves(void **state)
{
    start(3);
    write_to(2, "login: ");
    assert_string_equal(out, "");
    mux_say(&mux, "b");
    assert_true(mux_focus(&mux, 2));
    assert_string_equal(out, "console: b\r\n" B "login: ");
    clear();
    mux_say(&mux, "hello");
    assert_string_equal(out, "\r\nconsole: hello\r\n" B "login: ");
    clear();
    write_to(1, "hidden");
    assert_string_equal(out, "");
    assert_false(mux_focus(&mux, 3));
    assert_int_equal(mux.focus, 2);
}

static void the_monitor(void **state)
{
    start(2);
    write_to(1, "guest# ");
    clear();
    assert_true(mux_focus(&mux, 0));
    write_to(0, "monitor> li");
    assert_string_equal(out, "\r\nmonitor> li");
    clear();
    write_to(1, "beat\r\nla");
    assert_string_equal(out, "\r\nbeat\r\nmonitor> li");
    clear();
    write_to(0, "st\r\n");
    assert_string_equal(out, "st\r\n");
    clear();
    assert_true(mux_focus(&mux, 1));
    assert_string_equal(out, "la");
    write_to(1, "st\r\n");
    assert_string_equal(out, "last\r\n");
}

static void long_lines_come_in_parts(void **state)
{
    char line[3 * MUX_LINE_BYTES + 2];

    start(3);
    memset(line, 'x', sizeof(line));
    line[sizeof(line) - 1] = '\0';
    write_to(2, line);
    write_to(2, "\n");
    size_t count = 0;

    for (size_t i = 0; i < length; i++) {
        count += out[i] == 'x';
    }
    assert_int_equal(count, 3 * MUX_LINE_BYTES + 1);
}

static void a_restart_ends_the_line(void **state)
{
    start(3);
    write_to(1, "partial");
    write_to(2, "other");
    clear();
    mux_restart(&mux, 1);
    assert_string_equal(out, "\r\n");
    clear();
    mux_restart(&mux, 2);
    assert_string_equal(out, B "other\r\n");
    clear();
    mux_restart(&mux, 2);
    assert_string_equal(out, "");
}

/* What comes out is bounded as the header says, and lines of the others are whole. */
static void random_output(void **state)
{
    static const char alphabet[] = "ab\r\n\n\033x";
    char chunk[64];

    srand(3);
    start(4);
    for (unsigned step = 0; step < 100000; step++) {
        size_t size = (size_t)rand() % sizeof(chunk);

        for (size_t i = 0; i < size; i++) {
            chunk[i] = alphabet[(size_t)rand() % (sizeof(alphabet) - 1)];
        }
        clear();
        mux_output(&mux, (unsigned)rand() % 5, chunk, size);
        assert_true(length <= size * MUX_BYTES_PER_BYTE + MUX_BYTES_PER_CALL);
        if (rand() % 50 == 0) {
            mux_focus(&mux, (unsigned)rand() % 5);
        }
        if (rand() % 50 == 0) {
            mux_restart(&mux, (unsigned)rand() % 5);
        }
    }
}

static void escape_keys(void **state)
{
    struct escape escape = {0};
    uint8_t value;

    for (unsigned byte = 0; byte < 256; byte++) {
        if (byte != ESCAPE_KEY) {
            assert_int_equal(escape_input(&escape, (uint8_t)byte, &value), ESCAPE_DELIVER);
            assert_int_equal(value, byte);
        }
    }
    assert_int_equal(escape_input(&escape, ESCAPE_KEY, &value), ESCAPE_NOTHING);
    assert_int_equal(escape_input(&escape, ESCAPE_KEY, &value), ESCAPE_DELIVER);
    assert_int_equal(value, ESCAPE_KEY);
    assert_int_equal(escape_input(&escape, ESCAPE_KEY, &value), ESCAPE_NOTHING);
    assert_int_equal(escape_input(&escape, '3', &value), ESCAPE_FOCUS);
    assert_int_equal(value, 3);
    assert_int_equal(escape_input(&escape, ESCAPE_KEY, &value), ESCAPE_NOTHING);
    assert_int_equal(escape_input(&escape, 'n', &value), ESCAPE_NEXT);
    assert_int_equal(escape_input(&escape, ESCAPE_KEY, &value), ESCAPE_NOTHING);
    assert_int_equal(escape_input(&escape, 'm', &value), ESCAPE_MONITOR);
    assert_int_equal(escape_input(&escape, ESCAPE_KEY, &value), ESCAPE_NOTHING);
    assert_int_equal(escape_input(&escape, 'q', &value), ESCAPE_QUIT);
    assert_int_equal(escape_input(&escape, ESCAPE_KEY, &value), ESCAPE_NOTHING);
    assert_int_equal(escape_input(&escape, '0', &value), ESCAPE_HELP);
    assert_int_equal(escape_input(&escape, 'q', &value), ESCAPE_DELIVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_vm_is_raw),
        cmocka_unit_test(lines_have_prefixes),
        cmocka_unit_test(others_write_text_only),
        cmocka_unit_test(an_unfinished_line_comes_again),
        cmocka_unit_test(questions_are_not_repeated),
        cmocka_unit_test(no_question_is_repeated),
        cmocka_unit_test(an_edited_line_comes_again),
        cmocka_unit_test(focus_moves),
        cmocka_unit_test(the_monitor),
        cmocka_unit_test(long_lines_come_in_parts),
        cmocka_unit_test(a_restart_ends_the_line),
        cmocka_unit_test(random_output),
        cmocka_unit_test(escape_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
