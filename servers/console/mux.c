/* SPDX-License-Identifier: BSD-2-Clause */
#include "mux.h"

#include <string.h>

#include "plain.h"

#define COLOURS 6u

void mux_init(struct mux *mux, unsigned clients, unsigned focus,
              void (*put)(void *context, const char *bytes, size_t size), void *context)
{
    memset(mux, 0, sizeof(*mux));
    mux->put = put;
    mux->context = context;
    mux->clients = clients < BH_MAX_CLIENTS ? clients : BH_MAX_CLIENTS;
    mux->focus = focus < mux->clients ? focus : 0;
    mux->shown = MUX_NOBODY;
}

static void put(struct mux *mux, const char *bytes, size_t size)
{
    mux->put(mux->context, bytes, size);
}

static void put_text(struct mux *mux, const char *text)
{
    put(mux, text, strlen(text));
}

static bool single(const struct mux *mux)
{
    return mux->clients <= 2;
}

/* The only VM, which has the keyboard: its bytes are nobody else's business. */
static bool raw(const struct mux *mux, unsigned client)
{
    return single(mux) && client != 0 && client == mux->focus;
}

/* "[name] " in the client's colour; the manager's lines say themselves whose they are. */
static void put_prefix(struct mux *mux, unsigned client)
{
    static const char digit[COLOURS] = {'6', '3', '2', '5', '4', '1'};
    char colour[] = "\033[3xm[";

    if (client == 0 || single(mux)) {
        return;
    }
    colour[3] = digit[(client - 1) % COLOURS];
    put_text(mux, colour);
    put_text(mux, mux->client[client].name);
    put_text(mux, "]\033[0m ");
}

/* Go to the left edge. */
static void leave_line(struct mux *mux)
{
    if (mux->shown != MUX_NOBODY) {
        put_text(mux, "\r\n");
        mux->shown = MUX_NOBODY;
    }
}

/* What the focused client has written of its line, once more; but a question to the terminal has
 * been answered already. */
static void put_again(struct mux *mux, const struct mux_client *c)
{
    size_t length;

    for (size_t at = 0; at < c->length; at += length) {
        put(mux, c->line + at, plain_again(c->line + at, c->length - at, &length));
    }
}

/* Show the focused client's unfinished line (again). */
static void show_unfinished(struct mux *mux)
{
    struct mux_client *c = &mux->client[mux->focus];

    if (raw(mux, mux->focus) || mux->shown == mux->focus || c->length == 0) {
        return;
    }
    put_prefix(mux, mux->focus);
    put_again(mux, c);
    mux->shown = mux->focus;
}

/* A VM that has not got the keyboard gets nothing to the terminal but text. The manager is trusted.
 */
static void put_line(struct mux *mux, unsigned client, size_t size)
{
    const char *line = mux->client[client].line;
    size_t length;

    if (client == 0 || client == mux->focus) {
        put(mux, line, size);
        return;
    }
    for (size_t at = 0; at < size; at += length) {
        put(mux, line + at, plain_next(line + at, size - at, &length));
    }
}

static void end_line(struct mux *mux, unsigned client)
{
    struct mux_client *c = &mux->client[client];
    size_t length = c->length;

    while (length > 0 && c->line[length - 1] == '\r') {
        length--;
    }
    leave_line(mux);
    put_prefix(mux, client);
    put_line(mux, client, length);
    if (memchr(c->line, '\033', length)) {
        put_text(mux, "\033[0m"); /* a colour ends with its line */
    }
    put_text(mux, "\r\n");
    c->length = 0;
}

/* Whole lines only. */
static void output_lines(struct mux *mux, unsigned client, const char *bytes, size_t size)
{
    struct mux_client *c = &mux->client[client];

    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n') {
            end_line(mux, client);
            continue;
        }
        if (c->length == sizeof(c->line)) {
            end_line(mux, client);
        }
        c->line[c->length++] = bytes[i];
    }
}

static void end_focused_line(struct mux *mux, unsigned client)
{
    if (mux->shown != client) {
        end_line(mux, client);
        return;
    }
    struct mux_client *c = &mux->client[client];

    put_text(mux, c->length > 0 && c->line[c->length - 1] == '\r' ? "\n" : "\r\n");
    mux->shown = MUX_NOBODY;
    c->length = 0;
}

/* The focused client: at once, and kept in case its line is broken into. */
static void output_focused(struct mux *mux, unsigned client, const char *bytes, size_t size)
{
    struct mux_client *c = &mux->client[client];

    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\r' && c->length == 0) {
            continue; /* it is at the left edge anyway, and the prefix has to stay */
        }
        if (mux->shown != client && bytes[i] != '\n') {
            leave_line(mux);
            put_prefix(mux, client);
            put_again(mux, c);
            mux->shown = client;
        }
        if (bytes[i] == '\n') {
            end_focused_line(mux, client);
            continue;
        }
        put(mux, &bytes[i], 1);
        if (c->length == sizeof(c->line)) {
            c->length = 0; /* too long to be shown again as a whole */
        }
        c->line[c->length++] = bytes[i];
    }
}

static void output_raw(struct mux *mux, unsigned client, const char *bytes, size_t size)
{
    if (size > 0) {
        put(mux, bytes, size);
        mux->shown = bytes[size - 1] == '\n' ? MUX_NOBODY : client;
    }
}

void mux_output(struct mux *mux, unsigned client, const char *bytes, size_t size)
{
    if (client >= mux->clients) {
        return;
    }
    if (raw(mux, client)) {
        output_raw(mux, client, bytes, size);
    } else if (client == mux->focus) {
        output_focused(mux, client, bytes, size);
    } else {
        output_lines(mux, client, bytes, size);
        show_unfinished(mux);
    }
}

void mux_say(struct mux *mux, const char *text)
{
    leave_line(mux);
    put_text(mux, "console: ");
    put_text(mux, text);
    put_text(mux, "\r\n");
    show_unfinished(mux);
}

/* What the only VM has said of its line while it had not the keyboard; from now on it is raw. */
static void show_rest(struct mux *mux, unsigned client)
{
    struct mux_client *c = &mux->client[client];

    if (raw(mux, client) && c->length > 0) {
        put(mux, c->line, c->length);
        mux->shown = client;
        c->length = 0;
    }
}

bool mux_focus(struct mux *mux, unsigned client)
{
    if (client >= mux->clients) {
        return false;
    }
    if (client != mux->focus) {
        leave_line(mux);
        mux->focus = client;
        show_rest(mux, client);
        show_unfinished(mux);
    }
    return true;
}

void mux_restart(struct mux *mux, unsigned client)
{
    if (client < mux->clients && (mux->client[client].length > 0 || mux->shown == client)) {
        leave_line(mux);
        if (client != mux->focus && mux->client[client].length > 0) {
            end_line(mux, client);
        }
        mux->client[client].length = 0;
    }
}
