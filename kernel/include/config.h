/* SPDX-License-Identifier: BSD-2-Clause */
/* The two variants of keel: release, and debug (-DKEEL_DEBUG) with a kernel log and debug calls. */
#ifndef KEEL_CONFIG_H
#define KEEL_CONFIG_H

#ifdef KEEL_DEBUG
#define CONFIG_DEBUG 1
#else
#define CONFIG_DEBUG 0
#endif

#endif
