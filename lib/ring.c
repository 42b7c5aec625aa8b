/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Byte pipes between two domains that do not trust each other.
 *
 * Order: bytes before the index that publishes them (release), index before the bytes it admits
 * (acquire). Sleeping is a store and a load on each side (reader: wait, then produced; writer:
 * produced, then wait); a full fence between the two makes at least one side see the other, so no
 * wake-up is lost.
 */
#include <bulkhead/ring.h>
#include <string.h>

#define MASK (BH_PIPE_CAPACITY - 1)

_Static_assert((BH_PIPE_CAPACITY & MASK) == 0, "capacity is a power of two");

static uint32_t load_index(const uint32_t *index)
{
    return __atomic_load_n(index, __ATOMIC_ACQUIRE);
}

static void fence(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* True, once, if the peer asked to be signalled. */
static bool take_flag(uint32_t *flag)
{
    if (__atomic_load_n(flag, __ATOMIC_RELAXED) == 0) {
        return false;
    }
    __atomic_store_n(flag, 0, __ATOMIC_RELAXED);
    return true;
}

/* Bytes that can be read now; 0 if the peer's index is nonsense. */
size_t bh_pipe_available(struct bh_pipe_reader *reader)
{
    if (reader->pipe == NULL) {
        return 0;
    }
    uint32_t used = load_index(&reader->pipe->produced) - reader->consumed;

    if (used > BH_PIPE_CAPACITY) {
        reader->peer_errors++;
        return 0;
    }
    return used;
}

size_t bh_pipe_room(struct bh_pipe_writer *writer)
{
    if (writer->pipe == NULL) {
        return 0;
    }
    uint32_t used = writer->produced - load_index(&writer->pipe->consumed);

    if (used > BH_PIPE_CAPACITY) {
        writer->peer_errors++;
        return 0;
    }
    return BH_PIPE_CAPACITY - used;
}

static void pipe_init(struct bh_pipe *pipe)
{
    memset(pipe, 0, sizeof(*pipe));
    pipe->magic = BH_PIPE_MAGIC;
}

void bh_pipe_pair_init(struct bh_pipe_pair *pair)
{
    pipe_init(&pair->to_server);
    pipe_init(&pair->to_client);
}

bool bh_pipe_pair_known(const struct bh_pipe_pair *pair)
{
    return pair->to_server.magic == BH_PIPE_MAGIC && pair->to_client.magic == BH_PIPE_MAGIC;
}

void bh_pipe_writer_attach(struct bh_pipe_writer *writer, struct bh_pipe *pipe)
{
    *writer = (struct bh_pipe_writer){.pipe = pipe, .produced = load_index(&pipe->produced)};
}

void bh_pipe_reader_attach(struct bh_pipe_reader *reader, struct bh_pipe *pipe)
{
    *reader = (struct bh_pipe_reader){.pipe = pipe, .consumed = load_index(&pipe->consumed)};
}

/* Empty, whatever the new reader has taken for bytes. */
void bh_pipe_writer_begin(struct bh_pipe_writer *writer, struct bh_pipe *pipe)
{
    *writer = (struct bh_pipe_writer){.pipe = pipe, .produced = load_index(&pipe->consumed)};
    __atomic_store_n(&pipe->produced, writer->produced, __ATOMIC_RELEASE);
}

/* The new writer has begun at 0. */
void bh_pipe_reader_begin(struct bh_pipe_reader *reader, struct bh_pipe *pipe)
{
    *reader = (struct bh_pipe_reader){.pipe = pipe};
    __atomic_store_n(&pipe->consumed, 0, __ATOMIC_RELEASE);
}

size_t bh_pipe_write(struct bh_pipe_writer *writer, const void *bytes, size_t size, bool *wake)
{
    struct bh_pipe *pipe = writer->pipe;
    size_t room = bh_pipe_room(writer);
    uint32_t count = (uint32_t)(size < room ? size : room);
    uint32_t at = writer->produced & MASK;
    uint32_t first = count < BH_PIPE_CAPACITY - at ? count : BH_PIPE_CAPACITY - at;

    if (count == 0) {
        return 0;
    }
    memcpy(pipe->data + at, bytes, first);
    memcpy(pipe->data, (const uint8_t *)bytes + first, count - first);
    writer->produced += count;
    __atomic_store_n(&pipe->produced, writer->produced, __ATOMIC_RELEASE);
    fence();
    if (take_flag(&pipe->wait)) {
        *wake = true;
    }
    return count;
}

size_t bh_pipe_read(struct bh_pipe_reader *reader, void *bytes, size_t size, bool *wake)
{
    struct bh_pipe *pipe = reader->pipe;
    size_t available = bh_pipe_available(reader);
    uint32_t count = (uint32_t)(size < available ? size : available);
    uint32_t at = reader->consumed & MASK;
    uint32_t first = count < BH_PIPE_CAPACITY - at ? count : BH_PIPE_CAPACITY - at;

    if (count == 0) {
        return 0;
    }
    memcpy(bytes, pipe->data + at, first);
    memcpy((uint8_t *)bytes + first, pipe->data, count - first);
    reader->consumed += count;
    __atomic_store_n(&pipe->consumed, reader->consumed, __ATOMIC_RELEASE);
    fence();
    if (take_flag(&pipe->full)) {
        *wake = true;
    }
    return count;
}

bool bh_pipe_reader_arm(struct bh_pipe_reader *reader)
{
    if (reader->pipe == NULL) {
        return false;
    }
    __atomic_store_n(&reader->pipe->wait, 1, __ATOMIC_RELAXED);
    fence();
    return bh_pipe_available(reader) > 0;
}

bool bh_pipe_writer_arm(struct bh_pipe_writer *writer)
{
    if (writer->pipe == NULL) {
        return false;
    }
    __atomic_store_n(&writer->pipe->full, 1, __ATOMIC_RELAXED);
    fence();
    return bh_pipe_room(writer) > 0;
}
