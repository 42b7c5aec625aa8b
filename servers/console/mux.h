/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many clients' output on one terminal, line by line. Pure: bytes go in, bytes come out through
 * mux_ops.put.
 *
 * Client 0 is the manager. With one VM the focused VM's bytes pass as they are. With several, every
 * line of a VM gets a coloured "[name] " in front. The focused client's bytes are shown as they
 * come, the others' when their line is complete, and as plain text (plain.h). If a line has to
 * break into the focused client's unfinished one, that one is shown again below.
 */
#ifndef CONSOLE_MUX_H
#define CONSOLE_MUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bulkhead/start.h>

#define MUX_LINE_BYTES 256u /* longer lines are shown in parts */

/* What mux_output() puts out at most for one byte that goes in, and once per call on top. */
#define MUX_BYTES_PER_BYTE (BH_NAME_MAX + 24u)
#define MUX_BYTES_PER_CALL (2u * (MUX_LINE_BYTES + BH_NAME_MAX + 24u))

struct mux_client {
    char name[BH_NAME_MAX];
    char line[MUX_LINE_BYTES]; /* the unfinished line */
    size_t length;
};

struct mux {
    void (*put)(void *context, const char *bytes, size_t size);
    void *context;
    unsigned clients;
    unsigned focus;
    unsigned shown; /* whose unfinished line stands on the terminal; MUX_NOBODY = none */
    struct mux_client client[BH_MAX_CLIENTS];
};

#define MUX_NOBODY UINT32_MAX

/* clients: 1 .. BH_MAX_CLIENTS, number 0 is the manager. Names are set by the caller. */
void mux_init(struct mux *mux, unsigned clients, unsigned focus,
              void (*put)(void *context, const char *bytes, size_t size), void *context);

/* Bytes that a client wrote. */
void mux_output(struct mux *mux, unsigned client, const char *bytes, size_t size);

/* A line of the console itself, without line end. */
void mux_say(struct mux *mux, const char *text);

/* Give the keyboard to a client. False if there is no such client. */
bool mux_focus(struct mux *mux, unsigned client);

/* A client starts anew: what is left of its line is ended. */
void mux_restart(struct mux *mux, unsigned client);

#endif
