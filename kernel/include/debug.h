/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel log and debug system calls. In a release kernel all of it is dropped at link time. */
#ifndef KEEL_DEBUG_H
#define KEEL_DEBUG_H

#include "config.h"
#include "cpu.h"

/* At most 159 bytes at a time. */
void debug_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define debug_printf(...)                                                                          \
    do {                                                                                           \
        if (CONFIG_DEBUG)                                                                          \
            debug_print(__VA_ARGS__);                                                              \
    } while (0)

/* Executes a debug call of the current thread; false if the number is none. */
bool debug_call(struct cpu *cpu, word number);

/* Stops the calling core. */
void debug_halt(void) __attribute__((noreturn));

/* The log's device, supplied by the architecture: set up if there is one; puts out a character. */
struct platform;
void arch_log_init(const struct platform *platform);
void arch_log_char(char c);

#endif
