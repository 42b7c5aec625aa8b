/* SPDX-License-Identifier: BSD-2-Clause */
/* Hints for the exit path, which is measured in instructions. */
#ifndef VMM_CORE_COMPILER_H
#define VMM_CORE_COMPILER_H

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define COLD        __attribute__((noinline, cold))

#endif
