/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Errors as people read them: one line on standard error that names the place, says what is wrong
 * and, after a semicolon, how to mend it.
 */
#ifndef BULKHEAD_TOOL_REPORT_H
#define BULKHEAD_TOOL_REPORT_H

#include <stdbool.h>

#include "dts.h"

/* "bulkhead: MESSAGE". Returns false, so that a check can end with it. */
bool report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "FILE:LINE: MESSAGE"; line 0 leaves the line out. Returns false. */
bool report_file(const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "FILE:LINE: /node/path: MESSAGE" at the line of the node. Returns false. */
bool report_node(const struct dts_node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same at the line of the node's property `name`, or of the node where it has none. */
bool report_property(const struct dts_node *node, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "bulkhead: MESSAGE" for a slow step; no error. */
void progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
