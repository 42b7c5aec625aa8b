/* SPDX-License-Identifier: BSD-2-Clause */
/* The board's libc, compiled for the host under the names of rename.h. */
#include "rename.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef snprintf
#undef vsnprintf
#define memcpy    rt_memcpy
#define memmove   rt_memmove
#define memset    rt_memset
#define memcmp    rt_memcmp
#define memchr    rt_memchr
#define strlen    rt_strlen
#define strnlen   rt_strnlen
#define strcmp    rt_strcmp
#define strncmp   rt_strncmp
#define strchr    rt_strchr
#define strrchr   rt_strrchr
#define strtoul   rt_strtoul
#define snprintf  rt_snprintf
#define vsnprintf rt_vsnprintf

#include "../../../lib/printf.c"
#include "../../../lib/stdlib.c"
#include "../../../lib/string.c"
