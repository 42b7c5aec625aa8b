/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a VM as a state machine without side effects: an event goes in, the action that the
 * manager has to take comes out.
 *
 *   defined -> starting -> running -> pausing -> paused
 *                 |         |  ^         | |       |  |
 *                 |         |  +---------|-+-------+  |
 *                 +------> stopping <----+------------+   -> stopped | failed | starting again
 */
#ifndef MANAGER_LIFECYCLE_H
#define MANAGER_LIFECYCLE_H

#include <stdbool.h>
#include <stdint.h>

enum life_state {
    LIFE_DEFINED,
    LIFE_STARTING,
    LIFE_RUNNING,
    LIFE_PAUSING, /* not all vCPUs have stopped yet */
    LIFE_PAUSED,
    LIFE_STOPPING,
    LIFE_STOPPED,
    LIFE_FAILED,
};

enum life_policy { LIFE_RESTART_NEVER, LIFE_RESTART_ON_FAILURE, LIFE_RESTART_ALWAYS };

enum life_event {
    LIFE_START,     /* someone wants it to run */
    LIFE_READY,     /* all its VMM threads wait for the guest */
    LIFE_POWER_OFF, /* the guest switched itself off */
    LIFE_RESET,     /* the guest wants to start anew */
    LIFE_FAULT,     /* building it failed, or its VMM failed or faulted */
    LIFE_STOP,      /* someone wants it stopped */
    LIFE_PAUSE,
    LIFE_HELD, /* all vCPUs have stopped */
    LIFE_RESUME,
    LIFE_GONE, /* tearing down is done */
};

enum life_action {
    LIFE_DO_NOTHING,
    LIFE_DO_BUILD,     /* then LIFE_READY will come, or report LIFE_FAULT */
    LIFE_DO_RUN,       /* let the boot vCPU run */
    LIFE_DO_TEAR_DOWN, /* then report LIFE_GONE */
    LIFE_DO_PAUSE,     /* then LIFE_HELD will come */
    LIFE_DO_RESUME,
};

/* No more than this many restarts of any cause within LIFE_WINDOW_S seconds. */
#define LIFE_BURST    5u
#define LIFE_WINDOW_S 60u

struct life {
    enum life_state state;
    enum life_policy policy;
    uint64_t tick_hz;
    uint64_t restart[LIFE_BURST]; /* when the last restarts were, a ring */
    uint64_t restarts;            /* how many there were */
    bool again;                   /* while stopping: start anew afterwards */
    bool failed;                  /* while stopping: ends as failed */
    bool limited;                 /* a restart was refused because of the rate limit */
};

void life_init(struct life *life, enum life_policy policy, uint64_t tick_hz);

/* now: system counter, in units of 1/tick_hz seconds. Events that make no sense in the current
 * state do nothing. */
enum life_action life_event(struct life *life, enum life_event event, uint64_t now);

/* The VM neither runs nor is going to by itself. */
bool life_over(const struct life *life);

const char *life_state_name(enum life_state state);

#endif
