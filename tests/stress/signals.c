/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pairs of threads play ping-pong over notifications while they are suspended, resumed and moved. A
 * third, passive thread listens on a notification that lends it a scheduling context.
 */
#include "stress.h"

#define PAIRS 6

struct pair {
    struct stress_thread ping, pong, listener;
    seL4_CPtr to_pong, to_ping, to_listener;
    seL4_CPtr endpoint, reply; /* nobody sends to it */
    volatile unsigned pings, pongs;
    volatile unsigned published, seen;
    volatile bool ping_done, pong_done;
};

static struct pair pairs[PAIRS];
static volatile bool stop;
static seL4_CPtr ready;

static void ping_main(void *arg)
{
    struct pair *p = arg;
    seL4_Word badge;

    while (!stop) {
        p->published = p->pings + 1;
        seL4_Signal(p->to_listener);
        seL4_Signal(p->to_pong);
        seL4_Wait(p->to_ping, &badge);
        p->pings++;
    }
    p->ping_done = true;
    seL4_Signal(p->to_pong);
    stress_park();
}

static void pong_main(void *arg)
{
    struct pair *p = arg;
    seL4_Word badge;

    for (;;) {
        seL4_Wait(p->to_pong, &badge);
        if (p->ping_done) {
            break;
        }
        p->pongs++;
        seL4_Signal(p->to_ping);
    }
    p->pong_done = true;
    stress_park();
}

/* By its bound notification, or by the notification itself. */
static void listener_main(void *arg)
{
    struct pair *p = arg;
    seL4_Word badge;

    seL4_NBSendRecv(ready, seL4_MessageInfo_new(0, 0, 0, 0), p->endpoint, &badge, p->reply);
    for (unsigned i = 0;; i++) {
        p->seen = p->published;
        if (i % 2 == 0) {
            seL4_Wait(p->to_listener, &badge);
        } else {
            seL4_Recv(p->endpoint, &badge, p->reply);
        }
    }
}

static void start_listener(struct pair *p)
{
    struct root_thread *config = &p->listener.config;
    seL4_Word badge;

    stress_make_thread(&p->listener, stress_below(stress.cores), 120, listener_main, p);
    root_check(seL4_TCB_BindNotification(config->tcb, p->to_listener), "bind a notification");
    root_thread(config, true);
    seL4_Wait(ready, &badge);
    root_check(seL4_SchedContext_UnbindObject(config->sc, config->tcb), "take the context");
    root_check(seL4_SchedContext_Bind(config->sc, p->to_listener), "context to notification");
}

static void start_pair(struct pair *p)
{
    stress_make_thread(&p->ping, stress_below(stress.cores), 50 + stress_below(100), ping_main, p);
    stress_make_thread(&p->pong, stress_below(stress.cores), 50 + stress_below(100), pong_main, p);
    root_thread(&p->ping.config, true);
    root_thread(&p->pong.config, true);
}

static void prepare(struct pair *p)
{
    p->to_pong = stress_object(seL4_NotificationObject, 0);
    p->to_ping = stress_object(seL4_NotificationObject, 0);
    p->to_listener = stress_object(seL4_NotificationObject, 0);
    p->endpoint = stress_object(seL4_EndpointObject, 0);
    p->reply = stress_object(seL4_ReplyObject, 0);
    start_listener(p);
}

static void watch(void);

static void disturb(struct pair *p)
{
    const struct root_thread *t = stress_one_in(2) ? &p->ping.config : &p->pong.config;

    switch (stress_below(5)) {
    case 0:
        stress_configure(t->sc, stress_below(stress.cores));
        break;
    case 1:
        stress_configure(p->listener.config.sc, stress_below(stress.cores));
        break;
    case 2:
        root_check(seL4_TCB_Suspend(t->tcb), "suspend");
        if (stress_one_in(2)) {
            stress_pause();
        }
        root_check(seL4_TCB_Resume(t->tcb), "resume");
        break;
    case 3:
        root_check(seL4_SchedContext_Unbind(t->sc), "unbind");
        /* A blocked thread takes only a context that has budget now. */
        while (seL4_SchedContext_Bind(t->sc, t->tcb) != seL4_NoError) {
            stress_pause();
            watch();
        }
        break;
    default:
        seL4_SchedContext_YieldTo(t->sc);
        break;
    }
}

static bool finished(void)
{
    for (unsigned i = 0; i < PAIRS; i++) {
        const struct pair *p = &pairs[i];
        if (!p->pong_done || p->seen != p->published) {
            return false;
        }
    }
    return true;
}

static void watch(void)
{
    for (unsigned i = 0; i < PAIRS; i++) {
        const struct pair *p = &pairs[i];
        if (p->pings > p->pongs || p->pongs > p->pings + 1) {
            root_fail("pair %u: %u pings, %u pongs", i, p->pings, p->pongs);
        }
    }
    if (stress_late()) {
        for (unsigned i = 0; i < PAIRS; i++) {
            const struct pair *p = &pairs[i];
            root_print("stress: pair %u: %u pings, %u pongs, %u published, %u seen\n", i, p->pings,
                       p->pongs, p->published, p->seen);
        }
        stress_watch("signals");
    }
}

void stress_signals(void)
{
    unsigned rounds = 0;

    ready = stress_object(seL4_NotificationObject, 0);
    for (unsigned i = 0; i < PAIRS; i++) {
        prepare(&pairs[i]);
    }
    /* Only now: a pair leaves nothing to threads of lower priority on its core. */
    for (unsigned i = 0; i < PAIRS; i++) {
        start_pair(&pairs[i]);
    }
    while (!finished()) {
        stop = stress_over();
        disturb(&pairs[stress_below(PAIRS)]);
        if (stress_one_in(4)) {
            stress_pause();
        }
        watch();
    }
    for (unsigned i = 0; i < PAIRS; i++) {
        if (pairs[i].pings != pairs[i].pongs) {
            root_fail("pair %u: %u pings, %u pongs", i, pairs[i].pings, pairs[i].pongs);
        }
        rounds += pairs[i].pings;
    }
    root_print("stress: %u rounds\n", rounds);
}
