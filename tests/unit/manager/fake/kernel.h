/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager's console is made of, for a test to play: kernel, pages, server, terminal. */
#ifndef FAKE_KERNEL_H
#define FAKE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bulkhead/ring.h>
#include <bulkhead/time.h>

#include "memory.h"

#define FAKE_PAGES 16u

struct fake {
    _Alignas(4096) uint8_t page[FAKE_PAGES][4096];
    size_t length;       /* of text */
    seL4_Word priority;  /* the manager's */
    seL4_Word signal[4]; /* badges that the manager's next waits return */
    struct realm own;
    struct bh_pipe_writer *typist; /* fills the manager's pipe whenever that has room */
    unsigned typed;                /* by that */
    unsigned pages;
    unsigned realms;  /* that exist */
    unsigned steps;   /* things asked of the kernel */
    unsigned failing; /* the one that fails; 0 = none */
    unsigned signals;
    unsigned heard; /* of them */
    bool runs;      /* the server takes what there is when the manager lets it */
    bool spent;     /* it takes eight bytes, and then nothing until it is given time */
    bool suspended;
    size_t budget;    /* bytes that it may take */
    char text[65536]; /* what stands on the terminal */
};

extern struct fake fake;

/* The page that the manager and a client of the console share. */
struct bh_pipe_pair *fake_pair(unsigned client);

/* The server takes up to `most` bytes of the manager's. */
void fake_serve(size_t most);

#endif
