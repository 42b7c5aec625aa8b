/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

_Noreturn void abort(void)
{
    for (;;) {
        __asm__ volatile("udf #0xdead");
    }
}
