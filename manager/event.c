/* SPDX-License-Identifier: BSD-2-Clause */
#include "event.h"

#include "log.h"
#include "memory.h"

static seL4_CPtr endpoint;
static seL4_CPtr notification;
static seL4_CPtr reply;
static uint64_t kept; /* signals that have been taken and not been handed out yet */

bool event_init(void)
{
    endpoint = realm_simple(memory_own(), seL4_EndpointObject);
    notification = realm_simple(memory_own(), seL4_NotificationObject);
    reply = realm_simple(memory_own(), seL4_ReplyObject);
    return endpoint != 0 && notification != 0 && reply != 0 &&
           log_ok("binding the notification",
                  seL4_TCB_BindNotification(seL4_CapInitThreadTCB, notification));
}

seL4_CPtr event_endpoint(void)
{
    return endpoint;
}

seL4_CPtr event_notification(void)
{
    return notification;
}

void event_forget(uint64_t signals)
{
    seL4_Word badge = 0;

    seL4_NBWait(notification, &badge);
    kept = (kept | badge) & ~signals;
}

void event_keep(uint64_t signals)
{
    kept |= signals;
}

void event_answer(uint64_t word)
{
    seL4_SetMR(0, word);
    seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 1));
}

void event_wait(struct event *event)
{
    seL4_Word badge;

    if (kept != 0) {
        *event = (struct event){.badge = kept};
        kept = 0;
        return;
    }
    seL4_MessageInfo_t info = seL4_Recv(endpoint, &badge, reply);

    *event = (struct event){.badge = badge};
    if (event_is_signal(event)) {
        return;
    }
    event->label = seL4_MessageInfo_get_label(info);
    event->length = seL4_MessageInfo_get_length(info);
    for (unsigned i = 0; i < EVENT_WORDS && i < event->length; i++) {
        event->word[i] = seL4_GetMR((int)i);
    }
}
