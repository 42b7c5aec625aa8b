/* SPDX-License-Identifier: BSD-2-Clause */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "uart.h"

#define LINE_MAX_BYTES 256u
#define BACKLOG_BYTES  16384u

static struct {
    volatile void *uart;
    struct bh_pipe_writer writer;
    seL4_CPtr signal;
    char backlog[BACKLOG_BYTES]; /* what the pipe could not take yet */
    size_t waiting;
    unsigned lost;      /* lines that did not fit in the backlog */
    const char *prompt; /* the user's unfinished line */
} sink;

void log_to_pipe(struct bh_pipe *pipe, seL4_CPtr signal)
{
    bh_pipe_writer_attach(&sink.writer, pipe);
    sink.uart = NULL;
    sink.signal = signal;
}

/* What waits to be taken from a pipe whose reader has gone. */
static void take_back(struct bh_pipe *pipe)
{
    struct bh_pipe_reader reader;
    char bytes[LINE_MAX_BYTES];
    size_t size;
    bool wake = false;

    bh_pipe_reader_attach(&reader, pipe);
    while ((size = bh_pipe_read(&reader, bytes, sizeof(bytes), &wake)) > 0) {
        uart_write(sink.uart, bytes, size);
    }
}

void log_to_uart(volatile void *registers)
{
    bool before = sink.signal != 0;

    sink.uart = registers;
    sink.signal = 0;
    if (before) {
        uart_write(sink.uart, "\r\n", 2); /* something else may stand there */
        take_back(sink.writer.pipe);
        uart_write(sink.uart, sink.backlog, sink.waiting);
        sink.waiting = 0;
    }
}

/* Move from the backlog to the pipe what that has room for. */
static void move_on(void)
{
    size_t done = 0;
    bool wake = false;

    if (sink.signal == 0 || sink.waiting == 0) {
        return;
    }
    do {
        done += bh_pipe_write(&sink.writer, sink.backlog + done, sink.waiting - done, &wake);
    } while (done < sink.waiting && bh_pipe_writer_arm(&sink.writer));
    sink.waiting -= done;
    memmove(sink.backlog, sink.backlog + done, sink.waiting);
    if (wake) {
        seL4_Signal(sink.signal);
    }
}

static bool has_room(size_t size)
{
    return sink.signal == 0 || size <= sizeof(sink.backlog) - sink.waiting;
}

/* There is room. */
static void emit(const char *bytes, size_t size)
{
    if (sink.signal == 0) {
        uart_write(sink.uart, bytes, size);
        return;
    }
    memcpy(sink.backlog + sink.waiting, bytes, size);
    sink.waiting += size;
    move_on();
}

/* A whole line, whatever its length was; the user's unfinished one makes room for it. */
static void emit_line(char *line, int length)
{
    const char *erase = sink.prompt ? "\r\033[K" : "";
    const char *prompt = sink.prompt ? sink.prompt : "";
    size_t size = length < 0 ? 0 : (size_t)length;

    if (size > LINE_MAX_BYTES - 3) {
        size = LINE_MAX_BYTES - 3;
    }
    line[size++] = '\r';
    line[size++] = '\n';
    if (!has_room(strlen(erase) + size + strlen(prompt))) {
        sink.lost++;
        return;
    }
    emit(erase, strlen(erase));
    emit(line, size);
    emit(prompt, strlen(prompt));
}

static void report_lost(void)
{
    char line[LINE_MAX_BYTES];
    unsigned lost = sink.lost;

    if (lost == 0 || sink.waiting > sizeof(sink.backlog) / 2) {
        return;
    }
    sink.lost = 0;
    emit_line(line, snprintf(line, sizeof(line), "manager: %u lines lost", lost));
}

bool log_flush(void)
{
    move_on();
    report_lost();
    return sink.waiting == 0;
}

bool log_drained(void)
{
    const volatile struct bh_pipe *pipe = sink.writer.pipe;

    return sink.signal == 0 || (log_flush() && pipe->consumed == sink.writer.produced);
}

void log_echo(const char *text)
{
    size_t size = strlen(text);

    if (has_room(size)) {
        emit(text, size);
    } else {
        sink.lost++; /* of the prompt, which comes again whole when that is told */
    }
}

void log_line(const char *format, ...)
{
    char line[LINE_MAX_BYTES] = "manager: ";
    size_t prefix = strlen(line);
    va_list args;

    va_start(args, format);
    int length = vsnprintf(line + prefix, sizeof(line) - prefix, format, args);
    va_end(args);
    report_lost();
    emit_line(line, length < 0 ? length : length + (int)prefix);
}

void log_text(const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list args;

    va_start(args, format);
    int length = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    report_lost();
    emit_line(line, length);
}

void log_prompt(const char *prompt)
{
    if (sink.prompt && !prompt) {
        log_echo("\r\n");
    }
    sink.prompt = prompt;
    if (prompt) {
        log_echo(prompt);
    }
}

bool log_ok(const char *step, seL4_Error error)
{
    static const char *const name[] = {
        [seL4_InvalidArgument] = "invalid argument",
        [seL4_InvalidCapability] = "invalid capability",
        [seL4_IllegalOperation] = "illegal operation",
        [seL4_RangeError] = "out of range",
        [seL4_AlignmentError] = "not aligned",
        [seL4_FailedLookup] = "lookup failed",
        [seL4_TruncatedMessage] = "message too short",
        [seL4_DeleteFirst] = "destination not empty",
        [seL4_RevokeFirst] = "in use",
        [seL4_NotEnoughMemory] = "not enough memory",
    };

    if (error == seL4_NoError) {
        return true;
    }
    log_line("%s: %s", step,
             (size_t)error < sizeof(name) / sizeof(name[0]) ? name[error] : "unknown error");
    return false;
}
