/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's lines and keys, and the life of the console server, which a test plays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel.h"
#include "log.h"
#include "servers.h"
#include "servers_private.h"

#define VMS        2u
#define DRAIN_MOST 1010000u /* ticks of 1 us */

static struct board board = {.uart = 0x9000000, .uart_irq = 33};
static struct description description = {.vms = VMS, .vm = {{.name = "a"}, {.name = "b"}}};
static seL4_BootInfo info;
static struct domain vmm;

static void clear(void)
{
    fake.length = 0;
    fake.text[0] = '\0';
}

static int start(void **state)
{
    memset(&fake, 0, sizeof(fake));
    fake.priority = seL4_MaxPrio;
    fake.runs = true;
    fake.budget = BH_PIPE_CAPACITY;
    log_prompt(NULL);
    assert_true(servers_early_console(&board));
    assert_true(servers_start_console(&info, &board, &description));
    assert_true(log_flush());
    clear();
    return 0;
}

static void kill_console(void)
{
    fake_ticks += 1000000;
    servers_restart_console(NULL);
}

static void give_up(void)
{
    for (unsigned i = 0; i < LIFE_BURST; i++) {
        kill_console();
        servers_drain_lines();
    }
    clear();
    kill_console();
    assert_string_equal(fake.text, "\r\nmanager: the VMs run on without a console\r\n");
    clear();
}

static void lines_are_waited_for(void **state)
{
    log_line("one");
    assert_string_equal(fake.text, "");
    servers_drain_lines();
    assert_string_equal(fake.text, "manager: one\r\n");
    assert_int_equal(fake.priority, seL4_MaxPrio);
}

/* More than the pipe holds, and a server whose time is used up again and again. */
static void lines_are_waited_for_whatever_they_cost(void **state)
{
    char expected[4096] = "";
    size_t length = 0;

    fake.spent = true;
    for (unsigned i = 0; i < 100; i++) {
        log_line("line %u", i);
        length += (size_t)snprintf(expected + length, sizeof(expected) - length,
                                   "manager: line %u\r\n", i);
    }
    servers_drain_lines();
    assert_string_equal(fake.text, expected);
    assert_int_equal(fake.priority, seL4_MaxPrio);
}

static void a_server_that_hangs_is_not_waited_for_long(void **state)
{
    uint64_t before = fake_ticks;

    fake.runs = false;
    log_line("one");
    servers_drain_lines();
    assert_true(fake_ticks > before && fake_ticks - before <= DRAIN_MOST);
    assert_int_equal(fake.priority, seL4_MaxPrio);
}

/* Whatever a VMM leaves in its pipe. */
static void a_hostile_pipe_is_not_waited_for_long(void **state)
{
    uint64_t before = fake_ticks;

    assert_true(servers_connect_console(0, &vmm, 8));
    fake_pair(1)->to_server.produced = UINT32_MAX;
    servers_disconnect_console(0);
    assert_int_equal(fake_ticks, before);

    assert_true(servers_connect_console(0, &vmm, 8));
    fake_pair(1)->to_server.produced = BH_PIPE_CAPACITY;
    servers_disconnect_console(0);
    assert_true(fake_ticks > before && fake_ticks - before <= DRAIN_MOST);
    servers_disconnect_console(0);
    assert_true(fake_ticks - before <= DRAIN_MOST);
}

static void nobody_waits_for_a_server_given_up(void **state)
{
    give_up();

    uint64_t before = fake_ticks;

    assert_true(servers_connect_console(0, &vmm, 8));
    log_line("one");
    servers_drain_lines();
    fake_pair(1)->to_server.produced = 100;
    servers_disconnect_console(0);
    assert_int_equal(fake_ticks, before);
    assert_string_equal(fake.text, "manager: one\r\n");
    assert_true(log_drained());
    assert_int_equal(fake.realms, 0);
}

/* The server is stopped in the middle of the manager's lines: they are shown in their order, each
 * of them whole, and once. */
static void lines_survive_the_server(void **state)
{
    char expected[16384] = "";
    size_t length = 0;

    for (unsigned i = 0; i < 100; i++) {
        log_line("line %u", i);
        length += (size_t)snprintf(expected + length, sizeof(expected) - length,
                                   "manager: line %u\r\n", i);
    }
    fake_serve(25);
    fake.runs = false;
    kill_console();
    fake.runs = true;
    log_line("the last one");
    servers_drain_lines();

    char *rest = strstr(fake.text + 25, "\r\n"); /* where the UART begins */

    assert_ptr_equal(rest, fake.text + 25);
    memmove(rest, rest + 2, strlen(rest + 2) + 1);
    snprintf(expected + length, sizeof(expected) - length,
             "manager: the console server is started again\r\nmanager: the last one\r\n");
    assert_string_equal(fake.text, expected);
}

/* The old server has given the keyboard to somebody, which the manager has not heard yet. */
static void the_focus_survives_the_server(void **state)
{
    static const uint8_t typed[] = {BH_CONSOLE_COMMAND_FOCUS, 'k', BH_CONSOLE_COMMAND_FOCUS + 2,
                                    BH_CONSOLE_COMMAND_FOCUS + 1, BH_CONSOLE_COMMAND_QUIT};
    const struct bh_start *block = (const struct bh_start *)fake.page[1];
    struct bh_pipe_writer writer;
    bool wake = false;
    uint8_t byte;

    bh_pipe_writer_attach(&writer, &fake_pair(0)->to_client);
    for (unsigned i = 0; i < BH_PIPE_CAPACITY - 2; i++) { /* then it wraps around */
        assert_int_equal(bh_pipe_write(&writer, "x", 1, &wake), 1);
        assert_true(servers_console_input(&byte));
    }
    assert_int_equal(bh_pipe_write(&writer, typed, sizeof(typed), &wake), sizeof(typed));
    assert_true(servers_console_input(&byte));
    servers_note_focus(0);
    kill_console();
    assert_int_equal(block->console.focus, 1);
    for (unsigned i = 1; i < sizeof(typed); i++) {
        assert_true(servers_console_input(&byte));
        assert_int_equal(byte, typed[i]);
    }
    assert_false(servers_console_input(&byte));
}

/* The next server begins with this one's word: it has to make sense. */
static void the_focus_is_a_clients(void **state)
{
    const struct bh_start *block = (const struct bh_start *)fake.page[1];

    assert_true(servers_note_focus(VMS));
    assert_int_equal(block->console.focus, VMS);
    assert_false(servers_note_focus(VMS + 1));
    assert_false(servers_note_focus(BH_CONSOLE_COMMAND_OUT - BH_CONSOLE_COMMAND_FOCUS));
    assert_int_equal(block->console.focus, VMS);
}

/* A server that types for ever does not keep the board from being switched off. */
static void keys_for_ever_are_no_answer(void **state)
{
    struct bh_pipe_writer typist;

    bh_pipe_writer_attach(&typist, &fake_pair(0)->to_client);
    servers_ask_out();
    fake.typist = &typist;
    seL4_Signal(1);
    assert_false(servers_all_out());
    fake.typist = NULL;
    assert_false(servers_all_out());
}

/* The answer comes behind what was typed before. */
static void keys_before_the_answer_are_dropped(void **state)
{
    static const uint8_t typed[] = {'l', BH_CONSOLE_COMMAND_QUIT, BH_CONSOLE_COMMAND_OUT};
    struct bh_pipe_writer writer;
    bool wake = false;

    bh_pipe_writer_attach(&writer, &fake_pair(0)->to_client);
    servers_ask_out();
    assert_false(servers_all_out());
    assert_int_equal(bh_pipe_write(&writer, typed, sizeof(typed), &wake), sizeof(typed));
    assert_true(servers_all_out());
}

/* What is typed while the timer server starts on one core after the other. */
static void early_keys_are_heard(void **state)
{
    struct event event;

    assert_true(event_init());
    info.schedcontrol = (seL4_SlotRegion){100, 102};
    fake.signal[0] = EVENT_CONSOLE;
    fake.signal[1] = EVENT_TIMER_READY;
    fake.signal[2] = EVENT_TIMER_READY;
    fake.signals = 3;
    assert_true(servers_start_timer(&info, &board));
    event_wait(&event);
    assert_int_equal(event.badge, EVENT_CONSOLE);
}

/* Whatever step of starting it again fails, nothing is left of it, and lines are shown. */
static void nothing_is_left_of_half_a_server(void **state)
{
    unsigned steps;

    fake.steps = 0;
    kill_console();
    steps = fake.steps;
    assert_true(steps > 10);
    assert_int_equal(fake.realms, 1);
    for (unsigned i = 1; i <= steps; i++) {
        start(NULL);
        fake.steps = 0;
        fake.failing = i;
        kill_console();
        assert_int_equal(fake.realms, 0);
        assert_non_null(strstr(fake.text, "the VMs run on without a console\r\n"));
        clear();
        log_line("one");
        assert_string_equal(fake.text, "manager: one\r\n");
        assert_true(servers_connect_console(0, &vmm, 8));
        servers_disconnect_console(0);
    }
}

/* What the terminal has no time for is counted, and the count is told as soon as it has. */
static void lost_lines_are_told_of(void **state)
{
    unsigned lines = 0, shown = 0, lost = 0;

    fake.runs = false;
    for (; lines < 2000; lines++) {
        log_line("number %u", lines);
    }
    fake.runs = true;
    while (!log_drained()) {
        fake_serve(BH_PIPE_CAPACITY);
    }
    for (char *line = strtok(fake.text, "\r\n"); line; line = strtok(NULL, "\r\n")) {
        unsigned number;

        if (sscanf(line, "manager: number %u", &number) == 1) {
            assert_int_equal(number, shown);
            shown++;
        } else {
            assert_int_equal(sscanf(line, "manager: %u lines lost", &lost), 1);
        }
    }
    assert_true(lost > 0);
    assert_int_equal(shown + lost, lines);
}

/* A line is shown with the prompt around it or not at all. */
static void a_prompt_is_not_mixed_with_lines(void **state)
{
    unsigned shown = 0, lost = 0;

    log_prompt("monitor> x");
    fake.runs = false;
    for (unsigned i = 0; i < 2000; i++) {
        log_line("number");
    }
    fake.runs = true;
    while (!log_drained()) {
        fake_serve(BH_PIPE_CAPACITY);
    }
    char *at = fake.text;

    while (strncmp(at, "monitor> x\r\033[Kmanager: ", 23) == 0) {
        unsigned count;

        if (strncmp(at + 23, "number\r\n", 8) == 0) {
            shown++;
        } else {
            assert_int_equal(sscanf(at + 23, "%u lines lost\r\n", &count), 1);
            lost += count;
        }
        at = strchr(at + 23, '\n') + 1;
    }
    assert_string_equal(at, "monitor> x");
    assert_int_equal(shown + lost, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(lines_are_waited_for, start),
        cmocka_unit_test_setup(lines_are_waited_for_whatever_they_cost, start),
        cmocka_unit_test_setup(a_server_that_hangs_is_not_waited_for_long, start),
        cmocka_unit_test_setup(a_hostile_pipe_is_not_waited_for_long, start),
        cmocka_unit_test_setup(nobody_waits_for_a_server_given_up, start),
        cmocka_unit_test_setup(lines_survive_the_server, start),
        cmocka_unit_test_setup(the_focus_survives_the_server, start),
        cmocka_unit_test_setup(the_focus_is_a_clients, start),
        cmocka_unit_test_setup(keys_for_ever_are_no_answer, start),
        cmocka_unit_test_setup(keys_before_the_answer_are_dropped, start),
        cmocka_unit_test_setup(early_keys_are_heard, start),
        cmocka_unit_test_setup(nothing_is_left_of_half_a_server, start),
        cmocka_unit_test_setup(lost_lines_are_told_of, start),
        cmocka_unit_test_setup(a_prompt_is_not_mixed_with_lines, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
