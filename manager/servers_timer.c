/* SPDX-License-Identifier: BSD-2-Clause */
/* The timer server: on each core a thread that serves, one that makes alarms and one that idles. */
#include <bulkhead/schedule.h>

#include "fault.h"
#include "log.h"
#include "servers.h"
#include "servers_private.h"

#define PRIORITY      254u
#define IDLE_PRIORITY 0u
#define IDLE_SLICE_US UINT64_C(3600000000) /* an hour */
#define BUDGET_US     5000u
#define PERIOD_US     10000u
#define NODE_BITS     11u

static struct {
    struct realm realm;
    struct domain domain;
    seL4_CPtr endpoint[BH_MAX_CORES];
} timer;

static unsigned timer_slot(unsigned core, unsigned slot)
{
    return BH_TIMER_SLOT_CORE_BASE + core * BH_TIMER_CORE_STRIDE + slot;
}

/* A thread without stack and IPC buffer; the server sets its registers. */
static bool add_small_thread(unsigned slot, unsigned priority, seL4_CPtr sc, seL4_CPtr fault_ep)
{
    struct domain *domain = &timer.domain;
    seL4_CPtr tcb = realm_simple(&timer.realm, seL4_TCBObject);
    seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - domain->cnode_bits).words[0];

    return tcb != 0 && sc != 0 &&
           log_ok(
               "configuring a thread of the timer",
               seL4_TCB_Configure(tcb, domain->cnode, guard, domain->vspace, 0, 0, seL4_CapNull)) &&
           log_ok("scheduling a thread of the timer",
                  seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 0, priority, sc, fault_ep)) &&
           domain_give(domain, slot, tcb, seL4_AllRights, 0);
}

static bool add_alarm(unsigned core, seL4_CPtr control, seL4_CPtr fault_ep)
{
    struct domain *domain = &timer.domain;
    seL4_CPtr sc = servers_sc(&timer.realm, control, BUDGET_US, PERIOD_US);

    return add_small_thread(timer_slot(core, BH_TIMER_ALARM_TCB), PRIORITY, sc, fault_ep) &&
           domain_give(domain, timer_slot(core, BH_TIMER_ALARM_SC), sc, seL4_AllRights, 0) &&
           domain_give(domain, timer_slot(core, BH_TIMER_SCHEDCONTROL), control, seL4_AllRights, 0);
}

/* For every client whose call is put off, and for the next one. */
static bool give_replies(unsigned core)
{
    for (unsigned i = 0; i <= BH_TIMER_MAX_CLIENTS; i++) {
        seL4_CPtr reply = realm_simple(&timer.realm, seL4_ReplyObject);

        if (reply == 0 || !domain_give(&timer.domain, timer_slot(core, BH_TIMER_REPLY_BASE + i),
                                       reply, seL4_AllRights, 0)) {
            return false;
        }
    }
    return true;
}

/*
 * A thread that waits for interrupts when nothing else wants to run. The kernel's own idle thread
 * has a time slice of some milliseconds, at whose end its core enters the kernel only to begin
 * another one, and takes its turn at the kernel's lock for that.
 */
static bool add_idle(unsigned core, seL4_CPtr control, seL4_CPtr fault_ep)
{
    seL4_CPtr sc = servers_sc(&timer.realm, control, IDLE_SLICE_US, IDLE_SLICE_US);

    return add_small_thread(timer_slot(core, BH_TIMER_IDLE_TCB), IDLE_PRIORITY, sc, fault_ep);
}

static bool give_core(unsigned core, seL4_CPtr notification)
{
    struct domain *domain = &timer.domain;

    timer.endpoint[core] = realm_simple(&timer.realm, seL4_EndpointObject);
    return timer.endpoint[core] != 0 && give_replies(core) &&
           domain_give(domain, timer_slot(core, BH_TIMER_EP), timer.endpoint[core], seL4_CanRead,
                       0) &&
           domain_give(domain, timer_slot(core, BH_TIMER_NTFN), notification, seL4_CanRead, 0) &&
           domain_give(domain, timer_slot(core, BH_TIMER_NTFN_ALARM), notification, seL4_CanWrite,
                       BH_TIMER_EVENT_ALARM) &&
           domain_give(domain, timer_slot(core, BH_TIMER_READY), event_notification(),
                       seL4_CanWrite, EVENT_TIMER_READY);
}

static bool wait_for_timer(unsigned core)
{
    struct event event;
    uint64_t others = 0;

    do {
        event_wait(&event);
        if (!event_is_signal(&event)) {
            log_line("the timer server failed on core %u", core);
            return false;
        }
        log_flush();
        others |= event.badge & ~EVENT_TIMER_READY;
    } while (!(event.badge & EVENT_TIMER_READY));
    event_keep(others); /* the console does not tell of keys twice */
    return true;
}

/*
 * Start the thread of a core and wait until it serves. It keeps a scheduling context of its own: on
 * its callers' it would stand still, for all others, while a caller's budget is used up, and for
 * ever once a caller's VM is destroyed.
 */
static bool start_core(unsigned core, seL4_CPtr control)
{
    struct domain *domain = &timer.domain;
    seL4_CPtr notification = realm_simple(&timer.realm, seL4_NotificationObject);
    struct domain_thread thread = {
        .priority = PRIORITY,
        .sc = servers_sc(&timer.realm, control, BUDGET_US, PERIOD_US),
        .fault_ep = servers_fault_endpoint(&timer.realm, EVENT_TIMER_SERVER, core),
    };

    return notification != 0 && thread.sc != 0 && thread.fault_ep != 0 &&
           domain_thread(domain, &thread) &&
           log_ok("binding a notification",
                  seL4_TCB_BindNotification(domain->tcb[core], notification)) &&
           give_core(core, notification) && add_alarm(core, control, thread.fault_ep) &&
           add_idle(core, control, thread.fault_ep) && domain_run(domain, core) &&
           wait_for_timer(core);
}

bool servers_start_timer(const seL4_BootInfo *info, const struct board *board)
{
    unsigned cores = (unsigned)(info->schedcontrol.end - info->schedcontrol.start);
    struct domain *domain = &timer.domain;

    if (!realm_create(&timer.realm, NODE_BITS) ||
        !domain_create(domain, &timer.realm, BH_PROGRAM_TIMER, "timer", BH_TIMER_CNODE_BITS)) {
        return false;
    }
    servers_fill_start(&domain->start, board, "timer");
    domain->start.timer.cores = cores;
    for (unsigned i = 0; i < BH_MAX_CORES; i++) {
        domain->start.thread[i].ipc_buffer = DOMAIN_IPC_BUFFERS + (uint64_t)i * BH_ARCHIVE_ALIGN;
    }
    domain->start.threads = cores;
    if (!domain_seal(domain)) {
        return false;
    }
    for (unsigned core = 0; core < cores; core++) {
        if (!start_core(core, info->schedcontrol.start + core)) {
            return false;
        }
    }
    return true;
}

bool servers_connect_timer(unsigned core, unsigned client, struct domain *vmm, unsigned slot,
                           seL4_CPtr notification)
{
    return domain_give(vmm, slot, timer.endpoint[core], seL4_CapRights_new(1, 0, 0, 1),
                       BH_TIMER_CLIENT_BADGE | client) &&
           domain_give(&timer.domain, timer_slot(core, BH_TIMER_CLIENT_BASE + client), notification,
                       seL4_CanWrite, BH_VMM_EVENT_TIMER);
}

bool servers_timer_is(seL4_CPtr vspace)
{
    return vspace == timer.domain.vspace;
}

void servers_report_timer_fault(const struct event *fault)
{
    unsigned core = event_thread(fault);

    fault_report("timer", timer.domain.tcb[core % BH_MAX_CORES], fault);
    log_line("the timer server of core %u has failed", core);
}
