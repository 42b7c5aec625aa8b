/* SPDX-License-Identifier: BSD-2-Clause */
#include "lifecycle.h"

void life_init(struct life *life, enum life_policy policy, uint64_t tick_hz)
{
    *life = (struct life){.state = LIFE_DEFINED, .policy = policy, .tick_hz = tick_hz};
}

/* Count a restart; false if there were too many lately. */
static bool restart_allowed(struct life *life, uint64_t now)
{
    uint64_t *oldest = &life->restart[life->restarts % LIFE_BURST];

    if (life->restarts >= LIFE_BURST && now - *oldest < LIFE_WINDOW_S * life->tick_hz) {
        life->limited = true;
        return false;
    }
    *oldest = now;
    life->restarts++;
    return true;
}

static enum life_action stop(struct life *life, bool again, bool failed, uint64_t now)
{
    life->state = LIFE_STOPPING;
    life->again = again && restart_allowed(life, now);
    life->failed = failed || (again && !life->again);
    return LIFE_DO_TEAR_DOWN;
}

static bool alive(const struct life *life)
{
    return life->state == LIFE_STARTING || life->state == LIFE_RUNNING ||
           life->state == LIFE_PAUSING || life->state == LIFE_PAUSED;
}

static enum life_action gone(struct life *life)
{
    if (life->state != LIFE_STOPPING) {
        return LIFE_DO_NOTHING;
    }
    if (life->again) {
        life->state = LIFE_STARTING;
        return LIFE_DO_BUILD;
    }
    life->state = life->failed ? LIFE_FAILED : LIFE_STOPPED;
    return LIFE_DO_NOTHING;
}

static enum life_action move(struct life *life, enum life_state from, enum life_state to,
                             enum life_action action)
{
    if (life->state != from) {
        return LIFE_DO_NOTHING;
    }
    life->state = to;
    return action;
}

enum life_action life_event(struct life *life, enum life_event event, uint64_t now)
{
    switch (event) {
    case LIFE_START:
        if (!life_over(life) && life->state != LIFE_DEFINED) {
            return LIFE_DO_NOTHING;
        }
        life->limited = false;
        life->state = LIFE_STARTING;
        return LIFE_DO_BUILD;
    case LIFE_READY:
        return move(life, LIFE_STARTING, LIFE_RUNNING, LIFE_DO_RUN);
    case LIFE_PAUSE:
        return move(life, LIFE_RUNNING, LIFE_PAUSING, LIFE_DO_PAUSE);
    case LIFE_HELD:
        return move(life, LIFE_PAUSING, LIFE_PAUSED, LIFE_DO_NOTHING);
    case LIFE_RESUME:
        return move(life, life->state == LIFE_PAUSING ? LIFE_PAUSING : LIFE_PAUSED, LIFE_RUNNING,
                    LIFE_DO_RESUME);
    case LIFE_GONE:
        return gone(life);
    case LIFE_POWER_OFF:
    case LIFE_RESET:
    case LIFE_FAULT:
    case LIFE_STOP:
        break;
    }
    if (!alive(life)) {
        return LIFE_DO_NOTHING;
    }
    switch (event) {
    case LIFE_POWER_OFF:
        return stop(life, life->policy == LIFE_RESTART_ALWAYS, false, now);
    case LIFE_RESET:
        return stop(life, true, false, now);
    case LIFE_FAULT:
        return stop(life, life->policy != LIFE_RESTART_NEVER, true, now);
    default:
        return stop(life, false, false, now);
    }
}

bool life_over(const struct life *life)
{
    return life->state == LIFE_STOPPED || life->state == LIFE_FAILED;
}

const char *life_state_name(enum life_state state)
{
    static const char *const name[] = {
        [LIFE_DEFINED] = "defined", [LIFE_STARTING] = "starting", [LIFE_RUNNING] = "running",
        [LIFE_PAUSING] = "pausing", [LIFE_PAUSED] = "paused",     [LIFE_STOPPING] = "stopping",
        [LIFE_STOPPED] = "stopped", [LIFE_FAILED] = "failed",
    };

    return name[state];
}
