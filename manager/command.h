/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The monitor's language: one line, one command. Pure.
 */
#ifndef MANAGER_COMMAND_H
#define MANAGER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "description.h"

#define COMMAND_LINE_BYTES 64u
#define COMMAND_ECHO_BYTES 4u

/* A line being typed. */
struct command_line {
    char text[COMMAND_LINE_BYTES]; /* NUL-terminated */
    size_t length;
};

/* Take a typed byte. echo: what the terminal has to show for it (NUL-terminated). Returns true if
 * the line is complete; it is to be emptied by the caller then. */
bool command_type(struct command_line *line, uint8_t byte, char echo[COMMAND_ECHO_BYTES]);

enum command_kind {
    COMMAND_EMPTY,
    COMMAND_UNKNOWN,
    COMMAND_WANTS_NAME, /* the command needs a VM's name, or takes no word (more) */
    COMMAND_HELP,
    COMMAND_LIST,
    COMMAND_STATS,
    COMMAND_STATS_OF, /* from here on with a VM's name */
    COMMAND_START,
    COMMAND_STOP,
    COMMAND_PAUSE,
    COMMAND_RESUME,
    COMMAND_RESTART,
    COMMAND_KILL,
    COMMAND_CONSOLE,
};

struct command {
    enum command_kind kind;
    char name[VM_NAME_MAX];
};

struct command command_parse(const char *line);

/* Line number n (0 ...) of the help text; NULL behind its end. */
const char *command_help(unsigned n);

#endif
