/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats of fixed-width integers for an LP64 target. */
#ifndef BULKHEAD_LIBC_INTTYPES_H
#define BULKHEAD_LIBC_INTTYPES_H

#include <stdint.h>

#define PRId8   "hhd"
#define PRId16  "hd"
#define PRId32  "d"
#define PRIu8   "hhu"
#define PRIu16  "hu"
#define PRIu32  "u"
#define PRIx8   "hhx"
#define PRIx16  "hx"
#define PRIx32  "x"
#define PRIdPTR "ld"
#define PRIuPTR "lu"
#define PRIxPTR "lx"

/* The compiler knows whether its 64-bit integers are long or long long. */
#define PRId64 __INT64_FMTd__
#define PRIu64 __UINT64_FMTu__
#define PRIx64 __UINT64_FMTx__

#endif
