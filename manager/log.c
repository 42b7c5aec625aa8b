/* SPDX-License-Identifier: BSD-2-Clause */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 256u
#define BACKLOG_BYTES  16384u

/* PL011 (ARM DDI 0183, 3.2) */
#define UART_DR      0x00u
#define UART_FR      0x18u
#define UART_FR_TXFF 0x20u

static struct {
    volatile uint8_t *uart;
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

static void poll_out(const char *text, size_t size)
{
    for (size_t i = 0; i < size && sink.uart; i++) {
        while (*(volatile uint32_t *)(sink.uart + UART_FR) & UART_FR_TXFF) {
        }
        *(volatile uint32_t *)(sink.uart + UART_DR) = (uint8_t)text[i];
    }
}

void log_to_uart(volatile void *registers)
{
    bool before = sink.signal != 0;

    sink.uart = registers;
    sink.signal = 0;
    if (before) {
        poll_out("\r\n", 2); /* something else may stand there */
        poll_out(sink.backlog, sink.waiting);
        sink.waiting = 0;
    }
}

bool log_flush(void)
{
    size_t done = 0;
    bool wake = false;

    if (sink.signal == 0 || sink.waiting == 0) {
        return sink.waiting == 0;
    }
    do {
        done += bh_pipe_write(&sink.writer, sink.backlog + done, sink.waiting - done, &wake);
    } while (done < sink.waiting && bh_pipe_writer_arm(&sink.writer));
    sink.waiting -= done;
    memmove(sink.backlog, sink.backlog + done, sink.waiting);
    if (wake) {
        seL4_Signal(sink.signal);
    }
    return sink.waiting == 0;
}

bool log_drained(void)
{
    const volatile struct bh_pipe *pipe = sink.writer.pipe;

    return sink.signal == 0 || (log_flush() && pipe->consumed == sink.writer.produced);
}

static void emit(const char *line, size_t size)
{
    if (sink.signal == 0) {
        poll_out(line, size);
        return;
    }
    if (size > sizeof(sink.backlog) - sink.waiting) {
        sink.lost++;
        return;
    }
    memcpy(sink.backlog + sink.waiting, line, size);
    sink.waiting += size;
    log_flush();
}

static size_t finish(char *line, int length)
{
    size_t size = length < 0 ? 0 : (size_t)length;

    if (size > LINE_MAX_BYTES - 3) {
        size = LINE_MAX_BYTES - 3;
    }
    line[size++] = '\r';
    line[size++] = '\n';
    return size;
}

static void report_lost(void)
{
    char line[LINE_MAX_BYTES];
    unsigned lost = sink.lost;

    if (lost == 0 || sink.waiting > sizeof(sink.backlog) / 2) {
        return;
    }
    sink.lost = 0;
    emit(line, finish(line, snprintf(line, sizeof(line), "manager: %u lines lost", lost)));
}

void log_echo(const char *text)
{
    emit(text, strlen(text));
}

/* A whole line: the user's unfinished one makes room for it. */
static void emit_line(char *line, int length)
{
    report_lost();
    if (sink.prompt) {
        log_echo("\r\033[K");
    }
    emit(line, finish(line, length));
    if (sink.prompt) {
        log_echo(sink.prompt);
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
    emit_line(line, length < 0 ? length : length + (int)prefix);
}

void log_text(const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list args;

    va_start(args, format);
    int length = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
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
