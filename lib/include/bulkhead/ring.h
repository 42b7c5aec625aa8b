/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rings: traffic between two protection domains over shared memory.
 *
 * A pipe is a single-producer, single-consumer ring of bytes. A pipe pair is the page that two
 * domains share: one pipe in each direction. Each side treats the other as hostile: it keeps its
 * own index privately, reads the peer's index once per operation, and treats a distance above the
 * capacity as an empty (consumer) or full (producer) ring and counts it. Nothing the peer writes
 * can make a side touch a byte outside the data area.
 *
 * Waking: the consumer sets `wait` before it sleeps and looks at the ring once more; the producer
 * signals only if `wait` is set after it has published bytes. A batch costs one notification, and
 * none while the peer is awake. The producer's side of a full ring works the same way with `full`.
 */
#ifndef BULKHEAD_RING_H
#define BULKHEAD_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BH_PIPE_MAGIC    UINT32_C(0x31504842) /* "BHP1": magic and version in one */
#define BH_PIPE_CAPACITY 1024u                /* bytes; a power of two */

/* Shared layout of one direction. Indices run freely modulo 2^32; an index's position in data is
 * index & (BH_PIPE_CAPACITY - 1). */
struct bh_pipe {
    uint32_t magic;
    uint32_t produced; /* written by the producer only */
    uint32_t full;     /* written by both: the producer waits for room */
    uint32_t pad0[13]; /* the consumer's words live on their own cache line */
    uint32_t consumed; /* written by the consumer only */
    uint32_t wait;     /* written by both: the consumer waits for bytes */
    uint32_t pad1[14];
    uint8_t data[BH_PIPE_CAPACITY];
};

struct bh_pipe_pair {
    struct bh_pipe to_server;
    struct bh_pipe to_client;
};

_Static_assert(sizeof(struct bh_pipe) == 128 + BH_PIPE_CAPACITY, "pipe layout");
_Static_assert(sizeof(struct bh_pipe_pair) <= 4096, "a pipe pair is one page");

/* Private ends: never in shared memory. Zero-initialised, an end is attached to no pipe, in which
 * are neither bytes nor room. */
struct bh_pipe_writer {
    struct bh_pipe *pipe;
    uint32_t produced;
    uint64_t peer_errors; /* times the peer's index made no sense */
};

struct bh_pipe_reader {
    struct bh_pipe *pipe;
    uint32_t consumed;
    uint64_t peer_errors;
};

/* Initialise the shared page; done once, by the domain that creates it, before either side runs. */
void bh_pipe_pair_init(struct bh_pipe_pair *pair);

/* True if the page is of this version: who has not initialised it asks before he attaches an end.
 */
bool bh_pipe_pair_known(const struct bh_pipe_pair *pair);

/* Attach an end to an initialised pipe. It goes on where the last holder of this end stopped: at 0
 * on a fresh page. */
void bh_pipe_writer_attach(struct bh_pipe_writer *writer, struct bh_pipe *pipe);
void bh_pipe_reader_attach(struct bh_pipe_reader *reader, struct bh_pipe *pipe);

/* Attach an end to a pipe that was initialised again while the last holder, oneself, may have been
 * in the midst of an operation on it: what that has left is undone. The other end is to be
 * signalled. */
void bh_pipe_writer_begin(struct bh_pipe_writer *writer, struct bh_pipe *pipe);
void bh_pipe_reader_begin(struct bh_pipe_reader *reader, struct bh_pipe *pipe);

/* Copy up to size bytes in; returns the number taken. *wake is set true if the consumer has to be
 * signalled, else left alone. */
size_t bh_pipe_write(struct bh_pipe_writer *writer, const void *bytes, size_t size, bool *wake);

/* Copy up to size bytes out; returns the number copied. *wake is set true if the producer waits for
 * room and has to be signalled, else left alone. */
size_t bh_pipe_read(struct bh_pipe_reader *reader, void *bytes, size_t size, bool *wake);

/* Bytes that can be read (written) now; 0 if the peer's index makes no sense. */
size_t bh_pipe_available(struct bh_pipe_reader *reader);
size_t bh_pipe_room(struct bh_pipe_writer *writer);

/* Ask to be signalled when there are bytes (room). Returns true if there already are: do not sleep.
 */
bool bh_pipe_reader_arm(struct bh_pipe_reader *reader);
bool bh_pipe_writer_arm(struct bh_pipe_writer *writer);

#endif
