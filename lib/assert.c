/* SPDX-License-Identifier: BSD-2-Clause */
/* Assertions in an SDK's headers call this; ours have none. */
#include <stdlib.h>

_Noreturn void __assert_fail(const char *what, const char *file, int line, const char *function);

_Noreturn void __assert_fail(const char *what, const char *file, int line, const char *function)
{
    abort();
}
