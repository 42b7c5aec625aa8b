/* SPDX-License-Identifier: BSD-2-Clause */
/* Byte pipes: as a queue, with a hostile peer, and between two threads that sleep. */
#include <bulkhead/ring.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static struct bh_pipe_pair *new_pair(void)
{
    struct bh_pipe_pair *pair = malloc(sizeof(*pair));

    assert_non_null(pair);
    bh_pipe_pair_init(pair);
    assert_int_equal(pair->to_server.magic, BH_PIPE_MAGIC);
    assert_int_equal(pair->to_client.magic, BH_PIPE_MAGIC);
    return pair;
}

/* Random chunk sizes through the pipe: bytes come out as they went in, indices wrap at 2^32. */
static void test_queue(void **state)
{
    struct bh_pipe_pair *pair = new_pair();
    struct bh_pipe_writer writer;
    struct bh_pipe_reader reader;
    uint8_t in[1500], out[1500];
    uint32_t seed = 7, written = 0, read = 0;
    bool wake = false;

    bh_pipe_writer_attach(&writer, &pair->to_server);
    bh_pipe_reader_attach(&reader, &pair->to_server);
    uint32_t start = UINT32_MAX - 100000;
    writer.produced = reader.consumed = start;
    pair->to_server.produced = pair->to_server.consumed = start;
    for (int round = 0; round < 20000; round++) {
        size_t size = next_random(&seed) % sizeof(in);
        for (size_t i = 0; i < size; i++) {
            in[i] = (uint8_t)((written + i) * 7 >> 2);
        }
        size_t done = bh_pipe_write(&writer, in, size, &wake);
        size_t room = BH_PIPE_CAPACITY - (written - read);
        assert_int_equal(done, size < room ? size : room);
        written += (uint32_t)done;

        size = next_random(&seed) % sizeof(out);
        done = bh_pipe_read(&reader, out, size, &wake);
        assert_int_equal(done, size < written - read ? size : written - read);
        for (size_t i = 0; i < done; i++) {
            assert_int_equal(out[i], (uint8_t)((read + i) * 7 >> 2));
        }
        read += (uint32_t)done;
    }
    assert_false(wake);
    assert_int_equal(writer.peer_errors + reader.peer_errors, 0);
    free(pair);
}

static void test_wake(void **state)
{
    struct bh_pipe_pair *pair = new_pair();
    struct bh_pipe_writer writer;
    struct bh_pipe_reader reader;
    uint8_t bytes[BH_PIPE_CAPACITY] = {0};
    bool wake = false;

    bh_pipe_writer_attach(&writer, &pair->to_client);
    bh_pipe_reader_attach(&reader, &pair->to_client);
    assert_false(bh_pipe_reader_arm(&reader));
    assert_int_equal(bh_pipe_write(&writer, bytes, 0, &wake), 0);
    assert_false(wake); /* nothing published, nobody woken */
    assert_int_equal(bh_pipe_write(&writer, bytes, 3, &wake), 3);
    assert_true(wake);
    wake = false;
    assert_int_equal(bh_pipe_write(&writer, bytes, 3, &wake), 3);
    assert_false(wake); /* one signal per sleep */
    assert_true(bh_pipe_reader_arm(&reader));

    assert_true(bh_pipe_writer_arm(&writer));
    assert_int_equal(bh_pipe_write(&writer, bytes, sizeof(bytes), &wake), sizeof(bytes) - 6);
    assert_false(bh_pipe_writer_arm(&writer));
    wake = false;
    assert_int_equal(bh_pipe_read(&reader, bytes, 1, &wake), 1);
    assert_true(wake);
    wake = false;
    assert_int_equal(bh_pipe_read(&reader, bytes, 1, &wake), 1);
    assert_false(wake);
    free(pair);
}

/* The peer scribbles over the whole shared page between operations. The page is a heap block of
 * exactly its size, so the sanitizer sees every byte beyond it. */
static void test_hostile_peer(void **state)
{
    struct bh_pipe_pair *pair = new_pair();
    struct bh_pipe_writer writer;
    struct bh_pipe_reader reader;
    uint8_t bytes[2 * BH_PIPE_CAPACITY] = {0};
    uint32_t seed = 3;
    bool wake = false;

    bh_pipe_writer_attach(&writer, &pair->to_server);
    bh_pipe_reader_attach(&reader, &pair->to_client);
    for (int round = 0; round < 200000; round++) {
        pair->to_server.consumed = next_random(&seed) * 257;
        pair->to_client.produced = next_random(&seed) * 257;
        if (next_random(&seed) % 2) {
            pair->to_server.consumed = writer.produced - next_random(&seed) % 1100;
            pair->to_client.produced = reader.consumed + next_random(&seed) % 1100;
        }
        pair->to_server.wait = next_random(&seed);
        pair->to_client.full = next_random(&seed);
        size_t size = next_random(&seed) % sizeof(bytes);
        assert_true(bh_pipe_write(&writer, bytes, size, &wake) <= BH_PIPE_CAPACITY);
        assert_true(bh_pipe_read(&reader, bytes, size, &wake) <= BH_PIPE_CAPACITY);
        bh_pipe_reader_arm(&reader);
        bh_pipe_writer_arm(&writer);
    }
    assert_true(writer.peer_errors > 0);
    assert_true(reader.peer_errors > 0);
    free(pair);
}

/* --- two threads ---------------------------------------------------------------------------- */

#define STREAM 2000000u

struct link {
    struct bh_pipe_pair *pair;
    sem_t readable, writable;
};

/* Both ends change hands now and then: no byte is lost or doubled. */
static void test_new_holders(void **state)
{
    struct bh_pipe_pair *pair = new_pair();
    struct bh_pipe_writer writer;
    struct bh_pipe_reader reader;
    uint32_t seed = 3;
    uint8_t written = 0, read = 0, byte;
    bool wake = false;

    bh_pipe_writer_attach(&writer, &pair->to_client);
    bh_pipe_reader_attach(&reader, &pair->to_client);
    for (int round = 0; round < 100000; round++) {
        switch (next_random(&seed) % 8) {
        case 0:
            bh_pipe_writer_attach(&writer, &pair->to_client);
            break;
        case 1:
            bh_pipe_reader_attach(&reader, &pair->to_client);
            break;
        case 2:
        case 3:
        case 4:
            written += (uint8_t)bh_pipe_write(&writer, &written, 1, &wake);
            break;
        default:
            if (bh_pipe_read(&reader, &byte, 1, &wake) == 1) {
                assert_int_equal(byte, read++);
            }
        }
    }
    assert_true(read > 0);
    free(pair);
}

static void *produce(void *opaque)
{
    struct link *link = opaque;
    struct bh_pipe_writer writer;
    uint8_t chunk[700];
    uint32_t seed = 11, sent = 0;

    bh_pipe_writer_attach(&writer, &link->pair->to_server);
    while (sent < STREAM) {
        size_t size = next_random(&seed) % sizeof(chunk) + 1;
        size = size < STREAM - sent ? size : STREAM - sent;
        for (size_t i = 0; i < size; i++) {
            chunk[i] = (uint8_t)((sent + i) % 251);
        }
        bool wake = false;
        size_t done = bh_pipe_write(&writer, chunk, size, &wake);
        if (wake) {
            sem_post(&link->readable);
        }
        if (done == 0 && !bh_pipe_writer_arm(&writer)) {
            sem_wait(&link->writable);
        }
        sent += (uint32_t)done;
    }
    return NULL;
}

/* A lost wake-up shows as a hang; the test runner's time limit ends it. */
static void test_threads(void **state)
{
    struct link link = {.pair = new_pair()};
    struct bh_pipe_reader reader;
    uint8_t chunk[900];
    uint32_t seed = 5, got = 0;
    pthread_t thread;

    sem_init(&link.readable, 0, 0);
    sem_init(&link.writable, 0, 0);
    bh_pipe_reader_attach(&reader, &link.pair->to_server);
    assert_int_equal(pthread_create(&thread, NULL, produce, &link), 0);
    while (got < STREAM) {
        bool wake = false;
        size_t done = bh_pipe_read(&reader, chunk, next_random(&seed) % sizeof(chunk) + 1, &wake);
        if (wake) {
            sem_post(&link.writable);
        }
        for (size_t i = 0; i < done; i++) {
            assert_int_equal(chunk[i], (uint8_t)((got + i) % 251));
        }
        if (done == 0 && !bh_pipe_reader_arm(&reader)) {
            sem_wait(&link.readable);
        }
        got += (uint32_t)done;
    }
    pthread_join(thread, NULL);
    assert_int_equal(reader.peer_errors, 0);
    free(link.pair);
}

/* The page is initialised again for a new client while the server is in the midst of a read and of
 * a write for the old one, whose last stores come after that. */
static void test_begin(void **state)
{
    for (uint32_t late = 0; late < 3 * BH_PIPE_CAPACITY; late += 100) {
        struct bh_pipe_pair *pair = new_pair();
        struct bh_pipe_writer server_writer, writer;
        struct bh_pipe_reader server_reader, reader;
        char byte = 0;
        bool wake = false;

        bh_pipe_writer_attach(&writer, &pair->to_server);
        bh_pipe_reader_attach(&reader, &pair->to_client);
        pair->to_server.consumed = late;
        pair->to_client.produced = late;
        bh_pipe_reader_begin(&server_reader, &pair->to_server);
        bh_pipe_writer_begin(&server_writer, &pair->to_client);
        assert_int_equal(bh_pipe_read(&reader, &byte, 1, &wake), 0);
        assert_int_equal(bh_pipe_write(&server_writer, "k", 1, &wake), 1);
        assert_int_equal(bh_pipe_read(&reader, &byte, 1, &wake), 1);
        assert_int_equal(byte, 'k');
        assert_int_equal(bh_pipe_write(&writer, "o", 1, &wake), 1);
        assert_int_equal(bh_pipe_read(&server_reader, &byte, 1, &wake), 1);
        assert_int_equal(byte, 'o');
        free(pair);
    }
}

static void test_other_version(void **state)
{
    struct bh_pipe_pair *pair = new_pair();

    assert_true(bh_pipe_pair_known(pair));
    pair->to_server.magic++;
    assert_false(bh_pipe_pair_known(pair));
    bh_pipe_pair_init(pair);
    assert_true(bh_pipe_pair_known(pair));
    pair->to_client.magic--;
    assert_false(bh_pipe_pair_known(pair));
    free(pair);
}

static void test_attached_to_nothing(void **state)
{
    struct bh_pipe_writer writer = {0};
    struct bh_pipe_reader reader = {0};
    bool wake = false;
    char byte;

    assert_int_equal(bh_pipe_write(&writer, "x", 1, &wake), 0);
    assert_int_equal(bh_pipe_read(&reader, &byte, 1, &wake), 0);
    assert_false(bh_pipe_writer_arm(&writer));
    assert_false(bh_pipe_reader_arm(&reader));
    assert_false(wake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue),         cmocka_unit_test(test_wake),
        cmocka_unit_test(test_hostile_peer),  cmocka_unit_test(test_new_holders),
        cmocka_unit_test(test_threads),       cmocka_unit_test(test_begin),
        cmocka_unit_test(test_other_version), cmocka_unit_test(test_attached_to_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
