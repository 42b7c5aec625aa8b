/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console server: one UART, the manager and every VM its clients (ring.h). One thread waits for
 * the UART's interrupt and the clients' signals, and moves what there is.
 */
#include <bulkhead/crt.h>
#include <bulkhead/ring.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "mux.h"
#include "pl011.h"

#define OUT_BYTES   16384u /* for the UART; a power of two */
#define CHUNK_BYTES 128u   /* taken from a client at once */
#define CHUNK_ROOM  (CHUNK_BYTES * MUX_BYTES_PER_BYTE + MUX_BYTES_PER_CALL)
#define TURN_BYTES  2048u /* in and out, then it is another client's turn */
#define IN_BYTES    2048u /* typed, but the VM has not taken them; a power of two */
#define MANAGER     0u

_Static_assert(CHUNK_ROOM <= OUT_BYTES, "a chunk fits when the buffer is empty");

struct client {
    struct bh_pipe_reader reader;
    struct bh_pipe_writer writer;
    bool attached;
    uint32_t generation;
    uint8_t in[IN_BYTES];
    uint32_t put;
    uint32_t taken;
    uint64_t lost; /* bytes of input, not reported yet: there was no room */
    uint64_t left; /* the same: the client has ended */
};

struct console {
    const struct bh_start_console *start;
    struct pl011 uart;
    struct mux mux;
    struct escape escape;
    uint8_t out[OUT_BYTES];
    uint32_t put;
    uint32_t taken;
    uint64_t overruns;     /* reported */
    uint32_t focus_change; /* of the start block, last seen */
    uint32_t out_asked;    /* the same */
    unsigned turn;         /* whose output is next */
    size_t due;            /* bytes of the manager's that the others have had a turn before */
    struct client client[BH_MAX_CLIENTS];
};

/* --- output --------------------------------------------------------------------------------- */

static uint32_t room(const struct console *console)
{
    return OUT_BYTES - (console->put - console->taken);
}

/* mux_ops.put: room has been checked before. */
static void put(void *context, const char *bytes, size_t size)
{
    struct console *console = context;

    for (size_t i = 0; i < size && room(console) > 0; i++) {
        console->out[console->put++ % OUT_BYTES] = (uint8_t)bytes[i];
    }
}

/* Returns true if everything is in the UART's FIFO or out. */
static bool transmit(struct console *console)
{
    while (console->taken != console->put) {
        if (!pl011_put(&console->uart, console->out[console->taken % OUT_BYTES])) {
            return false;
        }
        console->taken++;
    }
    return true;
}

static void signal_client(unsigned n)
{
    seL4_Signal(BH_CONSOLE_SLOT_CLIENT_BASE + n);
}

/*
 * Take what a client has written, as far as there is room, but no more than a turn's worth: it may
 * write faster than we have time to read. Returns true if there was something.
 */
static bool pump_output(struct console *console, unsigned n)
{
    const uint32_t begin = console->put;
    const size_t most = n == MANAGER ? console->due : TURN_BYTES;
    char chunk[CHUNK_BYTES];
    size_t taken = 0;
    bool wake = false;

    while (room(console) >= CHUNK_ROOM && taken + (console->put - begin) < TURN_BYTES) {
        size_t wanted = most - taken < sizeof(chunk) ? most - taken : sizeof(chunk);
        size_t size = bh_pipe_read(&console->client[n].reader, chunk, wanted, &wake);

        if (size == 0) {
            break;
        }
        mux_output(&console->mux, n, chunk, size);
        taken += size;
        transmit(console);
    }
    if (n == MANAGER) {
        console->due -= taken;
    }
    if (wake) {
        signal_client(n);
    }
    return taken > 0;
}

/* --- input ---------------------------------------------------------------------------------- */

static void deliver(struct console *console, unsigned n, uint8_t byte)
{
    struct client *client = &console->client[n];

    if (client->put - client->taken == IN_BYTES) {
        client->lost++;
        return;
    }
    client->in[client->put++ % IN_BYTES] = byte;
}

/* Say once per batch what could not be kept. */
static void report_lost(struct console *console, unsigned n, uint64_t *bytes, const char *why)
{
    char text[96];

    if (*bytes == 0 || room(console) < CHUNK_ROOM) {
        return;
    }
    snprintf(text, sizeof(text), "%llu bytes of input lost, %s %s", (unsigned long long)*bytes,
             console->mux.client[n].name, why);
    *bytes = 0;
    mux_say(&console->mux, text);
}

/* Move typed bytes into the client's pipe. */
static void pump_input(struct console *console, unsigned n)
{
    struct client *client = &console->client[n];
    bool wake = false;

    while (client->taken != client->put) {
        uint32_t at = client->taken % IN_BYTES;
        uint32_t size = client->put - client->taken;

        if (size > IN_BYTES - at) {
            size = IN_BYTES - at;
        }
        size_t done = bh_pipe_write(&client->writer, client->in + at, size, &wake);

        client->taken += (uint32_t)done;
        if (done < size && !bh_pipe_writer_arm(&client->writer)) {
            break;
        }
    }
    report_lost(console, n, &client->lost, "does not read them");
    report_lost(console, n, &client->left, "ended before it read them");
    if (wake) {
        signal_client(n);
    }
}

static void focus(struct console *console, unsigned n)
{
    char text[64];

    if (n == MANAGER || n >= console->mux.clients) {
        mux_say(&console->mux, "there is no such VM");
        return;
    }
    snprintf(text, sizeof(text), "keyboard to %s (%u of %u)", console->mux.client[n].name, n,
             console->mux.clients - 1);
    mux_say(&console->mux, text);
    mux_focus(&console->mux, n);
    deliver(console, MANAGER, (uint8_t)(BH_CONSOLE_COMMAND_FOCUS + n));
}

static void focus_monitor(struct console *console)
{
    mux_focus(&console->mux, MANAGER);
    deliver(console, MANAGER, BH_CONSOLE_COMMAND_FOCUS + MANAGER);
}

/* The monitor's "console NAME". */
static void follow_manager(struct console *console)
{
    uint32_t change = __atomic_load_n(&console->start->focus_change, __ATOMIC_ACQUIRE);

    if (change != console->focus_change) {
        console->focus_change = change;
        focus(console, console->start->focus);
    }
}

static void handle_key(struct console *console, uint8_t byte)
{
    uint8_t value;

    switch (escape_input(&console->escape, byte, &value)) {
    case ESCAPE_NOTHING:
        break;
    case ESCAPE_DELIVER:
        if (console->mux.focus != MANAGER || value < 0x80) {
            deliver(console, console->mux.focus, value);
        }
        break;
    case ESCAPE_NEXT:
        focus(console, console->mux.focus + 1 < console->mux.clients ? console->mux.focus + 1 : 1);
        break;
    case ESCAPE_FOCUS:
        focus(console, value);
        break;
    case ESCAPE_MONITOR:
        focus_monitor(console);
        break;
    case ESCAPE_QUIT:
        deliver(console, MANAGER, BH_CONSOLE_COMMAND_QUIT);
        break;
    case ESCAPE_HELP:
        mux_say(&console->mux,
                "Ctrl-] and: n next VM, 1-9 that VM, m monitor, q switch off, Ctrl-] itself");
        break;
    }
}

static void receive(struct console *console)
{
    char text[64];
    uint8_t byte;

    while (room(console) >= CHUNK_ROOM && pl011_get(&console->uart, &byte)) {
        handle_key(console, byte);
    }
    if (console->uart.overruns != console->overruns && room(console) >= CHUNK_ROOM) {
        console->overruns = console->uart.overruns;
        snprintf(text, sizeof(text), "the UART lost input (%llu times)",
                 (unsigned long long)console->overruns);
        mux_say(&console->mux, text);
    }
}

/* --- clients -------------------------------------------------------------------------------- */

/* again: the manager has initialised the pipe anew, maybe in the midst of one of our operations. */
static void attach_ends(struct console *console, unsigned n, struct bh_pipe_pair *pair, bool again)
{
    struct client *client = &console->client[n];
    char text[96];

    if (!bh_pipe_pair_known(pair)) {
        client->reader = (struct bh_pipe_reader){.pipe = NULL};
        client->writer = (struct bh_pipe_writer){.pipe = NULL};
        snprintf(text, sizeof(text), "the pipe of %s is of another version and is not used",
                 console->mux.client[n].name);
        mux_say(&console->mux, text);
    } else if (again) {
        bh_pipe_reader_begin(&client->reader, &pair->to_server);
        bh_pipe_writer_begin(&client->writer, &pair->to_client);
    } else {
        bh_pipe_reader_attach(&client->reader, &pair->to_server);
        bh_pipe_writer_attach(&client->writer, &pair->to_client);
    }
}

/* What the manager wrote about the pipe before it made it anew is read before the pipe is. */
static void attach(struct console *console, unsigned n)
{
    const volatile struct bh_start_console_client *start = &console->start->client[n];
    struct client *client = &console->client[n];
    uint32_t generation = __atomic_load_n(&start->generation, __ATOMIC_ACQUIRE);
    bool again = client->attached;

    if (again && client->generation == generation) {
        return;
    }
    attach_ends(console, n, (struct bh_pipe_pair *)start->pipe.vaddr, again);
    if (again) {
        client->left += client->put - client->taken + start->unread;
        signal_client(n);
    }
    client->attached = true;
    client->generation = generation;
    client->put = 0;
    client->taken = 0;
    mux_restart(&console->mux, n);
}

/*
 * Let the next client that has something to say have its turn; false if there is none. What the
 * manager says about a VM follows what the VM said before: when the manager has something to say,
 * all others have a turn first.
 */
static bool give_turn(struct console *console)
{
    for (unsigned i = 0; i < 2 * console->mux.clients && room(console) >= CHUNK_ROOM; i++) {
        unsigned n = console->turn;

        console->turn = (n + 1) % console->mux.clients;
        if (n == MANAGER && console->due == 0) {
            console->due = bh_pipe_available(&console->client[MANAGER].reader);
            continue;
        }
        if (pump_output(console, n)) {
            return true;
        }
    }
    return false;
}

/* Everything is out; true if the manager has asked, and gets the answer. */
static bool answer_out(struct console *console)
{
    uint32_t asked = __atomic_load_n(&console->start->out_asked, __ATOMIC_ACQUIRE);

    if (asked == console->out_asked) {
        return false;
    }
    console->out_asked = asked;
    deliver(console, MANAGER, BH_CONSOLE_COMMAND_OUT);
    return true;
}

/* Move what is typed and one client's output; returns true if nothing is left to do but wait. */
static bool pump(struct console *console)
{
    bool idle;

    receive(console);
    follow_manager(console);
    for (unsigned n = 0; n < console->mux.clients; n++) {
        attach(console, n);
        pump_input(console, n);
    }
    idle = !give_turn(console);
    if (!transmit(console)) {
        return true; /* the UART's interrupt tells when it goes on */
    }
    for (unsigned n = 0; idle && n < console->mux.clients; n++) {
        if (bh_pipe_reader_arm(&console->client[n].reader)) {
            idle = false;
        }
    }
    return idle && !answer_out(console);
}

void bh_main(const struct bh_start *start, unsigned index)
{
    static struct console console;
    seL4_Word badge;

    console.start = &start->console;
    console.focus_change = start->console.focus_change;
    console.out_asked = start->console.out_asked;
    mux_init(&console.mux, start->console.clients, start->console.focus, put, &console);
    for (unsigned n = 0; n < console.mux.clients; n++) {
        memcpy(console.mux.client[n].name, start->console.client[n].name, BH_NAME_MAX - 1);
        attach(&console, n); /* before there is a key that it would take for an earlier VM's */
    }
    pl011_init(&console.uart, (volatile void *)start->console.uart.vaddr);
    seL4_IRQHandler_Ack(BH_CONSOLE_SLOT_IRQ);
    for (;;) {
        while (!pump(&console)) {
        }
        pl011_want_room(&console.uart, console.taken != console.put);
        seL4_Wait(BH_CONSOLE_SLOT_NTFN, &badge);
        if (badge & BH_CONSOLE_EVENT_IRQ) {
            pl011_acknowledge(&console.uart);
            receive(&console);
            seL4_IRQHandler_Ack(BH_CONSOLE_SLOT_IRQ);
        }
    }
}
