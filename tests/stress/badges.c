/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Senders queue on an endpoint through badged capabilities. When a badge has been revoked and its
 * sends cancelled, no message with it may arrive any more.
 */
#include "stress.h"

#define SENDERS 10
#define BADGES  3

struct sender {
    struct stress_thread thread;
    seL4_CPtr cap; /* comes and goes */
    volatile unsigned sent;
};

static struct {
    seL4_CPtr endpoint;
    seL4_CPtr origin[BADGES];
    struct sender sender[SENDERS];
    unsigned received;
} b;

static void sender_main(void *arg)
{
    struct sender *s = arg;

    for (;;) {
        seL4_Send(s->cap, seL4_MessageInfo_new(0, 0, 0, s->sent % 4));
        s->sent++;
    }
}

static void mint(unsigned badge)
{
    root_check(seL4_CNode_Mint(ROOT_CNODE, b.origin[badge], 64, ROOT_CNODE, b.endpoint, 64,
                               seL4_AllRights, badge + 1),
               "mint a badge");
    for (unsigned i = badge; i < SENDERS; i += BADGES) {
        root_check(seL4_CNode_Copy(ROOT_CNODE, b.sender[i].cap, 64, ROOT_CNODE, b.origin[badge], 64,
                                   seL4_AllRights),
                   "copy a badge");
    }
}

/* Takes what is queued; nothing with the badge `gone` may be among it. */
static void drain(seL4_CPtr reply, seL4_Word gone)
{
    for (unsigned i = 0; i < 2 * SENDERS; i++) {
        seL4_Word badge;
        seL4_NBRecv(b.endpoint, &badge, reply);
        if (badge == 0) {
            return;
        }
        b.received++;
        if (badge > BADGES || badge == gone) {
            root_fail("message with badge %lu, %lu was revoked", (unsigned long)badge,
                      (unsigned long)gone);
        }
    }
}

void stress_badges(void)
{
    seL4_CPtr reply = stress_object(seL4_ReplyObject, 0);

    b.endpoint = stress_object(seL4_EndpointObject, 0);
    for (unsigned i = 0; i < BADGES; i++) {
        b.origin[i] = root_slots(1);
    }
    for (unsigned i = 0; i < SENDERS; i++) {
        struct sender *s = &b.sender[i];
        s->cap = root_slots(1);
        stress_make_thread(&s->thread, stress_below(stress.cores), 50 + stress_below(100),
                           sender_main, s);
    }
    for (unsigned i = 0; i < BADGES; i++) {
        mint(i);
    }
    for (unsigned i = 0; i < SENDERS; i++) {
        root_thread(&b.sender[i].thread.config, true);
    }
    while (!stress_over()) {
        unsigned badge = stress_below(BADGES);
        if (stress_one_in(2)) {
            stress_pause();
        }
        root_check(seL4_CNode_Revoke(ROOT_CNODE, b.origin[badge], 64), "revoke a badge");
        root_check(seL4_CNode_CancelBadgedSends(ROOT_CNODE, b.origin[badge], 64), "cancel");
        drain(reply, badge + 1);
        stress_configure(b.sender[stress_below(SENDERS)].thread.config.sc,
                         stress_below(stress.cores));
        root_check(seL4_CNode_Delete(ROOT_CNODE, b.origin[badge], 64), "delete a badge");
        mint(badge);
        stress_watch("badges");
    }
    root_print("stress: %u messages\n", b.received);
}
