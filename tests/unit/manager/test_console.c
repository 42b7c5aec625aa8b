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

#include <bulkhead/ring.h>
#include <bulkhead/time.h>

#include "fault.h"
#include "log.h"
#include "servers.h"
#include "servers_private.h"
#include "uart.h"
#include "window.h"

#define VMS        2u
#define PAGES      16u
#define DRAIN_MOST 60000u /* ticks of 1 us */

uint64_t fake_ticks;

static struct {
    _Alignas(4096) uint8_t page[PAGES][4096];
    size_t length;       /* of text */
    seL4_Word priority;  /* the manager's */
    seL4_Word signal[4]; /* badges that the manager's next waits return */
    struct realm own;
    unsigned pages;
    unsigned realms;  /* that exist */
    unsigned steps;   /* things asked of the kernel */
    unsigned failing; /* the one that fails; 0 = none */
    unsigned signals;
    unsigned heard; /* of them */
    bool runs;      /* the server takes what there is when the manager lets it */
    bool suspended;
    struct bh_pipe_writer *typist; /* fills the manager's pipe whenever that has room */
    unsigned typed;
    char text[65536]; /* what stands on the terminal */
} fake;

static struct board board = {.uart = 0x9000000, .uart_irq = 33};
static struct description description = {.vms = VMS, .vm = {{.name = "a"}, {.name = "b"}}};
static seL4_BootInfo info;
static struct domain vmm;

static void show(const char *text, size_t size)
{
    assert_true(fake.length + size < sizeof(fake.text));
    memcpy(fake.text + fake.length, text, size);
    fake.length += size;
    fake.text[fake.length] = '\0';
}

static bool step(void)
{
    return ++fake.steps != fake.failing;
}

static struct bh_pipe_pair *pair(unsigned client)
{
    return (struct bh_pipe_pair *)fake.page[2 + client];
}

/* The server takes up to `most` bytes of the manager's. */
static void serve(size_t most)
{
    struct bh_pipe_reader reader;
    char bytes[BH_PIPE_CAPACITY];
    bool wake = false;

    bh_pipe_reader_attach(&reader, &pair(0)->to_server);
    show(bytes, bh_pipe_read(&reader, bytes, most < sizeof(bytes) ? most : sizeof(bytes), &wake));
}

/* --- what the files under test use ----------------------------------------------------------- */

void uart_write(volatile void *registers, const char *text, size_t size)
{
    show(text, registers ? size : 0);
}

void seL4_Signal(seL4_CPtr notification)
{
    bool wake = false;

    while (fake.typist && bh_pipe_writer_arm(fake.typist)) {
        bh_pipe_write(fake.typist, "x", 1, &wake);
        assert_true(++fake.typed < 100 * BH_PIPE_CAPACITY); /* else it goes on for ever */
    }
}

void seL4_Yield(void)
{
    fake_ticks += 1000;
    if (fake.runs && !fake.suspended && fake.priority < 220) {
        serve(BH_PIPE_CAPACITY);
    }
}

seL4_Error seL4_TCB_SetPriority(seL4_CPtr tcb, seL4_CPtr authority, seL4_Word priority)
{
    fake.priority = priority;
    return seL4_NoError;
}

seL4_Error seL4_TCB_Suspend(seL4_CPtr tcb)
{
    fake.suspended = true;
    return seL4_NoError;
}

static seL4_Error answer(void)
{
    return step() ? seL4_NoError : seL4_NotEnoughMemory;
}

seL4_Error seL4_TCB_BindNotification(seL4_CPtr tcb, seL4_CPtr notification)
{
    return answer();
}

seL4_Error seL4_IRQControl_GetTrigger(seL4_CPtr control, seL4_Word irq, seL4_Word trigger,
                                      seL4_CPtr root, seL4_Word index, seL4_Uint8 depth)
{
    return answer();
}

seL4_Error seL4_IRQHandler_SetNotification(seL4_CPtr handler, seL4_CPtr notification)
{
    return answer();
}

seL4_Error seL4_TCB_Configure(seL4_CPtr tcb, seL4_CPtr cspace, seL4_Word guard, seL4_CPtr vspace,
                              seL4_Word data, seL4_Word buffer, seL4_CPtr frame)
{
    return answer();
}

seL4_Error seL4_TCB_SetSchedParams(seL4_CPtr tcb, seL4_CPtr authority, seL4_Word mcp,
                                   seL4_Word priority, seL4_CPtr sc, seL4_CPtr fault_ep)
{
    return answer();
}

seL4_MessageInfo_t seL4_Recv(seL4_CPtr source, seL4_Word *badge, seL4_CPtr reply)
{
    assert_true(fake.heard < fake.signals); /* else it waits for ever */
    *badge = fake.signal[fake.heard++];
    return seL4_MessageInfo_new(0, 0, 0, 0);
}

seL4_MessageInfo_t seL4_NBWait(seL4_CPtr notification, seL4_Word *badge)
{
    return seL4_MessageInfo_new(0, 0, 0, 0);
}

void seL4_Send(seL4_CPtr to, seL4_MessageInfo_t message)
{
}

seL4_Word seL4_GetMR(int n)
{
    return 0;
}

void seL4_SetMR(int n, seL4_Word word)
{
}

struct realm *memory_own(void)
{
    return &fake.own;
}

seL4_CPtr memory_device_frame(uint64_t paddr)
{
    return 1;
}

void *memory_keep(seL4_CPtr frame, seL4_Word attributes)
{
    assert_true(fake.pages < PAGES);
    return fake.page[fake.pages++];
}

seL4_CPtr realm_simple(struct realm *realm, seL4_Word type)
{
    return step() ? 2 : 0;
}

bool realm_create(struct realm *realm, unsigned bits)
{
    bool done = step();

    fake.realms += done;
    realm->node.number = done;
    return done;
}

void realm_destroy(struct realm *realm)
{
    fake.realms -= realm->node.number;
    realm->node.number = 0;
}

void realm_drop_vspace(struct realm *realm, seL4_CPtr vspace)
{
    assert_true(vspace == 0 || realm->node.number != 0);
}

seL4_Word cspace_take(struct cspace_node *node, seL4_Word count)
{
    return 1;
}

seL4_CPtr cspace_pointer(const struct cspace_node *node, seL4_Word slot)
{
    return slot;
}

seL4_CPtr cspace_copy(struct cspace_node *node, seL4_CPtr source, seL4_CapRights_t rights,
                      seL4_Word badge)
{
    return step() ? 3 : 0;
}

bool domain_create(struct domain *domain, struct realm *realm, enum bh_program program,
                   const char *name, unsigned cnode_bits)
{
    *domain = (struct domain){.realm = realm, .vspace = 4};
    return step();
}

bool domain_thread(struct domain *domain, const struct domain_thread *thread)
{
    domain->threads = step();
    return domain->threads == 1;
}

bool domain_give(struct domain *domain, unsigned slot, seL4_CPtr source, seL4_CapRights_t rights,
                 seL4_Word badge)
{
    return step();
}

bool domain_share(struct domain *domain, seL4_CPtr frame, uint64_t vaddr, seL4_CapRights_t rights,
                  seL4_Word attributes)
{
    return step();
}

bool domain_seal(struct domain *domain)
{
    return step();
}

bool domain_run(struct domain *domain, unsigned n)
{
    fake.suspended = false;
    return step();
}

void servers_fill_start(struct bh_start *start, const struct board *facts, const char *name)
{
}

seL4_CPtr servers_sc(struct realm *realm, seL4_CPtr control, uint64_t budget, uint64_t period)
{
    return step() ? 5 : 0;
}

seL4_CPtr servers_fault_endpoint(struct realm *realm, unsigned who, unsigned thread)
{
    return step() ? 6 : 0;
}

void window_close_all(void)
{
}

void fault_report(const char *who, seL4_CPtr tcb, const struct event *event)
{
    log_line("%s: fault", who);
}

/* --- tests ----------------------------------------------------------------------------------- */

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
    pair(1)->to_server.produced = UINT32_MAX;
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
    pair(1)->to_server.produced = 100;
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
    serve(25);
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

    bh_pipe_writer_attach(&writer, &pair(0)->to_client);
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

    bh_pipe_writer_attach(&typist, &pair(0)->to_client);
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

    bh_pipe_writer_attach(&writer, &pair(0)->to_client);
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
        serve(BH_PIPE_CAPACITY);
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
        serve(BH_PIPE_CAPACITY);
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
