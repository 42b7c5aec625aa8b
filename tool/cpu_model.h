/* SPDX-License-Identifier: BSD-2-Clause */
/* The processors that `run` can name. */
#ifndef BULKHEAD_TOOL_CPU_MODEL_H
#define BULKHEAD_TOOL_CPU_MODEL_H

/*
 * QEMU's -cpu for the model `name` ("cortex-a53", "max"): without what the kernels do not keep
 * apart between guests. A name with options ("max,sve=on") is the user's own choice and returned
 * as it is, as is a model that needs no options.
 */
const char *cpu_model(const char *name);

#endif
