/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clients on all cores call through three levels of passive servers, on their own scheduling
 * contexts, which meanwhile change their parameters and cores. Every message has to arrive once and
 * unharmed.
 */
#include "stress.h"

#define LEVELS  3
#define SERVERS 2 /* per level */
#define CLIENTS 12
#define BADGE   0x55

struct client {
    struct stress_thread thread;
    seL4_CPtr notification; /* sent along; comes back signalled */
    seL4_CPtr sent;         /* the badged capability to it */
    uint64_t random;
    volatile unsigned calls;
    volatile bool done;
    const char *volatile error;
};

struct server {
    struct stress_thread thread;
    unsigned level;
    seL4_CPtr reply;
    seL4_CPtr receive_slot;
    const char *volatile error;
};

static struct {
    seL4_CPtr endpoint[LEVELS];
    seL4_CPtr timeouts;
    seL4_CPtr timeout_reply;
    seL4_CPtr ready;
    volatile bool stop;
    unsigned served[LEVELS];
    unsigned expired;
    struct client client[CLIENTS];
    struct server server[LEVELS][SERVERS];
} m;

static seL4_Word pattern(seL4_Word value, unsigned i)
{
    return value * 0x9e3779b97f4a7c15ul + i;
}

static bool intact(seL4_Word value, unsigned length)
{
    for (unsigned i = 2; i < length; i++) {
        if (seL4_GetMR((int)i) != pattern(value, i)) {
            return false;
        }
    }
    return true;
}

/* --- clients --- */

/* Words: 0 counts the levels, 1 the value, the others follow from it. */
static const char *call(struct client *c)
{
    uint32_t r = stress_next(&c->random);
    unsigned length = r % 3 == 0 ? 2 + (r >> 8) % 119 : 2 + (r >> 8) % 3;
    unsigned caps = (r >> 24) % 8 == 0;
    seL4_Word value = r;
    seL4_Word badge;

    seL4_SetMR(0, 0);
    seL4_SetMR(1, value);
    for (unsigned i = 2; i < length; i++) {
        seL4_SetMR((int)i, pattern(value, i));
    }
    if (caps) {
        seL4_SetCap(0, c->sent);
    }
    seL4_MessageInfo_t info =
        seL4_Call(m.endpoint[0], seL4_MessageInfo_new(r & 0xff, 0, caps, length));
    if (seL4_MessageInfo_get_length(info) != length) {
        return "length of an answer";
    }
    if (seL4_MessageInfo_get_label(info) != (r & 0xff) + LEVELS) {
        return "label of an answer";
    }
    if (seL4_GetMR(0) != 2 * LEVELS || seL4_GetMR(1) != value || !intact(value, length)) {
        return "words of an answer";
    }
    seL4_Poll(c->notification, &badge);
    return badge == (caps ? BADGE : 0) ? NULL : "capability sent along";
}

static void client_main(void *arg)
{
    struct client *c = arg;

    while (!m.stop && !c->error) {
        const char *error = call(c);
        if (error) {
            c->error = error;
        }
        c->calls++;
    }
    c->done = true;
    stress_park();
}

/* --- servers --- */

static const char *take_capability(struct server *s)
{
    seL4_Signal(s->receive_slot);
    return seL4_CNode_Delete(ROOT_CNODE, s->receive_slot, 64) == seL4_NoError
               ? NULL
               : "delete a received capability";
}

static void serve(struct server *s, seL4_MessageInfo_t *info)
{
    unsigned length = (unsigned)seL4_MessageInfo_get_length(*info);
    seL4_Word label = seL4_MessageInfo_get_label(*info);
    seL4_Word value = seL4_GetMR(1);

    if (seL4_MessageInfo_get_extraCaps(*info) == 1) {
        s->error = take_capability(s);
    }
    if (!intact(value, length)) {
        s->error = "words of a call";
    }
    __atomic_add_fetch(&m.served[s->level], 1, __ATOMIC_RELAXED);
    seL4_SetMR(0, seL4_GetMR(0) + 1);
    if (s->level + 1 < LEVELS) {
        *info = seL4_Call(m.endpoint[s->level + 1], seL4_MessageInfo_new(label, 0, 0, length));
        label = seL4_MessageInfo_get_label(*info);
    }
    seL4_SetMR(0, seL4_GetMR(0) + 1);
    *info = seL4_MessageInfo_new(label + 1, 0, 0, length);
}

static void server_main(void *arg)
{
    struct server *s = arg;
    seL4_Word badge;

    seL4_SetCapReceivePath(ROOT_CNODE, s->receive_slot, 64);
    seL4_MessageInfo_t info = seL4_NBSendRecv(m.ready, seL4_MessageInfo_new(0, 0, 0, 0),
                                              m.endpoint[s->level], &badge, s->reply);
    for (;;) {
        serve(s, &info);
        info = seL4_ReplyRecv(m.endpoint[s->level], info, &badge, s->reply);
    }
}

/* Answers timeout faults at once: whoever had one waits for its next refill. */
static void timeout_main(void *arg)
{
    seL4_Word badge;

    seL4_Recv(m.timeouts, &badge, m.timeout_reply);
    for (;;) {
        m.expired++;
        seL4_ReplyRecv(m.timeouts, seL4_MessageInfo_new(0, 0, 0, 0), &badge, m.timeout_reply);
    }
}

/* --- the root task --- */

static void start_server(struct server *s, unsigned level)
{
    seL4_Word badge;

    s->level = level;
    s->reply = stress_object(seL4_ReplyObject, 0);
    s->receive_slot = root_slots(1);
    stress_make_thread(&s->thread, stress_below(stress.cores), 100 + 10 * level, server_main, s);
    root_thread(&s->thread.config, true);
    seL4_Wait(m.ready, &badge);
    root_check(seL4_SchedContext_UnbindObject(s->thread.config.sc, s->thread.config.tcb),
               "make a server passive");
    if (stress_one_in(2)) {
        root_check(seL4_TCB_SetTimeoutEndpoint(s->thread.config.tcb, m.timeouts),
                   "timeout endpoint");
    }
}

static void start_client(struct client *c)
{
    c->notification = stress_object(seL4_NotificationObject, 0);
    c->sent = root_slots(1);
    root_check(seL4_CNode_Mint(ROOT_CNODE, c->sent, 64, ROOT_CNODE, c->notification, 64,
                               seL4_AllRights, BADGE),
               "mint");
    c->random = stress_random() | 1;
    stress_make_thread(&c->thread, stress_below(stress.cores), 50 + stress_below(100), client_main,
                       c);
    /* seL4 16.0.0 can halt where a budget ends two calls deep: docs/compatibility.md. */
    if (!stress.keel) {
        root_round_robin(c->thread.config.sc, c->thread.core, 1000);
    }
    root_thread(&c->thread.config, true);
}

static void start_all(void)
{
    static struct stress_thread timeout;

    for (unsigned level = 0; level < LEVELS; level++) {
        m.endpoint[level] = stress_object(seL4_EndpointObject, 0);
    }
    m.timeouts = stress_object(seL4_EndpointObject, 0);
    m.timeout_reply = stress_object(seL4_ReplyObject, 0);
    m.ready = stress_object(seL4_NotificationObject, 0);
    stress_make_thread(&timeout, 0, 200, timeout_main, NULL);
    root_round_robin(timeout.config.sc, 0, 1000);
    root_thread(&timeout.config, true);
    for (unsigned level = 0; level < LEVELS; level++) {
        for (unsigned i = 0; i < SERVERS; i++) {
            start_server(&m.server[level][i], level);
        }
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        start_client(&m.client[i]);
    }
}

static void disturb(void)
{
    struct client *c = &m.client[stress_below(CLIENTS)];
    struct server *s = &m.server[stress_below(LEVELS)][stress_below(SERVERS)];
    seL4_UserContext regs;

    switch (stress_below(5)) {
    case 0:
    case 1:
        if (stress.keel) {
            stress_configure(c->thread.config.sc, stress_below(stress.cores));
        }
        break;
    case 2:
        seL4_TCB_SetPriority(c->thread.config.tcb, ROOT_TCB, 50 + stress_below(100));
        break;
    case 3:
        seL4_TCB_SetPriority(s->thread.config.tcb, ROOT_TCB, 50 + stress_below(100));
        break;
    default:
        seL4_TCB_ReadRegisters(stress_one_in(2) ? c->thread.config.tcb : s->thread.config.tcb, 0, 0,
                               36, &regs);
        seL4_SchedContext_Consumed(c->thread.config.sc);
        break;
    }
}

static bool finished(void)
{
    bool all = true;

    for (unsigned i = 0; i < CLIENTS; i++) {
        if (m.client[i].error) {
            root_fail("client %u: %s", i, m.client[i].error);
        }
        all &= m.client[i].done;
    }
    for (unsigned i = 0; i < LEVELS * SERVERS; i++) {
        const struct server *s = &m.server[i / SERVERS][i % SERVERS];
        if (s->error) {
            root_fail("server %u: %s", i, s->error);
        }
    }
    return all;
}

void stress_messages(void)
{
    unsigned calls = 0;

    start_all();
    while (!finished()) {
        m.stop = stress_over();
        disturb();
        if (stress_one_in(3)) {
            stress_pause();
        }
        stress_watch("messages");
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        calls += m.client[i].calls;
    }
    for (unsigned level = 0; level < LEVELS; level++) {
        if (m.served[level] != calls) {
            root_fail("level %u served %u calls of %u", level, m.served[level], calls);
        }
    }
    root_print("stress: %u calls, %u timeouts\n", calls, m.expired);
}
