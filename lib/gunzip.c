/* SPDX-License-Identifier: BSD-2-Clause */
#include <bulkhead/gunzip.h>
#include <limits.h>

#define Z_SOLO
#define ZLIB_CONST
#include <zlib.h>

#define WINDOW_BITS 15
#define GZIP_ONLY   16 /* added to the window bits: zlib.h, inflateInit2 */

/* Allocations of one decompression; nothing is freed before its end. */
struct workspace {
    uint8_t *next;
    size_t left;
};

static voidpf take(voidpf opaque, uInt items, uInt size)
{
    struct workspace *space = opaque;
    size_t bytes = ((size_t)items * size + 15) & ~(size_t)15;

    if (bytes > space->left) {
        return NULL;
    }
    uint8_t *taken = space->next;
    space->next += bytes;
    space->left -= bytes;
    return taken;
}

static void give_back(voidpf opaque, voidpf address)
{
}

bool bh_is_gzip(const void *bytes, size_t size)
{
    const uint8_t *b = bytes;

    return size >= 18 && b[0] == 0x1f && b[1] == 0x8b && b[2] == 8;
}

/* zlib counts in unsigned int: feed it in pieces, since files may be larger. */
static int inflate_all(z_stream *stream, size_t in_left, size_t out_left)
{
    for (;;) {
        uInt in_now = in_left < UINT_MAX ? (uInt)in_left : UINT_MAX;
        uInt out_now = out_left < UINT_MAX ? (uInt)out_left : UINT_MAX;

        stream->avail_in = in_now;
        stream->avail_out = out_now;
        int status = inflate(stream, Z_NO_FLUSH);
        in_left -= in_now - stream->avail_in;
        out_left -= out_now - stream->avail_out;
        /* Another member may follow (RFC 1952, 2.2). */
        if (status == Z_STREAM_END && bh_is_gzip(stream->next_in, in_left)) {
            status = inflateReset(stream);
        }
        if (status != Z_OK) {
            return status;
        }
        if (in_left == 0 || out_left == 0) {
            return Z_BUF_ERROR;
        }
    }
}

enum bh_gunzip_result bh_gunzip(void *out, size_t out_size, const void *in, size_t in_size,
                                void *workspace, size_t *out_length)
{
    struct workspace space = {.next = workspace, .left = BH_GUNZIP_WORKSPACE};
    z_stream stream = {
        .zalloc = take, .zfree = give_back, .opaque = &space, .next_in = in, .next_out = out};

    *out_length = 0;
    if (!bh_is_gzip(in, in_size)) {
        return BH_GUNZIP_NOT_GZIP;
    }
    if (inflateInit2(&stream, WINDOW_BITS + GZIP_ONLY) != Z_OK) {
        return BH_GUNZIP_CORRUPT;
    }
    int status = inflate_all(&stream, in_size, out_size);
    inflateEnd(&stream);
    *out_length = (size_t)(stream.next_out - (uint8_t *)out);
    if (status == Z_STREAM_END) {
        return BH_GUNZIP_OK;
    }
    return *out_length == out_size ? BH_GUNZIP_TOO_LARGE : BH_GUNZIP_CORRUPT;
}
