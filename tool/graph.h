/* SPDX-License-Identifier: BSD-2-Clause */
/* Pictures of a system: who runs where, what memory there is, who is connected with whom. */
#ifndef BULKHEAD_TOOL_GRAPH_H
#define BULKHEAD_TOOL_GRAPH_H

#include <stdio.h>

#include "system.h"

/* Tables for people. */
void graph_text(FILE *out, const struct system *system);

/* A graph in Graphviz' language: cores, domains, windows, and what connects them. */
void graph_dot(FILE *out, const struct system *system);

#endif
