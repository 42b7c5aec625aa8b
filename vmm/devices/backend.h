/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the bytes of a serial device go and come from. */
#ifndef VMM_DEVICES_BACKEND_H
#define VMM_DEVICES_BACKEND_H

#include <stddef.h>

struct byte_backend {
    /* Take up to size bytes; returns how many. If fewer, the device hears HOST_EVENT_CONSOLE when
     * there is room again. */
    size_t (*write)(void *opaque, const void *bytes, size_t size);
    /* Give up to size bytes; returns how many. If fewer, the device hears HOST_EVENT_CONSOLE when
     * there are more. Called from one thread at a time. */
    size_t (*read)(void *opaque, void *bytes, size_t size);
    /* Let the other side see what was written, which it may not notice before. */
    void (*flush)(void *opaque);
    void *opaque;
};

/* The VM's console (core/host.h). */
extern const struct byte_backend backend_host_console;

#endif
