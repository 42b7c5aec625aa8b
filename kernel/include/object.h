/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's objects, as they lie in memory that user level has given for them. */
#ifndef KEEL_OBJECT_H
#define KEEL_OBJECT_H

#include <bulkhead/keel.h>
#include <sel4/abi/config.h>
#include <sel4/abi/faults.h>
#include <sel4/abi/ipcbuffer.h>

#include "arch_types.h"
#include "cap.h"

struct tcb;
struct sched_context;
struct reply;
struct notification;
struct endpoint;

/* --- threads --- */

enum thread_state {
    THREAD_INACTIVE = 0,
    THREAD_RUNNING,
    THREAD_RESTART, /* runnable; continues at its restart PC, repeating what it trapped for */
    THREAD_ON_RECEIVE,
    THREAD_ON_SEND,
    THREAD_ON_REPLY,
    THREAD_ON_NOTIFICATION,
    THREAD_IDLE,
};

/* The thread's own small CNode. */
enum tcb_slot {
    TCB_CSPACE = 0,
    TCB_VSPACE,
    TCB_BUFFER,
    TCB_FAULT,
    TCB_TIMEOUT,
    TCB_SLOTS,
};

/* Why a lookup failed, as the words of a message: seL4_LookupFailureType and what belongs to it. */
struct lookup_failure {
    unsigned words;
    word word[4];
};

/* This type and those after it belong to the architecture. */
#define FAULT_ARCH_FIRST seL4_Fault_VMFault

/* A fault that a thread is stopped by. */
struct fault {
    enum seL4_Fault_tag type; /* NullFault: none */
    bool in_receive;          /* CapFault */
    word data[3]; /* CapFault: capptr; UnknownSyscall: number; UserException: number, code; Timeout:
                     badge; others as the architecture likes */
    struct lookup_failure lookup; /* CapFault */
};

/* A list of threads. */
struct tcb_queue {
    struct tcb *head;
    struct tcb *tail;
};

struct tcb {
    struct slot slot[TCB_SLOTS];
    struct arch_tcb arch; /* registers first */

    /* Scheduling. */
    struct sched_context *sc;
    struct sched_context *yield_to; /* being yielded to; its Consumed is the result of our call */
    uint32_t core;
    uint8_t state; /* enum thread_state */
    uint8_t priority;
    uint8_t mcp;
    bool in_ready;
    bool in_release;
    uint8_t flags; /* seL4_TCBFlag_*, KEEL_TCB_* */

    /* IPC. What these mean depends on the state. */
    bool can_grant;          /* ON_SEND, ON_RECEIVE */
    bool can_grant_reply;    /* ON_SEND */
    bool is_call;            /* ON_SEND */
    word badge;              /* ON_SEND */
    struct tcb_queue *queue; /* ON_SEND, ON_RECEIVE, ON_NOTIFICATION: the one it is in */
    struct reply *reply;     /* ON_RECEIVE (may be NULL), ON_REPLY */

    /* In the ready queue, the release queue or that of an IPC object: in one at the most. */
    struct tcb *next;
    struct tcb *prev;

    struct notification *bound_notification;
    word ipc_buffer; /* user address */
    struct fault fault;
};

_Static_assert(sizeof(struct tcb) <= 1u << seL4_TCBBits, "a TCB fits its object");

/* Does it wait in the queue of an endpoint or a notification? */
static inline bool thread_queued(const struct tcb *t)
{
    return t->state == THREAD_ON_SEND || t->state == THREAD_ON_RECEIVE ||
           t->state == THREAD_ON_NOTIFICATION;
}

static inline bool thread_stopped(const struct tcb *t)
{
    return t->state != THREAD_RUNNING && t->state != THREAD_RESTART;
}

/* --- IPC objects --- */

/*
 * 16 bytes. The queue is of senders or of receivers, which its first thread's state tells; the
 * object of size 16 has room for nothing else.
 */
struct endpoint {
    struct tcb_queue queue;
};

_Static_assert(sizeof(struct endpoint) == 1u << seL4_EndpointBits, "the ABI fixes the size");

struct notification {
    struct tcb_queue queue; /* threads waiting */
    word badges;            /* accumulated, if active */
    struct tcb *bound_tcb;
    struct sched_context *sc;
    bool active;
};

_Static_assert(sizeof(struct notification) <= 1u << seL4_NotificationBits,
               "the ABI fixes the size");

/*
 * A reply object is linked into the call stack of the scheduling context that was donated through
 * it. `next` points towards the head (the latest call): to the reply above, or for the head to the
 * scheduling context, marked by REPLY_HEAD.
 */
struct reply {
    struct tcb *tcb;    /* thread that waits with it: ON_RECEIVE or ON_REPLY; NULL if unused */
    struct reply *prev; /* older call on the same stack */
    word next;          /* struct reply *, or struct sched_context * | REPLY_HEAD */
    word reserved;
};

#define REPLY_HEAD 1u

_Static_assert(sizeof(struct reply) <= 1u << seL4_ReplyBits, "the ABI fixes the size");

/* --- scheduling contexts --- */

struct refill {
    ticks time; /* from when it may be used */
    ticks amount;
};

_Static_assert(sizeof(struct refill) == seL4_RefillSizeBytes, "the ABI fixes the size of a refill");

#define SC_CORE_REFILLS 2 /* that the smallest scheduling context has room for */

struct sched_context {
    ticks period; /* 0: round robin */
    ticks budget;
    ticks consumed; /* since the last time somebody asked */
    word badge;     /* data word of timeout faults */
    struct tcb *tcb;
    struct notification *notification;
    struct reply *reply;    /* head of the call stack */
    struct tcb *yield_from; /* thread that waits for the result of YieldTo */
    uint32_t core;
    uint16_t refill_max;  /* 0: not configured, never runs */
    uint16_t refill_head; /* index */
    uint16_t refill_count;
    bool sporadic;
    uint64_t reserved;
    struct refill refills[SC_CORE_REFILLS]; /* and more, as far as the object reaches */
};

_Static_assert(sizeof(struct sched_context) <= seL4_CoreSchedContextBytes,
               "the ABI fixes the size");

#endif
