/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's entry points: system calls, faults, interrupts. */
#include <sel4/abi/syscalls.h>

#include "arch.h"
#include "ipc.h"
#include "sched.h"

/* --- invocations --- */

/* These are not for the first phase of a combined call. */
#define WHOLE_CALLS_ONLY                                                                           \
    (BIT(CAP_CNODE) | BIT(CAP_THREAD) | BIT(CAP_DOMAIN) | BIT(CAP_SCHED_CONTEXT) |                 \
     BIT(CAP_SCHED_CONTROL))

static enum status decode(struct invocation *inv)
{
    if (inv->how.first_phase && (BIT(cap_type(inv->cap)) & WHOLE_CALLS_ONLY) != 0)
        return inv_fail1(inv, seL4_InvalidCapability, 0);
    switch (cap_type(inv->cap)) {
    case CAP_NULL:
    case CAP_ZOMBIE:
        return inv_fail1(inv, seL4_InvalidCapability, 0);
    case CAP_UNTYPED:
        return untyped_decode(inv);
    case CAP_IRQ_CONTROL:
        return irq_control_decode(inv);
    case CAP_IRQ_HANDLER:
        return irq_handler_decode(inv);
    case CAP_CNODE:
        return cnode_decode(inv);
    case CAP_THREAD:
        return tcb_decode(inv);
    case CAP_DOMAIN:
        return domain_decode(inv);
    case CAP_SCHED_CONTEXT:
        return sched_context_decode(inv);
    case CAP_SCHED_CONTROL:
        return sched_control_decode(inv);
    default:
        return arch_decode(inv);
    }
}

/*
 * An object of the kernel's. While it is invoked the caller counts as restarting, so that it
 * repeats the call if it is preempted, or stopped by what it asked for.
 */
static __attribute__((noinline)) void invoke_object(struct cpu *cpu, struct slot *slot, word info,
                                                    struct send how,
                                                    struct slot *const extra[seL4_MsgMaxExtraCaps],
                                                    unsigned caps)
{
    struct tcb *t = cpu->current;
    struct invocation inv = {.cpu = cpu,
                             .caller = t,
                             .slot = slot,
                             .cap = slot->cap,
                             .label = info_label(info),
                             .length = info_length(info),
                             .caps = caps,
                             .how = how};

    inv.buffer = message_buffer(t, &inv.length);
    for (unsigned i = 0; i < caps; i++)
        inv.extra[i] = extra[i];
    t->state = THREAD_RESTART;
    enum status status = decode(&inv);
    if (status == STATUS_PREEMPTED || t->state != THREAD_RESTART)
        return;
    t->state = THREAD_RUNNING;
    if (how.call && status != STATUS_NO_REPLY)
        inv_answer(&inv, status == STATUS_ERROR ? inv.error : seL4_NoError);
}

/* Resolves the capabilities sent along. False if one does not: that is a fault, or silence. */
static bool extra_caps(struct tcb *t, word info, bool block,
                       struct slot *extra[seL4_MsgMaxExtraCaps], unsigned *caps)
{
    struct lookup_failure failure;

    *caps = 0;
    if (likely(info_caps(info) == 0))
        return true;
    const seL4_IPCBuffer *buffer = arch_ipc_buffer(t, false);
    if (!buffer)
        return true;
    *caps = message_caps(t, buffer, info_caps(info), extra, &failure);
    if (likely(*caps == info_caps(info)))
        return true;
    if (block)
        fault_cap(t, buffer->caps_or_badges[*caps], false, &failure);
    return false;
}

static __attribute__((noinline)) void invalid_capability(struct tcb *t)
{
    struct invocation inv = {.caller = t};

    inv_fail1(&inv, seL4_InvalidCapability, 0);
    inv_answer(&inv, seL4_InvalidCapability);
}

static __attribute__((noinline)) void invoke(struct cpu *cpu, word capptr, struct send how)
{
    struct tcb *t = cpu->current;
    word info = arch_get_reg(t, REG_INFO);
    struct lookup_failure failure;
    struct slot *slot = lookup_cap(t, capptr, &failure);
    struct slot *extra[seL4_MsgMaxExtraCaps];
    unsigned caps;

    if (unlikely(!slot)) {
        if (how.block)
            fault_cap(t, capptr, false, &failure);
        return;
    }
    if (unlikely(!extra_caps(t, info, how.block, extra, &caps)))
        return;

    struct cap cap = slot->cap;
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
        if (!(cap_rights(cap) & SEL4_RIGHT_WRITE))
            break;
        endpoint_send(t, cap, how);
        return;
    case CAP_NOTIFICATION:
        if (!(cap_rights(cap) & SEL4_RIGHT_WRITE))
            break;
        notification_signal(cap_object(cap), cap.data);
        if (how.call)
            message_head(t, 0, 0);
        return;
    case CAP_REPLY:
        reply_transfer(t, cap_object(cap), cap_rights(cap) & SEL4_RIGHT_GRANT);
        if (how.call)
            message_head(t, 0, 0);
        return;
    default:
        invoke_object(cpu, slot, info, how, extra, caps);
        return;
    }
    if (how.call)
        invalid_capability(t);
}

/* --- receiving --- */

static void receive_missing(struct tcb *t, word capptr)
{
    fault_cap(t, capptr, true, &(struct lookup_failure){2, {seL4_MissingCapability, 0}});
}

/* Resolves the reply operand; NULL after a fault. */
static struct reply *reply_operand(struct tcb *t)
{
    struct lookup_failure failure;
    word capptr = arch_get_reg(t, REG_REPLY);
    struct slot *slot = lookup_cap(t, capptr, &failure);

    if (!slot) {
        fault_cap(t, capptr, true, &failure);
        return NULL;
    }
    if (!cap_is(slot->cap, CAP_REPLY)) {
        receive_missing(t, capptr);
        return NULL;
    }
    return cap_object(slot->cap);
}

static void receive(struct tcb *t, word capptr, bool block, bool with_reply)
{
    struct lookup_failure failure;
    struct reply *reply = NULL;
    struct slot *slot = lookup_cap(t, capptr, &failure);

    if (unlikely(!slot)) {
        fault_cap(t, capptr, true, &failure);
        return;
    }
    struct cap cap = slot->cap;
    if (cap_is(cap, CAP_ENDPOINT) && (cap_rights(cap) & SEL4_RIGHT_READ)) {
        if (with_reply) {
            reply = reply_operand(t);
            if (!reply)
                return;
        }
        endpoint_receive(t, cap_object(cap), block, reply);
        return;
    }
    if (cap_is(cap, CAP_NOTIFICATION) && (cap_rights(cap) & SEL4_RIGHT_READ)) {
        struct notification *ntfn = cap_object(cap);
        if (!ntfn->bound_tcb || ntfn->bound_tcb == t) {
            notification_receive(t, ntfn, block);
            return;
        }
    }
    receive_missing(t, capptr);
}

/* --- system calls --- */

static const struct send how_send = {.block = true};
static const struct send how_nb_send = {.block = false};
static const struct send how_call = {.block = true, .call = true, .donate = true};
static const struct send how_first_phase = {.donate = true, .first_phase = true};

/* Invokes `dest`, then receives from `src`: the combined calls. */
static __attribute__((noinline)) void send_receive(struct cpu *cpu, word dest, word src,
                                                   bool with_reply)
{
    struct tcb *t = cpu->current;

    invoke(cpu, dest, how_first_phase);
    if (t->state == THREAD_RUNNING)
        receive(t, src, true, with_reply);
    /* It may have given its scheduling context away and got another, perhaps of another core. */
    if (t->state == THREAD_RUNNING && t->sc != cpu->sc)
        sched_wake(t);
}

static void send_fault(struct tcb *t, enum seL4_Fault_tag type, word data0, word data1, word data2)
{
    t->fault.type = type;
    t->fault.data[0] = data0;
    t->fault.data[1] = data1;
    t->fault.data[2] = data2;
    fault_handle(t);
}

/* True if the fault has been delivered the fast way, with scheduling. */
static bool unknown_syscall(struct cpu *cpu, word number)
{
    if (kernel_fault_fast(cpu, seL4_Fault_UnknownSyscall, number, 0, 0))
        return true;
    send_fault(cpu->current, seL4_Fault_UnknownSyscall, number, 0, 0);
    return false;
}

/* Accounts for the time since the last entry. False if the thread has to wait for budget. */
static bool enter(struct cpu *cpu)
{
    sched_update_time(cpu, arch_time());
    if (likely(sched_budget_ok(cpu)))
        return true;
    cpu->current->state = THREAD_RESTART;
    sched_end_slice(cpu, true);
    sched_finish(cpu);
    return false;
}

void kernel_syscall(struct cpu *cpu, word number)
{
    struct tcb *t = cpu->current;

    if (!enter(cpu))
        return;
    word operand = arch_get_reg(t, REG_CAP);
    if (number == (word)seL4_SysCall) { /* most frequent: before the table that the others become */
        invoke(cpu, operand, how_call);
        sched_finish(cpu);
        return;
    }
    switch ((int64_t)number) {
    case seL4_SysReplyRecv:
        if (reply_receive_rare(cpu))
            return;
        send_receive(cpu, arch_get_reg(t, REG_REPLY), operand, true);
        break;
    case seL4_SysNBSendRecv:
        send_receive(cpu, arch_get_reg(t, REG_DEST), operand, true);
        break;
    case seL4_SysNBSendWait:
        send_receive(cpu, arch_get_reg(t, REG_REPLY), operand, false);
        break;
    case seL4_SysSend:
        invoke(cpu, operand, how_send);
        break;
    case seL4_SysNBSend:
        invoke(cpu, operand, how_nb_send);
        break;
    case seL4_SysRecv:
        receive(t, operand, true, true);
        break;
    case seL4_SysNBRecv:
        receive(t, operand, false, true);
        break;
    case seL4_SysWait:
        receive(t, operand, true, false);
        break;
    case seL4_SysNBWait:
        receive(t, operand, false, false);
        break;
    case seL4_SysYield:
        sched_give_up(cpu);
        break;
    default:
        if (unknown_syscall(cpu, number))
            return;
        break;
    }
    sched_finish(cpu);
}

void kernel_fault(struct cpu *cpu, enum seL4_Fault_tag type, word data0, word data1, word data2)
{
    if (!enter(cpu))
        return;
    send_fault(cpu->current, type, data0, data1, data2);
    sched_finish(cpu);
}

bool kernel_event(struct cpu *cpu, enum seL4_Fault_tag type, word data0)
{
    struct tcb *t = cpu->current;

    sched_update_time(cpu, arch_time());
    bool take = t != cpu->idle && !thread_stopped(t) && sched_budget_ok(cpu);
    if (take) {
        if (kernel_fault_fast(cpu, type, data0, 0, 0))
            return true;
        send_fault(t, type, data0, 0, 0);
    } else if (!sched_budget_ok(cpu)) {
        sched_end_slice(cpu, true);
    }
    sched_finish(cpu);
    return take;
}

/* An interrupt is handled even if the thread it came to has no budget left. */
static void enter_anyway(struct cpu *cpu)
{
    sched_update_time(cpu, arch_time());
    if (unlikely(!sched_budget_ok(cpu)))
        sched_end_slice(cpu, true);
}

void kernel_interrupt(struct cpu *cpu, unsigned irq)
{
    enter_anyway(cpu);
    irq_raise(irq);
    sched_finish(cpu);
}

void kernel_tick(struct cpu *cpu)
{
    enter_anyway(cpu);
    cpu->reprogram = true;
    sched_finish(cpu);
}
