/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/backend.h"

#include "core/host.h"

static size_t console_write(void *opaque, const void *bytes, size_t size)
{
    return host_console_write(bytes, size);
}

static size_t console_read(void *opaque, void *bytes, size_t size)
{
    return host_console_read(bytes, size);
}

static void console_flush(void *opaque)
{
    host_console_flush();
}

const struct byte_backend backend_host_console = {
    .write = console_write,
    .read = console_read,
    .flush = console_flush,
};
