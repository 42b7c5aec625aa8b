/* SPDX-License-Identifier: BSD-2-Clause */
#include "command.h"

#include <string.h>

static const struct {
    const char *word;
    enum command_kind kind;
    bool named;
    const char *help;
} commands[] = {
    {"help", COMMAND_HELP, false, "help          this list"},
    {"list", COMMAND_LIST, false, "list          the VMs and their states"},
    {"stats", COMMAND_STATS, false, "stats         processor time of every vCPU"},
    {"stats", COMMAND_STATS_OF, true,
     "stats NAME    what that VM's vCPUs did: exits, latency, locks"},
    {"console", COMMAND_CONSOLE, true, "console NAME  keyboard to that VM"},
    {"start", COMMAND_START, true, "start NAME    start a VM that has ended"},
    {"stop", COMMAND_STOP, true, "stop NAME     end a VM at once"},
    {"restart", COMMAND_RESTART, true, "restart NAME  end it and start it anew"},
    {"pause", COMMAND_PAUSE, true, "pause NAME    stop its vCPUs and its time"},
    {"resume", COMMAND_RESUME, true, "resume NAME   let them go on"},
    {"kill", COMMAND_KILL, true, "kill NAME     as if its VMM had failed"},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

bool command_type(struct command_line *line, uint8_t byte, char echo[COMMAND_ECHO_BYTES])
{
    echo[0] = '\0';
    if (byte == '\r' || byte == '\n') {
        memcpy(echo, "\r\n", sizeof("\r\n"));
        return true;
    }
    if (byte == '\b' || byte == 0x7f) {
        if (line->length > 0) {
            line->text[--line->length] = '\0';
            memcpy(echo, "\b \b", sizeof("\b \b"));
        }
        return false;
    }
    if (byte >= ' ' && byte <= '~' && line->length < sizeof(line->text) - 1) {
        line->text[line->length++] = (char)byte;
        line->text[line->length] = '\0';
        echo[0] = (char)byte;
        echo[1] = '\0';
    }
    return false;
}

/* The next word: its first character and its length; moves *text behind it. */
static size_t next_word(const char **text, const char **word)
{
    while (**text == ' ') {
        (*text)++;
    }
    *word = *text;
    while (**text != ' ' && **text != '\0') {
        (*text)++;
    }
    return (size_t)(*text - *word);
}

static bool is(const char *word, size_t length, const char *text)
{
    return strlen(text) == length && !strncmp(word, text, length);
}

struct command command_parse(const char *line)
{
    struct command command = {.kind = COMMAND_UNKNOWN};
    const char *word;
    const char *name;
    const char *rest;
    size_t length = next_word(&line, &word);
    size_t name_length = next_word(&line, &name);
    bool too_long = name_length >= sizeof(command.name) || next_word(&line, &rest) > 0;

    if (length == 0) {
        command.kind = COMMAND_EMPTY;
        return command;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (!is(word, length, commands[i].word)) {
            continue;
        }
        /* The word may stand in the table again, with a name or without. */
        command.kind = COMMAND_WANTS_NAME;
        if (commands[i].named == (name_length > 0) && !too_long) {
            command.kind = commands[i].kind;
            memcpy(command.name, name, name_length);
            return command;
        }
    }
    return command;
}

const char *command_help(unsigned n)
{
    return n < COMMANDS ? commands[n].help : NULL;
}
