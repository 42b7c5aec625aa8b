/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the manager hears of the others: one endpoint for calls and faults, and one notification that
 * is bound to its thread, so that one wait serves both.
 */
#ifndef MANAGER_EVENT_H
#define MANAGER_EVENT_H

#include <stdbool.h>

#include <bulkhead/sel4.h>
#include <bulkhead/start.h>

/* Badges of signals: bit n = the VM with index n has a thread ready; then these. */
#define EVENT_TIMER_READY (UINT64_C(1) << 61)
#define EVENT_CONSOLE     (UINT64_C(1) << 62)

/* Badges of the endpoint: who << 8 | thread, and one of these. */
#define EVENT_CALL           (UINT64_C(1) << 63)
#define EVENT_FAULT          (UINT64_C(3) << 62)
#define EVENT_KIND           (UINT64_C(3) << 62)
#define EVENT_CONSOLE_SERVER 0xf0u /* "who" besides VM indices */
#define EVENT_TIMER_SERVER   0xf1u

#define EVENT_WORDS 8u

_Static_assert(BH_MAX_VMS <= 61 && BH_MAX_VMS < EVENT_CONSOLE_SERVER,
               "a bit and a number for each VM");

struct event {
    uint64_t badge;
    uint64_t label;
    uint64_t length;            /* words of the message */
    uint64_t word[EVENT_WORDS]; /* those beyond the length are 0 */
};

static inline bool event_is_signal(const struct event *event)
{
    return !(event->badge & EVENT_CALL);
}

static inline unsigned event_who(const struct event *event)
{
    return event->badge >> 8 & 0xff;
}

static inline unsigned event_thread(const struct event *event)
{
    return event->badge & 0xff;
}

static inline uint64_t event_badge(uint64_t kind, unsigned who, unsigned thread)
{
    return kind | (uint64_t)who << 8 | thread;
}

/* Make endpoint, notification and reply object. */
bool event_init(void);

/* The endpoint and the notification, unbadged. */
seL4_CPtr event_endpoint(void);
seL4_CPtr event_notification(void);

/* Signals that have come from somebody who is gone: not to be taken for his successor's. */
void event_forget(uint64_t signals);

/* Signals that event_wait() has returned, for it to return again. */
void event_keep(uint64_t signals);

/* Answer the call that event_wait() has returned last with one word. */
void event_answer(uint64_t word);

/* Wait for the next call, fault or signal. A thread whose message is not answered stays stopped. */
void event_wait(struct event *event);

#endif
