/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: life and state. Their invocations are in tcb_invoke.c. */
#include "arch.h"
#include "ipc.h"
#include "sched.h"

void tcb_init(struct tcb *t)
{
    t->state = THREAD_INACTIVE;
    t->core = this_cpu()->core;
    arch_tcb_init(t);
}

void tcb_suspend(struct tcb *t)
{
    thread_stall(t);
    ipc_cancel(t);
    t->fault.type = seL4_Fault_NullFault;
    /* One that was stopped in the middle goes on there; a caller repeats its call. */
    if (t->state == THREAD_RUNNING)
        arch_commit_pc(t);
    t->state = THREAD_INACTIVE;
    sched_dequeue(t);
    sc_cancel_yield(t);
}

void tcb_restart(struct tcb *t)
{
    if (!thread_stopped(t) || t->state == THREAD_IDLE)
        return;
    ipc_cancel(t);
    t->fault.type = seL4_Fault_NullFault;
    t->state = THREAD_RESTART;
    sched_wake(t);
}
