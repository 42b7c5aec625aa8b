/* SPDX-License-Identifier: BSD-2-Clause */
/* Hints for the exit path, which is measured in instructions. */
#ifndef VMM_CORE_COMPILER_H
#define VMM_CORE_COMPILER_H

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define COLD        __attribute__((noinline, cold))

/* Of a function that is rarely called where every instruction counts: it saves most registers, so
 * that its callers need not on any path. */
#if defined(__clang__) && defined(__aarch64__)
#define SPARING __attribute__((preserve_most))
#else
#define SPARING
#endif

#endif
