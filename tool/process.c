/* SPDX-License-Identifier: BSD-2-Clause */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A line still unfollowed after this time is progress, not the reason of an exit. */
#define HOLD_BACK_MS 200

struct stream {
    int fd;
    char *data;
    size_t size;
    size_t room;
};

/* Appends what the pipe has; closes it at its end. Returns 0 or an errno value. */
static int stream_read(struct stream *stream)
{
    ssize_t got;

    if (stream->room - stream->size < 65536) {
        size_t room = stream->room == 0 ? 131072 : 2 * stream->room;
        char *data = realloc(stream->data, room);

        if (data == NULL) {
            return ENOMEM;
        }
        stream->data = data;
        stream->room = room;
    }
    got = read(stream->fd, stream->data + stream->size, stream->room - stream->size - 1);
    if (got < 0) {
        return errno == EINTR ? 0 : errno;
    }
    if (got == 0) {
        close(stream->fd);
        stream->fd = -1;
        return 0;
    }
    stream->size += (size_t)got;
    return stream->size > PROCESS_OUTPUT_MAX ? EFBIG : 0;
}

/* Passes whole lines on; the last one only if `all`. */
static void stream_relay(struct stream *stream, bool all)
{
    size_t end = stream->size;

    while (end > 0 && stream->data[end - 1] != '\n') {
        end--;
    }
    if (!all && end > 0) {
        end--;
        while (end > 0 && stream->data[end - 1] != '\n') {
            end--;
        }
    }
    if (end == 0) {
        return;
    }
    fwrite(stream->data, 1, end, stderr);
    memmove(stream->data, stream->data + end, stream->size - end);
    stream->size -= end;
}

static int collect(struct stream streams[2], bool relay)
{
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        struct pollfd polls[2] = {{.fd = streams[0].fd, .events = POLLIN},
                                  {.fd = streams[1].fd, .events = POLLIN}};
        int ready = poll(polls, 2, relay && streams[1].size > 0 ? HOLD_BACK_MS : -1);

        if (ready < 0 && errno != EINTR) {
            return errno;
        }
        if (ready == 0) {
            stream_relay(&streams[1], true);
        }
        for (int i = 0; i < 2 && ready > 0; i++) {
            int error = polls[i].revents != 0 ? stream_read(&streams[i]) : 0;

            if (error != 0) {
                return error;
            }
        }
        if (relay) {
            stream_relay(&streams[1], false);
        }
    }
    return 0;
}

static _Noreturn void run_child(const char *const argv[], int out, int err)
{
    int null = open("/dev/null", O_RDONLY);

    if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) {
        _exit(126);
    }
    execvp(argv[0], (char *const *)argv);
    _exit(errno == ENOENT ? PROCESS_NOT_FOUND : 126);
}

static struct bytes keep(struct arena *arena, struct stream *stream)
{
    struct bytes bytes = {.size = stream->size};
    const char *data = stream->size == 0 ? "" : stream->data;

    bytes.data = (const uint8_t *)arena_text(arena, data, stream->size);
    free(stream->data);
    return bytes;
}

/* After an error the child may still write: it must not wait for a reader that has gone. */
static void close_streams(struct stream streams[2])
{
    for (int i = 0; i < 2; i++) {
        if (streams[i].fd >= 0) {
            close(streams[i].fd);
        }
    }
}

int process_run(struct arena *arena, const char *const argv[], bool relay,
                struct process_result *result)
{
    int out[2], err[2], status = 0, error;
    pid_t child;

    if (pipe2(out, O_CLOEXEC) != 0) {
        return errno;
    }
    if (pipe2(err, O_CLOEXEC) != 0) {
        error = errno;
        close(out[0]);
        close(out[1]);
        return error;
    }
    fflush(NULL);
    child = fork();
    if (child == 0) {
        run_child(argv, out[1], err[1]);
    }
    error = child < 0 ? errno : 0;
    close(out[1]);
    close(err[1]);

    struct stream streams[2] = {{.fd = out[0]}, {.fd = err[0]}};
    if (child > 0) {
        error = collect(streams, relay);
    }
    close_streams(streams);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    result->output = keep(arena, &streams[0]);
    result->errors = keep(arena, &streams[1]);
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return error;
}
