/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manager's lines. They go to the UART itself until the console server runs, then through the
 * manager's pipe; what the pipe cannot take waits here. What there is no room for is counted.
 */
#ifndef MANAGER_LOG_H
#define MANAGER_LOG_H

#include <stdbool.h>

#include <bulkhead/ring.h>
#include <bulkhead/sel4.h>

/* Write to a PL011 by polling; registers: its mapped page, NULL = nowhere. What waits in a pipe
 * comes first: its reader must not run any more. */
void log_to_uart(volatile void *registers);

/* Write to a pipe from now on; signal: notification of the reader. */
void log_to_pipe(struct bh_pipe *pipe, seL4_CPtr signal);

/* One line, "manager: " in front and the line end behind. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same without "manager: ": answers of the monitor. */
void log_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The unfinished line that the user is typing: shown, and shown again below every line that comes
 * meanwhile; the text is read whenever that happens. NULL = it is finished. */
void log_prompt(const char *prompt);

/* What the terminal has to show for a typed key. */
void log_echo(const char *text);

/* Returns error == seL4_NoError; else a line says which step failed, and how. */
bool log_ok(const char *step, seL4_Error error);

/* Move on what waits. Returns true if nothing waits any more. */
bool log_flush(void);

/* The reader has taken everything. */
bool log_drained(void);

#endif
