/* SPDX-License-Identifier: BSD-2-Clause */
/* Unpacking gzip files (RFC 1952) with zlib, without a heap. */
#ifndef BULKHEAD_GUNZIP_H
#define BULKHEAD_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory that bh_gunzip needs besides input and output; 16-byte aligned, contents do not matter. */
#define BH_GUNZIP_WORKSPACE 49152u

enum bh_gunzip_result {
    BH_GUNZIP_OK = 0,
    BH_GUNZIP_NOT_GZIP,  /* no gzip header */
    BH_GUNZIP_CORRUPT,   /* damaged data or checksum, or the input ends early */
    BH_GUNZIP_TOO_LARGE, /* does not fit into the output */
};

/* True if the bytes begin like a gzip file. */
bool bh_is_gzip(const void *bytes, size_t size);

/* Unpack the gzip file `in`, all its members, to at most out_size bytes; *out_length gets the
 * number of bytes written, also on failure. The input is not trusted. Uses FP registers. */
enum bh_gunzip_result bh_gunzip(void *out, size_t out_size, const void *in, size_t in_size,
                                void *workspace, size_t *out_length);

#endif
