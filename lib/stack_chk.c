/* SPDX-License-Identifier: BSD-2-Clause */
/* What objects compiled with -fstack-protector need: Debian's libfdt.a and libz.a are. */
#include <stdint.h>
#include <stdlib.h>

extern uintptr_t __stack_chk_guard;
_Noreturn void __stack_chk_fail(void);

/* A constant without a zero byte stops string overflows only; there is no entropy at start. */
uintptr_t __stack_chk_guard = 0xb01dface5afe0dd1;

_Noreturn void __stack_chk_fail(void)
{
    abort();
}
