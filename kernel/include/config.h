/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is keel's own choice, not the ABI's. There are two variants: release, and debug
 * (-DCONFIG_DEBUG=1) with a kernel log and debug calls. Usable from assembly.
 */
#ifndef KEEL_CONFIG_H
#define KEEL_CONFIG_H

#ifndef CONFIG_DEBUG
#define CONFIG_DEBUG 0
#endif

#define MAX_CPUS      8
#define MIN_BUDGET_US 20  /* the least that a scheduling context can have */
#define WORK_UNITS    100 /* between two preemption checks */

#endif
